import { nameKey, emailKey } from '../domain/names';
import { groupsToRead } from '../domain/groups';
import type { TargetUser } from '../domain/model';
import { WHOLE_RANGE } from '../domain/ids';
import type { ActivityDeps } from './deps';
import { cancellation, chunkClock, heartbeat, resumed, whileHeartbeating } from './progress';
import type { RunContext, RunContexts } from './runContext';

export interface ReadTargetInput {
  readonly runId: string;
  readonly cursor: string | null;
}
export interface ReadTargetChunk {
  readonly cursor: string | null;
}
/** Reading the target into the snapshot: all accounts, then the members of the groups this run is about. */
export function readTargetActivities(deps: ActivityDeps, contexts: RunContexts) {
  return {
    async readTargetUsers({ runId, cursor }: ReadTargetInput): Promise<ReadTargetChunk> {
      const { target } = await contexts.load(runId);
      await deps.store.runs.patch(runId, { phase: 'readTarget' });
      const handOver = chunkClock();
      let at: ReadTargetChunk = (resumed() as ReadTargetChunk | null) ?? { cursor };
      do {
        at = await whileHeartbeating(
          () => readAccounts(deps, target, runId, at.cursor),
          () => at
        );
        heartbeat(at);
      } while (at.cursor !== null && !handOver());
      return at;
    },

    async readTargetGroups({ runId, cursor }: ReadTargetInput): Promise<ReadTargetChunk> {
      const context = await contexts.load(runId);
      const names = await groupNames(deps, context);
      const handOver = chunkClock();
      let index = (resumed() as number | null) ?? Number(cursor ?? 0);
      while (index < names.length && !handOver()) {
        const at = index;
        await whileHeartbeating(
          () => readMembers(deps, context, names[at] ?? ''),
          () => at
        );
        heartbeat((index += 1));
      }
      return { cursor: index < names.length ? String(index) : null };
    },
  };
}

async function readAccounts(
  deps: ActivityDeps,
  target: RunContext['target'],
  runId: string,
  cursor: string | null
): Promise<ReadTargetChunk> {
  const { snapshots } = deps.store;
  const page = await target.listUsers(cursor, cancellation());
  await snapshots.putTargetUsers(runId, page.items);
  await snapshots.putKeys(
    runId,
    'targetName',
    page.items.map((user) => ({ key: nameKey(user.username), id: user.key }))
  );
  await snapshots.putKeys(runId, 'targetEmail', page.items.flatMap(emailEntry));
  return { cursor: page.cursor };
}

const emailEntry = (user: TargetUser): { key: string; id: string }[] =>
  user.email === null || user.email === '' ? [] : [{ key: emailKey(user.email), id: user.key }];

/** The names are worked out once and kept, so that every chunk counts in the same list. */
async function groupNames(deps: ActivityDeps, { run, settings }: RunContext): Promise<readonly string[]> {
  const kept = (await deps.store.snapshots.artifact(run.id, 'groupsToRead')) as readonly string[] | null;
  if (kept !== null) return kept;
  const groups = await deps.store.snapshots.inSlices(run.id, 'group', WHOLE_RANGE);
  const names = groupsToRead(settings, groups, await deps.store.groupLinks.list(run.connectorId));
  await deps.store.snapshots.putArtifact(run.id, 'groupsToRead', names);
  return names;
}

/**
 * Reads one group to its end. Listings may repeat an account, so active members are counted by key; a group is read in one
 * activity, and again from its start by the next attempt.
 */
async function readMembers(deps: ActivityDeps, { run, target }: RunContext, name: string): Promise<void> {
  const { snapshots } = deps.store;
  const active = new Set<string>();
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof target.listMembers>> = await target.listMembers(name, cursor, cancellation());
    if (page === null) return snapshots.putTargetGroup(run.id, { name, exists: false, activeMembers: 0 });
    await snapshots.putMembers(
      run.id,
      name,
      page.items.map((user) => user.key)
    );
    for (const user of page.items) if (user.active) active.add(user.key);
    cursor = page.cursor;
  } while (cursor !== null);
  await snapshots.putTargetGroup(run.id, { name, exists: true, activeMembers: active.size });
}
