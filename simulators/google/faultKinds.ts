import { html, type Answer, type Spoiled } from '../support/answer';
import type { Fault, FaultKindRule } from '../support/faults';
import type { PageFault } from '../support/pages';
import { apiDisabled, forbidden, invalidInput, quota, refusal, tooMany, unauthenticated, userRate } from './answers';

/** The kinds of fault that can be asked for; docs/simulators.md tells what each does. */
export const FAULT_KINDS = [
  'slow',
  'http500',
  'html-502',
  'html-200',
  'html-404',
  'user-rate',
  'quota',
  'rate-limit',
  'unauthorized',
  'forbidden',
  'api-disabled',
  'expired-cursor',
  'drop',
  'empty-page',
  'repeated-page',
  'lost-page',
  'lost-rest',
  'cut',
  'slow-body',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export const FAULT_RULES: Readonly<Record<FaultKind, FaultKindRule>> = {
  slow: { moment: 'delay' },
  http500: { moment: 'before' },
  'html-502': { moment: 'before' },
  'html-200': { moment: 'before' },
  'html-404': { moment: 'before' },
  'user-rate': { moment: 'before' },
  quota: { moment: 'before' },
  'rate-limit': { moment: 'before' },
  unauthorized: { moment: 'before' },
  forbidden: { moment: 'before' },
  'api-disabled': { moment: 'before' },
  'expired-cursor': { moment: 'before' },
  drop: { moment: 'before' },
  'empty-page': { moment: 'meanwhile' },
  'repeated-page': { moment: 'meanwhile' },
  'lost-page': { moment: 'meanwhile' },
  'lost-rest': { moment: 'meanwhile' },
  cut: { moment: 'after' },
  'slow-body': { moment: 'after' },
};

const DEFAULT_DELAY_MS = 1000;
export const delayOf = (fault: Fault<FaultKind>): number => fault.delayMs ?? DEFAULT_DELAY_MS;

/** What a fault does to the answer of what was asked. */
export function spoiledBy(fault: Fault<FaultKind> | undefined): Spoiled | undefined {
  if (fault === undefined) return undefined;
  return fault.kind === 'slow-body' ? delayOf(fault) : 'cut';
}

/** The answer in place of the real one; null where there is none. */
export function faultAnswer(fault: Fault<FaultKind>): Answer | null {
  switch (fault.kind) {
    case 'http500':
      return refusal(fault.status ?? 500, 'backendError', 'Backend Error');
    case 'html-502':
      return html(fault.status ?? 502, 'Bad Gateway');
    case 'html-200':
      return html(200, 'Sign in');
    case 'html-404':
      return html(404, 'Not Found');
    case 'user-rate':
      return userRate();
    case 'quota':
      return quota();
    case 'rate-limit':
      return tooMany();
    case 'unauthorized':
      return unauthenticated();
    case 'forbidden':
      return forbidden();
    case 'api-disabled':
      return apiDisabled();
    case 'expired-cursor':
      return invalidInput('pageToken');
    default:
      return null;
  }
}

export function pageFaultOf(fault: Fault<FaultKind> | undefined): PageFault | null {
  switch (fault?.kind) {
    case 'empty-page':
    case 'repeated-page':
    case 'lost-page':
    case 'lost-rest':
      return fault.kind;
    default:
      return null;
  }
}
