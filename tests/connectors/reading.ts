import { ProviderError } from '../../connectors/errors';
import type { IdentityProvider, Page } from '../../connectors/provider';
import type { SourceGroup, SourceMembership, SourceUser } from '../../domain/model';

export const never = new AbortController().signal;

/** Reads a listing to its end; `between` runs after each page that has one after it. */
export async function all<T>(
  read: (cursor: string | null) => Promise<Page<T>>,
  between: (page: number) => Promise<void> = () => Promise.resolve()
): Promise<readonly T[]> {
  return (await listed(read, between)).records;
}

interface Listed<T> {
  readonly records: readonly T[];
  readonly incomplete: readonly string[];
}

async function listed<T>(
  read: (cursor: string | null) => Promise<Page<T>>,
  between: (page: number) => Promise<void> = () => Promise.resolve()
): Promise<Listed<T>> {
  const records: T[] = [];
  const incomplete: string[] = [];
  let cursor: string | null = null;
  for (let page = 1; ; page++) {
    const next: Page<T> = await read(cursor);
    records.push(...next.items.map(({ record }) => record));
    incomplete.push(...(next.incomplete ?? []));
    if (next.cursor === null) return { records, incomplete };
    cursor = next.cursor;
    await between(page);
  }
}

/** What a run would have read: the last record of each id, and why it cannot be called complete. */
export interface Reading {
  readonly users: ReadonlyMap<string, SourceUser>;
  readonly groups: ReadonlyMap<string, SourceGroup>;
  /** `group user`, sorted. */
  readonly memberships: readonly string[];
  readonly incomplete: readonly string[];
}

/**
 * Reads everything as a run does: steps that may be repeated are repeated, a listing whose cursor expired begins anew, each
 * page is read by a provider of its own where `fresh` makes one.
 */
export async function reading(fresh: () => IdentityProvider, signal = never): Promise<Reading> {
  const users = await listed(patiently((cursor) => fresh().listUsers(cursor, signal)));
  const groups = await listed(patiently((cursor) => fresh().listGroups(cursor, signal)));
  const memberships = await listed(patiently((cursor) => fresh().listMemberships(cursor, signal)));
  const pairs = (list: readonly SourceMembership[]) => list.map(({ groupId, userId }) => `${groupId} ${userId}`);
  return {
    users: new Map(users.records.map((user) => [user.externalId, user])),
    groups: new Map(groups.records.map((group) => [group.externalId, group])),
    memberships: [...new Set(pairs(memberships.records))].sort(),
    incomplete: [...users.incomplete, ...groups.incomplete, ...memberships.incomplete],
  };
}

const MOST_TRIES = 10;

function patiently<T>(read: (cursor: string | null) => Promise<Page<T>>): (cursor: string | null) => Promise<Page<T>> {
  return async (cursor) => {
    let from = cursor;
    for (let tries = 1; ; tries++) {
      try {
        return await read(from);
      } catch (error) {
        if (tries === MOST_TRIES || !(error instanceof ProviderError)) throw error;
        if (error.kind === 'cursorExpired') from = null;
        else if (error.kind !== 'unavailable' && error.kind !== 'rateLimited') throw error;
      }
    }
  };
}
