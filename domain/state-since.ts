import type { LedgerMembership, Link, TargetUser } from './model';
import { nameKey } from './names';

/** What a run read of one account, and what is remembered of it now. */
export interface SeenAccount {
  /** As the run read it; null: it was not there. */
  readonly seen: TargetUser | null;
  readonly link: Pick<Link, 'targetKey' | 'state' | 'lastApplied'>;
}

/**
 * The account of a link whose person was changed after the read: what was read, with what was last applied over it. So a
 * snapshot goes on telling the truth once its own plan is applied.
 * @returns null for a link without an account
 */
export function accountSince({ seen, link }: SeenAccount): TargetUser | null {
  const { targetKey, state, lastApplied } = link;
  if (targetKey === null || state === 'erased') return null;
  if (seen === null && lastApplied === null) return null;
  const username = filled(lastApplied?.username) ?? seen?.username ?? '';
  return {
    key: targetKey,
    username,
    email: lastApplied?.email ?? seen?.email ?? null,
    displayName: filled(lastApplied?.displayName) ?? seen?.displayName ?? username,
    active: activeSince(state) ?? seen?.active ?? true,
  };
}

const filled = (text: string | null | undefined): string | null =>
  text === null || text === undefined || text === '' ? null : text;

/** Null: the state of the link says nothing of the account. */
function activeSince(state: Link['state']): boolean | null {
  if (state === 'active') return true;
  return state === 'inactive' ? false : null;
}

/**
 * The groups of an account whose person was changed after the read.
 * @param seen names as read @param ledger memberships that Rollcall answers for now @param removed nameKeys of the groups
 * from which it has removed the account since
 */
export function groupsSince(
  seen: readonly string[],
  ledger: readonly LedgerMembership[],
  removed: ReadonlySet<string>
): readonly string[] {
  const byKey = new Map(seen.filter((name) => !removed.has(nameKey(name))).map((name) => [nameKey(name), name]));
  for (const { group, addedBy } of ledger) {
    if (addedBy !== 'foreign' && !byKey.has(nameKey(group))) byKey.set(nameKey(group), group);
  }
  return [...byKey.values()];
}
