import { ApplicationFailure } from '@temporalio/common';
import type { GroupsDecision } from '../../domain/facts';
import { FAILURE } from '../../domain/failures';
import { GROUP_SHARD, shardName, shardSlices, sliceOf } from '../../domain/ids';
import type { SliceRange } from '../../domain/ids';
import { nameKey } from '../../domain/names';
import type { DraftOperation, OperationKind } from '../../domain/operation';
import { rollBackPerson, rollbackWarnings } from '../../domain/rollback';
import type { PersonNow, PersonRollback, RollbackContext } from '../../domain/rollback';
import type { HealthVerdict } from '../../domain/source-health';
import type { StoredLink } from '../../store/link-records';
import type { OperationRecord, PlanCell, RunRecord } from '../../store/records';
import { inChunks } from '../chunks';
import type { ActivityDeps } from '../deps';
import { toShard } from '../draftShard';
import { namesOf } from '../planShard';
import { cancellation, heartbeat, whileHeartbeating } from '../progress';
import { readPatiently } from '../readPatiently';
import type { RunContext, RunContexts } from '../runContext';
import type { ShardInput } from '../shardPeople';

const CELL_PAGE = 500;
/** Accounts that are read side by side. */
const AT_ONCE = 8;
const NO_GROUPS: GroupsDecision = {
  bySourceId: {},
  byTargetKey: {},
  frozen: {},
  alwaysAdd: [],
  operations: [],
  warnings: [],
};
/** Nothing was read of the source. */
const HEALTHY: HealthVerdict = { healthy: true, reasons: [] };

/** What a run has really done, and whose plan holds it. */
interface Done {
  readonly run: RunRecord;
  readonly planRunId: string;
  readonly cells: readonly PlanCell[];
  readonly shards: number;
}

/** Makes the inverse plan of a run shard by shard; sealPlan puts it before the gate like any other. */
export function rollbackActivities(deps: ActivityDeps, contexts: RunContexts) {
  const { store } = deps;
  return {
    /** Counts what the run did and says what cannot come back. @throws ApplicationFailure Refused when nothing of it is kept */
    async openRollback({ runId }: { readonly runId: string }): Promise<{ readonly shards: number }> {
      const context = await contexts.load(runId);
      const done = await whatWasDone(deps, context.run);
      const counts: Partial<Record<OperationKind, number>> = {};
      await whileHeartbeating(async () => {
        for (const cell of done.cells) {
          for await (const { kind } of appliedIn(deps, done, cell)) counts[kind] = (counts[kind] ?? 0) + 1;
        }
      });
      if (Object.keys(counts).length === 0) {
        throw refused(`run ${done.run.id} has done nothing that could be taken back`);
      }
      await store.snapshots.putArtifact(runId, 'groups', NO_GROUPS);
      await store.snapshots.putArtifact(runId, 'health', HEALTHY);
      const groups = toShard({ runId, shard: GROUP_SHARD, drafts: [], username: () => null });
      await store.plans.putShard(groups.record, groups.operations);
      await store.runs.patch(runId, { phase: 'plan', shards: done.shards, warnings: rollbackWarnings(counts) });
      return { shards: done.shards };
    },

    async rollBackShard(input: ShardInput): Promise<void> {
      await whileHeartbeating(() => rollBackOne(deps, contexts, input));
    },
  };
}

const refused = (message: string): ApplicationFailure => ApplicationFailure.nonRetryable(message, FAILURE.refused);

async function whatWasDone({ store }: ActivityDeps, { ofRunId }: RunRecord): Promise<Done> {
  const run = await store.runs.get(ofRunId ?? '');
  if (run === null) throw refused(`run ${ofRunId ?? ''} does not exist`);
  const planRunId = run.planRunId ?? run.id;
  const planned = await store.plans.shards(planRunId);
  const plan = planRunId === run.id ? run : await store.runs.get(planRunId);
  return {
    run,
    planRunId,
    cells: planned.flatMap(({ shard, cells }) => cells.map((cell) => ({ ...cell, shard }))),
    // The single syncs of a day have no shards of people.
    shards: Math.max(1, plan?.shards ?? 1),
  };
}

async function* appliedIn(
  { store }: ActivityDeps,
  { run, planRunId }: Done,
  { phase, shard, count }: PlanCell
): AsyncGenerator<OperationRecord> {
  for (let from = 0; from < count; from += CELL_PAGE) {
    const to = Math.min(from + CELL_PAGE, count) - 1;
    for (const operation of await store.plans.cell(planRunId, phase, shard, from, to)) {
      if (operation.status === 'done' && operation.appliedBy === run.id) yield operation;
    }
    heartbeat();
  }
}

async function rollBackOne(deps: ActivityDeps, contexts: RunContexts, input: ShardInput): Promise<void> {
  const { store } = deps;
  const context = await contexts.load(input.runId);
  const done = await whatWasDone(deps, context.run);
  const range = shardSlices(input.index, input.shards);
  const applied = await appliedTo(deps, done, input, range);
  const people = await peopleNow(deps, context, range, [...applied.keys()]);
  const ctx: RollbackContext = {
    runId: done.run.id,
    syncAccountKey: await context.syncAccountKey(),
    protectedGroups: new Set(context.settings.protected.groups.map(nameKey)),
  };
  const plans = people.map((now) => ({ now, plan: rollBackPerson(now, applied.get(now.externalId) ?? [], ctx) }));
  const drafts = plans.flatMap(({ plan }) => plan.operations);
  const names = new Map(people.map((now) => [now.externalId, usernameOf(now)]));
  const { record, operations } = toShard({
    runId: input.runId,
    shard: shardName(input.index),
    drafts: drafts.filter((draft) => !isConnected(draft)),
    username: (externalId) => names.get(externalId ?? '') ?? null,
  });
  await store.plans.putShard({ ...record, users: people.length }, operations);
  await store.snapshots.putArtifact(input.runId, namesOf(input.index), drafts.filter(isConnected));
  await store.snapshots.putStandings(input.runId, plans.map(standing));
}

/** Renames of a chain go back one after the other. */
const isConnected = ({ kind, after }: DraftOperation): boolean =>
  kind === 'renameUser' && after?.['step'] !== undefined;

const usernameOf = ({ account, link }: PersonNow): string | null =>
  account?.username ?? link?.lastApplied?.username ?? null;

const standing = ({ now, plan }: { readonly now: PersonNow; readonly plan: PersonRollback }) => ({
  externalId: now.externalId,
  username: usernameOf(now),
  standing: plan.leftAlone.length > 0 ? ('skipped' as const) : ('unchanged' as const),
  reasons: plan.leftAlone,
});

/** What the run did to the people of one shard, by external id: of their own cells, and of those that all shards share. */
async function appliedTo(
  deps: ActivityDeps,
  done: Done,
  { index, shards }: ShardInput,
  range: SliceRange
): Promise<ReadonlyMap<string, readonly OperationRecord[]>> {
  const others = new Set(Array.from({ length: shards }, (_, other) => shardName(other)));
  others.delete(shardName(index));
  const applied = new Map<string, OperationRecord[]>();
  for (const cell of done.cells.filter(({ shard }) => shard !== GROUP_SHARD && !others.has(shard))) {
    for await (const operation of appliedIn(deps, done, cell)) {
      const externalId = operation.externalId ?? '';
      const slice = sliceOf(externalId);
      if (slice < range.from || slice > range.to) continue;
      const own = applied.get(externalId) ?? [];
      own.push(operation);
      applied.set(externalId, own);
    }
  }
  return applied;
}

/** The people as they are now: link and ledger, account and groups read from the target, one request each. */
async function peopleNow(
  { store }: ActivityDeps,
  { run, target, slot }: RunContext,
  range: SliceRange,
  externalIds: readonly string[]
): Promise<readonly PersonNow[]> {
  const links = await store.links.byExternalIds(run.connectorId, externalIds);
  if (externalIds.length === 0) return [];
  const ledger = await store.memberships.inSlices(run.connectorId, range);
  const people: PersonNow[] = [];
  const read = async (externalId: string): Promise<PersonNow> => {
    const link = links.get(externalId) ?? null;
    const key = owned(link);
    const found =
      key === null ? null : await readPatiently(() => slot(() => target.findWithGroups(key, cancellation())));
    return {
      externalId,
      link,
      account: found?.account ?? null,
      groups: found?.groups ?? [],
      ledger: ledger.get(externalId) ?? [],
    };
  };
  for (const chunk of inChunks([...externalIds].sort(), AT_ONCE)) {
    people.push(...(await Promise.all(chunk.map(read))));
    heartbeat();
  }
  return people;
}

const owned = (link: StoredLink | null): string | null =>
  link?.state === 'released' ? null : (link?.targetKey ?? null);
