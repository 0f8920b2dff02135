import type { Fault, FaultKindRule } from '../../support/faults';
import type { Random } from '../../support/random';
import { empty, errors, html, type Answer } from './answer';
import { authenticationFailed } from './authenticate';
import { proxyErrorPage, RATE_LIMIT_PAGE } from './html';
import { message, type Locale } from '../messages';

/** The kinds of fault that can be asked for; docs/simulators.md tells what each does. */
export const FAULT_KINDS = [
  'slow',
  'slow-members',
  'change-before',
  'change-after',
  'refuse',
  'http500-before',
  'http500-after',
  'drop-before',
  'drop-after',
  'hang-before',
  'hang-after',
  'created-but-500',
  'rate-limit',
  'html-502',
  'maintenance',
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
  'PUT /myself',
  'PUT /myself/password',
  'POST /user/anonymization',
]);

export const FAULT_RULES: Readonly<Record<FaultKind, FaultKindRule>> = {
  slow: { moment: 'delay' },
  'slow-members': { moment: 'delay', endpoints: new Set(['GET /group/member']) },
  'change-before': { moment: 'meanwhile' },
  'change-after': { moment: 'afterwards' },
  refuse: { moment: 'before', writesOnly: true },
  'http500-before': { moment: 'before' },
  'http500-after': { moment: 'after', writesOnly: true },
  'drop-before': { moment: 'before' },
  'drop-after': { moment: 'after', writesOnly: true },
  'hang-before': { moment: 'before' },
  'hang-after': { moment: 'after', writesOnly: true },
  'created-but-500': { moment: 'after', endpoints: new Set(['POST /user']) },
  'rate-limit': { moment: 'before' },
  'html-502': { moment: 'before' },
  maintenance: { moment: 'before' },
  unauthorized: { moment: 'before' },
  'empty-200': { moment: 'before' },
  'read-only-directory': { moment: 'before', endpoints: DIRECTORY_WRITES },
};

/** What a fault makes of the connection: an answer instead of the real one, an end without one, or a wait. */
export type Spoiled = { readonly kind: 'answer'; readonly answer: Answer } | { readonly kind: 'drop' | 'hold' };

const DEFAULT_DELAY_MS = 1000;
/** JRASERVER-71493: more than two and a half minutes for a page of members. */
const SLOW_MEMBERS_MS = 150_000;

/** What the faults add up to, milliseconds. */
export function delayOf(faults: readonly Fault<FaultKind>[], random: Random): number {
  return faults
    .map(({ kind, delayMs, jitterMs = 0 }) => {
      const least = delayMs ?? (kind === 'slow-members' ? SLOW_MEMBERS_MS : DEFAULT_DELAY_MS);
      return jitterMs === 0 ? least : least + random() * jitterMs;
    })
    .reduce((sum, delay) => sum + delay, 0);
}

export function spoil(fault: Fault<FaultKind>, locale: Locale): Spoiled {
  switch (fault.kind) {
    case 'drop-before':
    case 'drop-after':
      return { kind: 'drop' };
    case 'hang-before':
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
    case 'maintenance':
      return html(fault.status ?? 503, proxyErrorPage(503));
    case 'unauthorized': {
      const { headers, refusal } = authenticationFailed();
      return { ...(refusal ?? empty(401)), status: fault.status ?? 401, headers };
    }
    case 'empty-200':
      return empty(fault.status ?? 200, { 'X-Seraph-LoginReason': 'AUTHENTICATED_FAILED' });
    case 'read-only-directory':
      return errors(fault.status ?? 403, [message(locale, 'readOnlyDirectory')]);
    case 'refuse':
      return errors(fault.status ?? 400, [fault.message ?? message(locale, 'refused')]);
    default:
      return errors(fault.status ?? 500, ['Internal server error']);
  }
}
