import type { Fault, FaultKindRule } from '../support/faults';
import { graphError, html, type Answer } from './answer';

/** The kinds of fault that can be asked for; docs/simulators.md tells what each does. */
export const FAULT_KINDS = [
  'slow',
  'http500',
  'http503',
  'html-502',
  'html-200',
  'rate-limit',
  'unauthorized',
  'forbidden',
  'drop',
  'cut',
  'expire-tokens',
  'expire-page',
  'empty-page',
  'repeat-page',
  'lost-page',
  'endless-page',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** `meanwhile` kinds change what a page holds or where its link leads. */
export const FAULT_RULES: Readonly<Record<FaultKind, FaultKindRule>> = {
  slow: { moment: 'delay' },
  http500: { moment: 'before' },
  http503: { moment: 'before' },
  'html-502': { moment: 'before' },
  'html-200': { moment: 'before' },
  'rate-limit': { moment: 'before' },
  unauthorized: { moment: 'before' },
  forbidden: { moment: 'before' },
  drop: { moment: 'before' },
  cut: { moment: 'after' },
  'expire-tokens': { moment: 'before' },
  'expire-page': { moment: 'before' },
  'empty-page': { moment: 'meanwhile' },
  'repeat-page': { moment: 'meanwhile' },
  'lost-page': { moment: 'meanwhile' },
  'endless-page': { moment: 'meanwhile' },
};

const DEFAULT_DELAY_MS = 1_000;
const DEFAULT_RETRY_AFTER = 1;
export const delayOf = (fault: Fault<FaultKind>): number => fault.delayMs ?? DEFAULT_DELAY_MS;

/** The answer in place of the real one; null where there is none. */
export function faultAnswer(fault: Fault<FaultKind>): Answer | null {
  const wait = { 'Retry-After': String(fault.retryAfter ?? DEFAULT_RETRY_AFTER) };
  switch (fault.kind) {
    case 'http500':
      return graphError(fault.status ?? 500, 'generalException');
    case 'http503':
      return graphError(503, 'serviceNotAvailable', fault.retryAfter === undefined ? {} : wait);
    case 'html-502':
      return html(502, 'Bad Gateway');
    case 'html-200':
      return html(200, 'Sign in');
    case 'rate-limit':
      return graphError(fault.status ?? 429, 'TooManyRequests', wait);
    case 'unauthorized':
    case 'expire-tokens':
      return graphError(401, 'InvalidAuthenticationToken');
    case 'expire-page':
      return graphError(400, 'Directory_ExpiredPageToken');
    case 'forbidden':
      return graphError(403, 'Authorization_RequestDenied');
    default:
      return null;
  }
}
