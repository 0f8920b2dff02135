import type { Fault, FaultKindRule } from '../support/faults';
import { html, type Answer, type Spoiled } from '../support/answer';
import type { PageFault } from '../support/pages';
import { accessDenied, invalid, invalidToken, refusal } from './answer';

/** The kinds of fault that can be asked for; docs/simulators.md tells what each does. */
export const FAULT_KINDS = [
  'slow',
  'http500',
  'html-502',
  'html-200',
  'html-404',
  'rate-limit',
  'concurrency',
  'unauthorized',
  'forbidden',
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
  'rate-limit': { moment: 'before' },
  concurrency: { moment: 'before' },
  unauthorized: { moment: 'before' },
  forbidden: { moment: 'before' },
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

/** Seconds until the window ends that a simulated 429 names. */
const DEFAULT_RESET_SECONDS = 30;

/** A refusal for too many requests, with the headers that the limiter would send. */
export type TooMany = (kind: 'window' | 'concurrency', resetSeconds: number) => Answer;

/** The answer in place of the real one; null where there is none. */
export function faultAnswer(fault: Fault<FaultKind>, tooMany: TooMany): Answer | null {
  switch (fault.kind) {
    case 'http500':
      return refusal(fault.status ?? 500, 'E0000009', 'Internal Server Error');
    case 'html-502':
      return html(fault.status ?? 502, 'Bad Gateway');
    case 'html-200':
      return html(200, 'Sign in');
    case 'html-404':
      return html(404, 'Not Found');
    case 'rate-limit':
      return tooMany('window', Number(fault.retryAfter ?? DEFAULT_RESET_SECONDS));
    case 'concurrency':
      return tooMany('concurrency', Number(fault.retryAfter ?? DEFAULT_RESET_SECONDS));
    case 'unauthorized':
      return invalidToken();
    case 'forbidden':
      return accessDenied();
    case 'expired-cursor':
      return invalid('after', 'after: The cursor is not valid');
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
