import type { Fault, FaultKindRule } from '../../support/faults';
import { empty, errors, html, type Answer } from './answer';
import { authenticationFailed } from './authenticate';
import { proxyErrorPage, RATE_LIMIT_PAGE } from './html';
import { message, type Locale } from '../messages';

/** The kinds of fault that can be asked for; docs/simulators.md tells what each does. */
export const FAULT_KINDS = [
  'slow',
  'http500-before',
  'http500-after',
  'drop-before',
  'drop-after',
  'hang-after',
  'created-but-500',
  'rate-limit',
  'html-502',
  'unauthorized',
  'empty-200',
  'read-only-directory',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** Writes that go to a user directory. Properties and sessions are kept by Jira itself. */
const DIRECTORY_WRITES = new Set([
  'POST /user',
  'PUT /user',
  'DELETE /user',
  'PUT /user/password',
  'POST /user/application',
  'DELETE /user/application',
  'POST /group',
  'DELETE /group',
  'POST /group/user',
  'DELETE /group/user',
]);

export const FAULT_RULES: Readonly<Record<FaultKind, FaultKindRule>> = {
  slow: { moment: 'delay' },
  'http500-before': { moment: 'before' },
  'http500-after': { moment: 'after', writesOnly: true },
  'drop-before': { moment: 'before' },
  'drop-after': { moment: 'after', writesOnly: true },
  'hang-after': { moment: 'after', writesOnly: true },
  'created-but-500': { moment: 'after', endpoints: new Set(['POST /user']) },
  'rate-limit': { moment: 'before' },
  'html-502': { moment: 'before' },
  unauthorized: { moment: 'before' },
  'empty-200': { moment: 'before' },
  'read-only-directory': { moment: 'before', endpoints: DIRECTORY_WRITES },
};

/** What a fault makes of the connection: an answer instead of the real one, an end without one, or a wait. */
export type Spoiled = { readonly kind: 'answer'; readonly answer: Answer } | { readonly kind: 'drop' | 'hold' };

const DEFAULT_DELAY_MS = 1000;

export function delayOf(fault: Fault<FaultKind>): number {
  return fault.delayMs ?? DEFAULT_DELAY_MS;
}

export function spoil(fault: Fault<FaultKind>, locale: Locale): Spoiled {
  switch (fault.kind) {
    case 'drop-before':
    case 'drop-after':
      return { kind: 'drop' };
    case 'hang-after':
      return { kind: 'hold' };
    default:
      return { kind: 'answer', answer: faultAnswer(fault, locale) };
  }
}

function faultAnswer(fault: Fault<FaultKind>, locale: Locale): Answer {
  switch (fault.kind) {
    case 'rate-limit':
      return html(fault.status ?? 429, RATE_LIMIT_PAGE, { 'retry-after': String(fault.retryAfter ?? 0) });
    case 'html-502':
      return html(fault.status ?? 502, proxyErrorPage(fault.status ?? 502));
    case 'unauthorized': {
      const { headers, refusal } = authenticationFailed();
      return { ...(refusal ?? empty(401)), status: fault.status ?? 401, headers };
    }
    case 'empty-200':
      return empty(fault.status ?? 200, { 'X-Seraph-LoginReason': 'AUTHENTICATED_FAILED' });
    case 'read-only-directory':
      return errors(fault.status ?? 403, [message(locale, 'readOnlyDirectory')]);
    default:
      return errors(fault.status ?? 500, ['Internal server error']);
  }
}
