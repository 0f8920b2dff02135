import { groupsToRead } from '../domain/groups';
import { WHOLE_RANGE } from '../domain/ids';
import { nameKey } from '../domain/names';
import { chooseMembershipReading } from '../domain/reading-plan';
import type { MembersPage } from '../targets/target';
import type { TargetGroupRecord } from '../store/snapshot-records';
import type { ActivityDeps } from './deps';
import { cancellation } from './progress';
import { readExport } from './readExport';
import { readPatiently } from './readPatiently';
import type { RunContext } from './runContext';
import { accountReading, membershipReading, putAccounts, putMembershipReading } from './targetReading';

/** How far the groups are: all at once (`export`), else of each the first page, then what is left of those that have more. */
export interface GroupPosition {
  readonly phase: 'export' | 'survey' | 'rest' | 'done';
  /** Of the next group in the list of names. */
  readonly index: number;
}

/** The names are worked out once and kept, so that every chunk counts in the same list. */
export async function groupNames(deps: ActivityDeps, { run, settings }: RunContext): Promise<readonly string[]> {
  const kept = await storedGroupNames(deps, run.id);
  if (kept !== null) return kept;
  const groups = await deps.store.snapshots.inSlices(run.id, 'group', WHOLE_RANGE);
  const names = groupsToRead(settings, groups, await deps.store.groupLinks.list(run.connectorId));
  await deps.store.snapshots.putArtifact(run.id, 'groupsToRead', names);
  return names;
}

/** Null before readTargetGroups. */
export async function storedGroupNames(deps: ActivityDeps, runId: string): Promise<readonly string[] | null> {
  return (await deps.store.snapshots.artifact(runId, 'groupsToRead')) as readonly string[] | null;
}

/** One step: everything at once, the first page of a group, the choice of the way between the two passes, or the rest of a group. */
export async function nextGroup(
  deps: ActivityDeps,
  context: RunContext,
  names: readonly string[],
  { phase, index }: GroupPosition
): Promise<GroupPosition> {
  if (phase === 'export') {
    const isRead = await readExport(deps, context, names);
    return { phase: isRead ? 'done' : 'survey', index: 0 };
  }
  const name = names[index];
  if (phase === 'survey') {
    if (name === undefined) {
      await chooseReading(deps, context, names.length);
      return { phase: 'rest', index: 0 };
    }
    await surveyGroup(deps, context, name);
  } else {
    if (name === undefined) return { phase: 'done', index };
    await readRest(deps, context, name);
  }
  return { phase, index: index + 1 };
}

async function surveyGroup(deps: ActivityDeps, context: RunContext, name: string): Promise<void> {
  const page = await readPatiently(() => context.target.listMembers(name, null, cancellation()));
  if (page === null) return putGone(deps, context, name);
  await putMembersPage(deps, context, name, page);
  const active = activeOf(page);
  const group = { name, exists: true, activeMembers: active.length };
  const { cursor, total, items } = page;
  await deps.store.snapshots.putTargetGroup(
    context.run.id,
    cursor === null ? group : { ...group, rest: { cursor, members: total, read: items.length, active } }
  );
}

/** Decides once, when the size of every group is known, and tells how this run reads its target (one line a run). */
async function chooseReading(deps: ActivityDeps, context: RunContext, groups: number): Promise<void> {
  const { run, connector } = context;
  const managed = connector.planned?.denominators.activeManaged ?? 0;
  // Before anybody is linked, the accounts of all who are in the source may be asked for.
  const people = managed > 0 ? managed : (run.source?.users ?? 0);
  const known = await deps.store.snapshots.targetGroups(run.id);
  const chosen = chooseMembershipReading(
    known.flatMap(({ rest }) => rest ?? []),
    people
  );
  await putMembershipReading(deps, run.id, chosen);
  const accounts = await accountReading(deps, run.id);
  if (!accounts.complete) await lookUpProtected(deps, context);
  deps.log.info(
    {
      runId: run.id,
      accounts: accounts.complete ? 'listed' : 'looked up',
      listingCalls: accounts.pages,
      lookUpCallsAtMost: accounts.complete ? 0 : people,
      memberships: chosen.by,
      membershipCalls: groups + chosen.calls,
    },
    'chose how to read the target'
  );
}

/** Protected users are named by username: without a complete listing each is asked for. */
async function lookUpProtected(deps: ActivityDeps, { run, settings, target }: RunContext): Promise<void> {
  const names = settings.protected.users;
  const held = await deps.store.snapshots.holders(run.id, 'targetName', names.map(nameKey));
  for (const name of names.filter((one) => !held.has(nameKey(one)))) {
    const account = await readPatiently(() => target.findByUsername(name, cancellation()));
    if (account !== null) await putAccounts(deps, run.id, [account]);
  }
}

async function readRest(deps: ActivityDeps, context: RunContext, name: string): Promise<void> {
  const [group] = await deps.store.snapshots.targetGroupsNamed(context.run.id, [name]);
  if (group?.rest === undefined) return;
  const { by } = await membershipReading(deps, context.run.id);
  await (by === 'group' ? readOtherPages(deps, context, name, group.rest) : countMembers(deps, context, name));
}

/** Listings may repeat an account, so active members are counted by key; the next attempt begins at the second page again. */
async function readOtherPages(
  deps: ActivityDeps,
  context: RunContext,
  name: string,
  rest: NonNullable<TargetGroupRecord['rest']>
): Promise<void> {
  const active = new Set(rest.active);
  let cursor: string | null = rest.cursor;
  while (cursor !== null) {
    const from: string = cursor;
    const page = await readPatiently(() => context.target.listMembers(name, from, cancellation()));
    if (page === null) return putGone(deps, context, name);
    await putMembersPage(deps, context, name, page);
    for (const key of activeOf(page)) active.add(key);
    cursor = page.cursor;
  }
  await deps.store.snapshots.putTargetGroup(context.run.id, { name, exists: true, activeMembers: active.size });
}

async function countMembers(deps: ActivityDeps, context: RunContext, name: string): Promise<void> {
  const activeMembers = await readPatiently(() => context.target.countActiveMembers(name, cancellation()));
  if (activeMembers === null) return putGone(deps, context, name);
  await deps.store.snapshots.putTargetGroup(context.run.id, { name, exists: true, activeMembers });
}

/** Members are accounts too: where accounts are looked up, those who came with a group need not be. */
async function putMembersPage(deps: ActivityDeps, { run }: RunContext, name: string, page: MembersPage): Promise<void> {
  const keys = page.items.map((user) => user.key);
  await deps.store.snapshots.putMembers(run.id, name, keys);
  if (!(await accountReading(deps, run.id)).complete) await putAccounts(deps, run.id, page.items);
}

const activeOf = (page: MembersPage): string[] => page.items.filter((user) => user.active).map((user) => user.key);

const putGone = (deps: ActivityDeps, { run }: RunContext, name: string): Promise<void> =>
  deps.store.snapshots.putTargetGroup(run.id, { name, exists: false, activeMembers: 0 });
