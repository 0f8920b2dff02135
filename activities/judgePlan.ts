import type { GroupsDecision } from '../domain/facts';
import { evaluateGate } from '../domain/gate';
import { activeExceptions } from '../domain/gate-exceptions';
import type { GateDenominators } from '../domain/gate-limits';
import type { GateResult } from '../domain/gate';
import { GATE_KINDS } from '../domain/operation';
import type { GateKind } from '../domain/operation';
import { nameKey } from '../domain/names';
import { own } from '../domain/records';
import type { HealthVerdict } from '../domain/source-health';
import type { LatestPlanning, PlanShardRecord } from '../store/records';
import type { TargetGroupRecord } from '../store/snapshot-records';
import { storedGroups } from './decideGroups';
import type { ActivityDeps } from './deps';
import type { ConnectorContext, RunContext } from './runContext';

/** Hour of the bucket in which a run's use of the limits is counted. */
export const hourOf = (iso: string): string => iso.slice(0, 'yyyy-mm-ddThh'.length);

/** Brings what the shards counted before the gate (rules 4). @returns also what later single syncs are measured against */
export async function judgePlan(
  deps: ActivityDeps,
  context: RunContext,
  shards: readonly PlanShardRecord[]
): Promise<{ readonly gate: GateResult; readonly denominators: GateDenominators }> {
  const { run } = context;
  const { store } = deps;
  const planned = plannedBefore(context);
  const counted = planned?.runId ?? run.id;
  const groups = await storedGroups(deps, counted);
  const removals = sumRemovals(shards);
  const denominators: GateDenominators = planned?.denominators ?? {
    activeManaged: sum(shards, (shard) => shard.activeManaged),
    ownedMemberships: sum(shards, (shard) => shard.ownedMemberships),
    linkedGroups: (await store.groupLinks.list(run.connectorId)).length,
  };
  const gate = evaluateGate({
    ...standingRules(deps, context),
    ...sumsOf(shards),
    used: await store.gateUsage.used(run.connectorId, hourOf(run.startedAt), run.id),
    denominators,
    groupLosses: groupLosses(removals, await store.snapshots.targetGroups(counted), groups),
    firstRun: firstRunOf(context, shards),
    health: (await store.snapshots.artifact(run.id, 'health')) as HealthVerdict,
  });
  return { gate, denominators };
}

/** A roll-back reads only the people it concerns: it is measured against the latest planning over everybody. */
const plannedBefore = ({ run, connector }: RunContext): LatestPlanning | null =>
  run.mode === 'rollback' ? (connector.planned ?? null) : null;

type GateInput = Parameters<typeof evaluateGate>[0];

/** What the gate knows of the connector whatever the plan is. */
export function standingRules(
  deps: ActivityDeps,
  { settings, connector, acknowledgedScope }: ConnectorContext
): Pick<GateInput, 'settings' | 'approval' | 'exceptions' | 'settingsUnacknowledged'> {
  const { acknowledged, firstRunOver } = connector;
  const scope = deps.scopeFingerprint(settings);
  const changed = acknowledged !== null && acknowledged !== scope && acknowledgedScope !== scope;
  return {
    settings: settings.safety,
    approval: settings.approval,
    exceptions: activeExceptions(settings.safety.exceptions, deps.now().toISOString()),
    settingsUnacknowledged: firstRunOver && changed,
  };
}

export const firstRunOf = (
  { connector }: ConnectorContext,
  shards: readonly PlanShardRecord[]
): GateInput['firstRun'] => ({
  pending: !connector.firstRunOver,
  touchesExisting: shards.some((shard) => shard.touchesExisting),
});

/** The operations of the shards by gate kind, and all of them. */
export const sumsOf = (shards: readonly PlanShardRecord[]): Pick<GateInput, 'counts' | 'operations'> => ({
  counts: sumKinds(shards),
  operations: sum(shards, (shard) => shard.cells.reduce((total, cell) => total + cell.count, 0)),
});

const sum = (shards: readonly PlanShardRecord[], of: (shard: PlanShardRecord) => number): number =>
  shards.reduce((total, shard) => total + of(shard), 0);

function sumKinds(shards: readonly PlanShardRecord[]): Record<GateKind, number> {
  const entries = GATE_KINDS.map((kind) => [
    kind,
    kind === 'groupLoss' ? 0 : sum(shards, (shard) => shard.gateCounts[kind] ?? 0),
  ]);
  return Object.fromEntries(entries) as Record<GateKind, number>;
}

export function sumRemovals(shards: readonly PlanShardRecord[]): ReadonlyMap<string, number> {
  const removals = new Map<string, number>();
  for (const [key, count] of shards.flatMap((shard) => Object.entries(shard.removals))) {
    removals.set(key, (removals.get(key) ?? 0) + count);
  }
  return removals;
}

/** What each group would lose, of the members it had when it was read. */
export function groupLosses(
  removals: ReadonlyMap<string, number>,
  groups: readonly TargetGroupRecord[],
  decision: GroupsDecision
): GateInput['groupLosses'] {
  const members = new Map(groups.map((group) => [nameKey(group.name), group.activeMembers]));
  return [...removals].map(([groupKey, count]) => ({
    groupKey,
    activeMembers: members.get(groupKey) ?? 0,
    removals: count,
    linkedOrRequired: own(decision.byTargetKey, groupKey) !== undefined || own(decision.frozen, groupKey) !== undefined,
  }));
}
