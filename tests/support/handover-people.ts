import { changed, numbers, people } from './people';
import type { Row } from './people';

export interface TwoSources {
  readonly former: readonly Row[];
  readonly successor: readonly Row[];
  readonly expected: { readonly key: number; readonly email: number; readonly username: number; readonly left: number };
}

/**
 * The same people in two sources: of twenty, one is in the former alone and one stranger in the new one alone; the others share
 * the id, the address or the username.
 */
export function twoSources(count: number): TwoSources {
  const former = people(count);
  const gone = numbers(count).filter((n) => n % 20 === 0);
  const byId = numbers(count).filter((n) => n % 3 === 0 && !gone.includes(n));
  const byUsername = numbers(count).filter((n) => n % 3 === 1 && !gone.includes(n));
  const others = former.map((row) => ({ ...row, id: `new-${row.id}` }));
  const renumbered = others.map((row, at) => (byId.includes(at + 1) ? { ...row, id: former[at]?.id ?? '' } : row));
  const moved = byUsername.reduce<readonly Row[]>(
    (rows, n) => changed(rows, [n], { email: `moved${n}@example.com` }),
    renumbered
  );
  const strangers = gone.map((n) => ({
    ...(moved[n - 1] as Row),
    id: `stranger-${n}`,
    username: `stranger${n}`,
    email: `stranger${n}@example.com`,
  }));
  const kept = moved.filter((_, at) => !gone.includes(at + 1));
  return {
    former,
    successor: [...kept, ...strangers],
    expected: {
      key: byId.length,
      email: kept.length - byId.length - byUsername.length,
      username: byUsername.length,
      left: gone.length,
    },
  };
}

/** Settings under which accounts and groups that exist are taken over at once. */
export const ADOPTING = {
  match: { adopt: 'auto', domains: ['example.com'] },
  groups: { adopt: 'byName' },
  safety: { firstRun: 'pass' },
} as const;

/** The people as accounts of the simulated Jira. */
export const asAccounts = (rows: readonly Row[]) =>
  rows.map(({ username, email, displayName, groups }) => ({
    name: username,
    emailAddress: email,
    displayName,
    groups: [...groups],
  }));
