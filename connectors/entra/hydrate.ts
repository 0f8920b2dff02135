import type { SourceUser } from '../../domain/model';
import { ProviderError } from '../errors';
import type { HttpAnswer } from '../http';
import { refusalOf } from '../httpErrors';
import type { LookUp } from '../provider';
import { BATCH_LIMIT, type EntraApi } from './api';
import { NEEDS_USERS, type EntraCalls } from './calls';
import { userOf } from './records';
import type { EntraSettings } from './settings';
import { groupShape, userShape } from './shapes';
import { NEEDS_GROUPS } from './walk';

/** Ids that one filter takes. */
const IDS_A_FILTER = 15;
const LIST_COST = 1;

export interface Reader {
  readonly api: EntraApi;
  readonly calls: EntraCalls;
  readonly settings: EntraSettings;
}

/**
 * Users by their ids, three hundred a request; who is not there (any more), or is a guest that takes no part, is left out.
 * @throws ProviderError when an answer is missing: nobody may be left out for that
 */
export async function usersByIds(
  reader: Reader,
  ids: readonly string[],
  signal: AbortSignal
): Promise<readonly SourceUser[]> {
  const { api, calls, settings } = reader;
  const step = 'read users by their ids';
  const users: SourceUser[] = [];
  for (const part of parts(parts(ids, IDS_A_FILTER), BATCH_LIMIT)) {
    const asked = part.map((some) => ({ path: calls.usersById(some) }));
    for (const answer of await wholeBatch(api, step, asked, asked.length * LIST_COST, signal)) {
      const { rows } = api.pageOf({ step, path: '/users', needs: NEEDS_USERS }, answer, userShape);
      users.push(...rows.flatMap((row) => userOf(row, settings) ?? []));
    }
  }
  return users;
}

/** `absent` only on Graph's own word. */
export async function lookUpUsers(
  reader: Reader,
  ids: readonly string[],
  signal: AbortSignal
): Promise<ReadonlyMap<string, LookUp>> {
  const { calls, settings, api } = reader;
  const found = await lookUp(reader, ids, calls.userById, signal);
  return new Map(
    [...found].map(([id, answer]): [string, LookUp] => {
      if (typeof answer === 'string') return [id, answer];
      const user = api.bodyOf({ step: 'look up a user', path: '/users/{id}', needs: NEEDS_USERS }, answer, userShape);
      // A guest is there, whether guests take part or not.
      const shown = user.id === id ? userOf(user, { ...settings, guests: 'include' }) : null;
      return [id, shown === null ? 'unknown' : { found: shown }];
    })
  );
}

export async function lookUpGroups(
  reader: Reader,
  ids: readonly string[],
  signal: AbortSignal
): Promise<ReadonlyMap<string, 'present' | 'absent' | 'unknown'>> {
  const { calls, api } = reader;
  const found = await lookUp(reader, ids, calls.groupById, signal);
  return new Map(
    [...found].map(([id, answer]) => {
      if (typeof answer === 'string') return [id, answer];
      const group = api.bodyOf(
        { step: 'look up a group', path: '/groups/{id}', needs: NEEDS_GROUPS },
        answer,
        groupShape
      );
      return [id, group.id === id ? 'present' : 'unknown'];
    })
  );
}

const FORBIDDEN = 403;
const NOT_FOUND = 404;
/** What Graph itself says; a proxy's 404 is in another form. */
const ABSENT = 'Request_ResourceNotFound';

async function lookUp(
  { api }: Reader,
  ids: readonly string[],
  pathOf: (id: string) => string,
  signal: AbortSignal
): Promise<ReadonlyMap<string, HttpAnswer | 'absent' | 'unknown'>> {
  const found = new Map<string, HttpAnswer | 'absent' | 'unknown'>();
  for (const part of parts(ids, BATCH_LIMIT)) {
    const answers = await wholeBatch(
      api,
      'look up by id',
      part.map((id) => ({ path: pathOf(id) })),
      part.length,
      signal
    );
    for (const [n, id] of part.entries()) found.set(id, judged(answers[n]));
  }
  return found;
}

function judged(answer: HttpAnswer | undefined): HttpAnswer | 'absent' | 'unknown' {
  if (answer === undefined || answer.status === FORBIDDEN) return 'unknown';
  if (answer.status !== NOT_FOUND) return answer;
  const { error } = (answer.json ?? {}) as { readonly error?: { readonly code?: unknown } };
  return error?.code === ABSENT ? 'absent' : 'unknown';
}

/** A batch of which every part was answered. @throws ProviderError when one has to come again */
async function wholeBatch(
  api: EntraApi,
  step: string,
  calls: readonly { readonly path: string }[],
  cost: number,
  signal: AbortSignal
): Promise<readonly HttpAnswer[]> {
  const answers = await api.batch(step, calls, cost, signal);
  return answers.map((answer) => {
    if (answer === null) throw new ProviderError('unavailable', `Microsoft Graph: ${step}: an answer is missing`);
    const refusal = refusalOf({ step, path: '' }, answer, { service: 'Microsoft Graph' });
    if (refusal !== null && (refusal.kind === 'rateLimited' || refusal.kind === 'unavailable')) throw refusal;
    return answer;
  });
}

function parts<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, n) => items.slice(n * size, (n + 1) * size));
}
