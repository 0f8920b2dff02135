import { nameKey } from '../domain/names';
import { groupTree, membersOf } from '../domain/nesting';
import type { GroupMembers } from '../domain/nesting';
import { inChunks } from './chunks';
import type { ActivityDeps } from './deps';
import { cancellation } from './progress';
import { readPatiently } from './readPatiently';
import type { RunContext } from './runContext';
import { accountReading, putMembershipReading } from './targetReading';

/** Members whose accounts are looked up in the snapshot at once. */
const MEMBERS_AT_ONCE = 1_000;

/**
 * Where the target lists all memberships at once: notes who is in a group by way of another group alone (rules 2.8) and,
 * where its accounts were all listed too, every membership, so that no group has to be read. May be repeated.
 * @returns whether memberships are read herewith
 */
export async function readExport(deps: ActivityDeps, context: RunContext, names: readonly string[]): Promise<boolean> {
  const { target, run } = context;
  const { nesting } = target;
  if (nesting === undefined) return false;
  const tree = groupTree(await readPatiently(() => nesting.directMembers(cancellation())));
  const { complete, pages } = await accountReading(deps, run.id);
  for (const name of names) {
    const members = membersOf(tree, name);
    await deps.store.snapshots.putNested(run.id, name, [...(members?.nested ?? [])]);
    if (complete) await putGroup(deps, run.id, name, members);
  }
  if (!complete) return false;
  await putMembershipReading(deps, run.id, { by: 'export', calls: 1 });
  deps.log.info(
    { runId: run.id, accounts: 'listed', listingCalls: pages, memberships: 'export', membershipCalls: 1 },
    'chose how to read the target'
  );
  return true;
}

/** The export names people by username: the accounts that were listed say which keys these are and who is active. */
async function putGroup(deps: ActivityDeps, runId: string, name: string, members: GroupMembers | null): Promise<void> {
  const { snapshots } = deps.store;
  let activeMembers = 0;
  for (const usernames of inChunks([...(members?.direct ?? []), ...(members?.nested ?? [])], MEMBERS_AT_ONCE)) {
    const held = await snapshots.holders(runId, 'targetName', usernames);
    const accounts = await snapshots.targetUsers(
      runId,
      [...held.values()].map(({ lo }) => lo)
    );
    const found = [...accounts.values()];
    activeMembers += found.filter(({ active }) => active).length;
    const direct = found.filter(({ username }) => members?.direct.has(nameKey(username)));
    await snapshots.putMembers(
      runId,
      name,
      direct.map(({ key }) => key)
    );
  }
  await snapshots.putTargetGroup(runId, { name, exists: members !== null, activeMembers });
}
