import { canaryFaults } from '../../domain/canary';
import { GROUP_SHARD, NAMES_SHARD } from '../../domain/ids';
import { PHASES } from '../../domain/operation';
import type { OperationRecord, PlanCell, RunRecord } from '../../store/records';
import type { applyBatchActivities } from '../applyBatch';
import { prepareBatch, toApply } from '../applyBatch';
import { applyPeople } from '../applyPeople';
import type { ActivityDeps } from '../deps';
import { outdatedDeactivations } from '../freshness';
import { cancellation, heartbeat, wait, whileHeartbeating } from '../progress';
import { readPatiently } from '../readPatiently';
import type { RunContext, RunContexts } from '../runContext';

export interface CanaryInput {
  readonly runId: string;
  readonly planRunId: string;
}
export interface CanaryVerdict {
  readonly people: number;
  /** Why nobody else is to be touched; null: go on. Counts and kinds of operations alone. */
  readonly stopped: string | null;
}
type ApplyBatch = ReturnType<typeof applyBatchActivities>['applyBatch'];

const CELL_PAGE = 500;
/** Looks at the target before an effect counts as missing: it may show a moment later. */
const LOOKS = 3;
const LOOK_PAUSE_MS = 1_000;

/** Applies a plan to a few people before all others, and reads back what came of it. */
export function canaryActivities(deps: ActivityDeps, contexts: RunContexts, applyBatch: ApplyBatch) {
  return {
    async applyCanary(input: CanaryInput): Promise<CanaryVerdict> {
      const context = await contexts.load(input.runId);
      const plan = input.planRunId === input.runId ? context.run : await deps.store.runs.get(input.planRunId);
      if (plan === null) return { people: 0, stopped: null };
      await applyGroupsFirst(applyBatch, input, plan);
      return whileHeartbeating(async () => {
        const chosen = await choose(deps, context, plan);
        if (chosen.size === 0) return { people: 0, stopped: null };
        await applyTo(deps, context, plan, [...chosen.values()].flat());
        const faults = await faultsOf(deps, context, plan, [...chosen.keys()]);
        return { people: chosen.size, stopped: faults === null ? null : sentence(chosen.size, faults) };
      });
    },
  };
}

const sentence = (people: number, faults: readonly string[]): string => {
  const kinds = [...new Set(faults)].sort().join(', ');
  return `the first ${people === 1 ? 'person' : `${people} people`} did not come out as planned (${kinds}); nobody else was touched`;
};

/** Groups have to be there before anybody can be put into them; making one touches nobody. */
async function applyGroupsFirst(applyBatch: ApplyBatch, input: CanaryInput, plan: RunRecord): Promise<void> {
  for (const { phase, count } of plan.plan?.cells.filter(({ shard }) => shard === GROUP_SHARD) ?? []) {
    await applyBatch({ ...input, phase, shard: GROUP_SHARD, from: 0, to: count - 1, done: 0 });
  }
}

/**
 * The first people of the plan by shard and id, the same in every attempt. Connected renames are left to the whole: they touch
 * several people at once. @returns their operations in the order of the plan
 */
async function choose(
  deps: ActivityDeps,
  { run, settings }: RunContext,
  plan: RunRecord
): Promise<ReadonlyMap<string, readonly OperationRecord[]>> {
  const cells = plan.plan?.cells ?? [];
  const isOpen = toApply(run, plan);
  const connected = new Set(
    (await operationsIn(deps, plan.id, cells, NAMES_SHARD)).map(({ externalId }) => externalId)
  );
  const chosen = new Map<string, readonly OperationRecord[]>();
  const shards = [...new Set(cells.map(({ shard }) => shard))].filter(
    (shard) => shard !== GROUP_SHARD && shard !== NAMES_SHARD
  );
  for (const shard of shards.sort()) {
    const own = (await operationsIn(deps, plan.id, cells, shard)).filter(
      (operation) => isOpen(operation) || operation.appliedBy === run.id
    );
    const ids = [...new Set(own.flatMap(({ externalId }) => externalId ?? []))].filter((id) => !connected.has(id));
    for (const id of ids.sort()) {
      if (chosen.size === settings.safety.canary.users) return chosen;
      chosen.set(
        id,
        own.filter(({ externalId }) => externalId === id)
      );
    }
    heartbeat();
  }
  return chosen;
}

async function operationsIn(
  { store }: ActivityDeps,
  runId: string,
  cells: readonly PlanCell[],
  shard: string
): Promise<readonly OperationRecord[]> {
  const operations: OperationRecord[] = [];
  for (const phase of PHASES) {
    const count = cells.find((cell) => cell.phase === phase && cell.shard === shard)?.count ?? 0;
    for (let from = 0; from < count; from += CELL_PAGE) {
      operations.push(...(await store.plans.cell(runId, phase, shard, from, Math.min(from + CELL_PAGE, count) - 1)));
    }
  }
  return operations;
}

/** The steps of a batch: lease, write-ahead, read before retry; what an earlier attempt has finished is not begun again. */
async function applyTo(
  deps: ActivityDeps,
  context: RunContext,
  plan: RunRecord,
  operations: readonly OperationRecord[]
): Promise<void> {
  const isOpen = toApply(context.run, plan);
  const open = operations.filter(isOpen);
  const [first] = open;
  if (first === undefined) return;
  const { phase, shard } = first;
  const input = { runId: context.run.id, planRunId: plan.id, phase, shard, from: 0, to: open.length - 1, done: 0 };
  const prepared = await prepareBatch(deps, context, plan, input, open);
  const ids = new Set(open.map(({ externalId }) => externalId));
  const batch = {
    ...prepared,
    stillOpen: async () => (await again(deps, plan, ids)).filter(isOpen),
  };
  const outdated = batch.scope.verifyFirst ? await outdatedDeactivations(deps, batch) : new Set<string>();
  await applyPeople(deps, batch, outdated);
}

/** The operations of these people as they stand now. */
async function again(
  deps: ActivityDeps,
  plan: RunRecord,
  ids: ReadonlySet<string | null>
): Promise<readonly OperationRecord[]> {
  const cells = plan.plan?.cells ?? [];
  const shards = [...new Set(cells.map(({ shard }) => shard))].filter(
    (shard) => shard !== GROUP_SHARD && shard !== NAMES_SHARD
  );
  const found: OperationRecord[] = [];
  for (const shard of shards.sort()) {
    const own = (await operationsIn(deps, plan.id, cells, shard)).filter(({ externalId }) => ids.has(externalId));
    found.push(...own);
    if (new Set(found.map(({ externalId }) => externalId)).size === ids.size) break;
  }
  return found;
}

/** Reads the people back. @returns what is wrong, or null */
async function faultsOf(
  deps: ActivityDeps,
  context: RunContext,
  plan: RunRecord,
  externalIds: readonly string[]
): Promise<readonly string[] | null> {
  const { run, target, slot } = context;
  const operations = await again(deps, plan, new Set(externalIds));
  const links = await deps.store.links.byExternalIds(run.connectorId, externalIds);
  for (let look = 1; ; look += 1) {
    const faults: string[] = [];
    for (const externalId of externalIds) {
      const key = links.get(externalId)?.targetKey ?? null;
      const found =
        key === null ? null : await readPatiently(() => slot(() => target.findWithGroups(key, cancellation())));
      const own = operations.filter(
        (operation) => operation.externalId === externalId && operation.appliedBy === run.id
      );
      faults.push(...canaryFaults(own, { account: found?.account ?? null, groups: found?.groups ?? [] }));
    }
    if (faults.length === 0) return null;
    if (look === LOOKS) return faults;
    await wait(LOOK_PAUSE_MS);
  }
}
