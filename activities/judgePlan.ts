import type { GroupsDecision } from '../domain/facts';
import { evaluateGate } from '../domain/gate';
import type { GateResult } from '../domain/gate';
import { GATE_KINDS } from '../domain/operation';
import type { GateKind } from '../domain/operation';
import { nameKey } from '../domain/names';
import { own } from '../domain/records';
import type { HealthVerdict } from '../domain/source-health';
import type { PlanShardRecord } from '../store/records';
import { storedGroups } from './decideGroups';
import type { ActivityDeps } from './deps';
import type { RunContext } from './runContext';

/** Hour of the bucket in which a run's use of the limits is counted. */
export const hourOf = (iso: string): string => iso.slice(0, 'yyyy-mm-ddThh'.length);

/** Brings what the shards counted before the gate (rules 4). */
export async function judgePlan(
  deps: ActivityDeps,
  context: RunContext,
  shards: readonly PlanShardRecord[]
): Promise<GateResult> {
  const { run, settings, connector } = context;
  const { store } = deps;
  const groups = await storedGroups(deps, run.id);
  const fingerprint = deps.scopeFingerprint(settings);
  return evaluateGate({
    settings: settings.safety,
    approval: settings.approval,
    counts: sumKinds(shards),
    used: await store.gateUsage.used(run.connectorId, hourOf(run.startedAt), run.id),
    denominators: {
      activeManaged: sum(shards, (shard) => shard.activeManaged),
      ownedMemberships: sum(shards, (shard) => shard.ownedMemberships),
      linkedGroups: (await store.groupLinks.list(run.connectorId)).length,
    },
    groupLosses: await groupLosses(deps, run.id, shards, groups),
    firstRun: { pending: !connector.firstRunOver, touchesExisting: shards.some((shard) => shard.touchesExisting) },
    settingsUnacknowledged:
      connector.firstRunOver && connector.acknowledged !== null && connector.acknowledged !== fingerprint,
    health: (await store.snapshots.artifact(run.id, 'health')) as HealthVerdict,
    operations: sum(shards, (shard) => shard.cells.reduce((total, cell) => total + cell.count, 0)),
  });
}

const sum = (shards: readonly PlanShardRecord[], of: (shard: PlanShardRecord) => number): number =>
  shards.reduce((total, shard) => total + of(shard), 0);

function sumKinds(shards: readonly PlanShardRecord[]): Record<GateKind, number> {
  const entries = GATE_KINDS.map((kind) => [
    kind,
    kind === 'groupLoss' ? 0 : sum(shards, (shard) => shard.gateCounts[kind] ?? 0),
  ]);
  return Object.fromEntries(entries) as Record<GateKind, number>;
}

async function groupLosses(
  deps: ActivityDeps,
  runId: string,
  shards: readonly PlanShardRecord[],
  decision: GroupsDecision
): Promise<Parameters<typeof evaluateGate>[0]['groupLosses']> {
  const removals = new Map<string, number>();
  for (const [key, count] of shards.flatMap((shard) => Object.entries(shard.removals))) {
    removals.set(key, (removals.get(key) ?? 0) + count);
  }
  const groups = await deps.store.snapshots.targetGroups(runId);
  const members = new Map(groups.map((group) => [nameKey(group.name), group.activeMembers]));
  return [...removals].map(([groupKey, count]) => ({
    groupKey,
    activeMembers: members.get(groupKey) ?? 0,
    removals: count,
    linkedOrRequired: own(decision.byTargetKey, groupKey) !== undefined || own(decision.frozen, groupKey) !== undefined,
  }));
}
