import type { ActivityDeps } from './deps';
import { cancellation, chunkClock, heartbeat, resumed, whileHeartbeating } from './progress';
import { groupNames, nextGroup } from './readMembers';
import type { GroupPosition } from './readMembers';
import type { RunContext, RunContexts } from './runContext';
import { putAccountReading, putAccounts } from './targetReading';
import type { AccountReading } from './targetReading';

export interface ReadTargetInput {
  readonly runId: string;
  readonly cursor: string | null;
}
export interface ReadTargetChunk {
  readonly cursor: string | null;
}
/** How far the listing is: `ended` says why, once it is over. */
interface ListingPosition {
  readonly cursor: string | null;
  readonly pages: number;
  readonly ended: 'complete' | 'incomplete' | null;
}

const BEGINNING: ListingPosition = { cursor: null, pages: 0, ended: null };
const FIRST_GROUP: GroupPosition = { phase: 'export', index: 0 };

/**
 * Reading the target into the snapshot: all accounts, where it lists them, then the members of the groups this run is
 * about, by group or, where that takes fewer requests, later by account (lookUpTarget).
 */
export function readTargetActivities(deps: ActivityDeps, contexts: RunContexts) {
  return {
    async readTargetUsers({ runId, cursor }: ReadTargetInput): Promise<ReadTargetChunk> {
      const { target } = await contexts.load(runId);
      await deps.store.runs.patch(runId, { phase: 'readTarget' });
      const handOver = chunkClock();
      let at = positionAt(cursor, BEGINNING);
      while (at.ended === null && !handOver()) {
        const from = at;
        at = await whileHeartbeating(
          () => readAccounts(deps, target, runId, from),
          () => from
        );
        heartbeat(at);
      }
      if (at.ended === null) return { cursor: JSON.stringify(at) };
      const reading: AccountReading = { complete: at.ended === 'complete', pages: at.pages };
      await putAccountReading(deps, runId, reading);
      return { cursor: null };
    },

    async readTargetGroups({ runId, cursor }: ReadTargetInput): Promise<ReadTargetChunk> {
      const context = await contexts.load(runId);
      const names = await groupNames(deps, context);
      const handOver = chunkClock();
      let at = positionAt(cursor, FIRST_GROUP);
      while (at.phase !== 'done' && !handOver()) {
        const from = at;
        at = await whileHeartbeating(
          () => nextGroup(deps, context, names, from),
          () => from
        );
        heartbeat(at);
      }
      return { cursor: at.phase === 'done' ? null : JSON.stringify(at) };
    },
  };
}

/** Where an earlier attempt of this activity was, or the activity before it. */
function positionAt<T>(cursor: string | null, start: T): T {
  return (resumed() as T | null) ?? (cursor === null ? start : (JSON.parse(cursor) as T));
}

async function readAccounts(
  deps: ActivityDeps,
  target: RunContext['target'],
  runId: string,
  { cursor, pages }: ListingPosition
): Promise<ListingPosition> {
  const page = await target.listUsers(cursor, cancellation());
  if (page === null) return { cursor: null, pages: pages + 1, ended: 'incomplete' };
  await putAccounts(deps, runId, page.items);
  const ended = page.complete ? 'complete' : 'incomplete';
  return { cursor: page.cursor, pages: pages + 1, ended: page.cursor === null ? ended : null };
}
