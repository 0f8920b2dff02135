import type { Fault, FaultKindRule } from '../support/faults';
import { forbidden, html, refusal, unauthorized, type Answer } from './answer';

/** The kinds of fault that can be asked for; docs/simulators.md tells what each does. */
export const FAULT_KINDS = [
  'slow',
  'http500',
  'html-502',
  'html-200',
  'html-404',
  'rate-limit',
  'unauthorized',
  'forbidden',
  'drop',
  'cut',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export const FAULT_RULES: Readonly<Record<FaultKind, FaultKindRule>> = {
  slow: { moment: 'delay' },
  http500: { moment: 'before' },
  'html-502': { moment: 'before' },
  'html-200': { moment: 'before' },
  'html-404': { moment: 'before' },
  'rate-limit': { moment: 'before' },
  unauthorized: { moment: 'before' },
  forbidden: { moment: 'before' },
  drop: { moment: 'before' },
  cut: { moment: 'after' },
};

const DEFAULT_DELAY_MS = 1000;
export const delayOf = (fault: Fault<FaultKind>): number => fault.delayMs ?? DEFAULT_DELAY_MS;

/** The answer in place of the real one; null where there is none. */
export function faultAnswer(fault: Fault<FaultKind>): Answer | null {
  switch (fault.kind) {
    case 'http500':
      return refusal(fault.status ?? 500, 'unknown_error');
    case 'html-502':
      return html(fault.status ?? 502, 'Bad Gateway', retryAfter(fault));
    case 'html-200':
      return html(200, 'Sign in');
    case 'html-404':
      return html(404, 'Not Found');
    case 'rate-limit':
      return html(fault.status ?? 429, 'Too Many Requests', retryAfter(fault));
    case 'unauthorized':
      return unauthorized();
    case 'forbidden':
      return forbidden();
    case 'slow':
    case 'drop':
    case 'cut':
      return null;
  }
}

function retryAfter({ retryAfter: wait }: Fault<FaultKind>): Answer['headers'] {
  return wait === undefined ? {} : { 'Retry-After': String(wait) };
}
