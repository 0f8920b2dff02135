import { activityInfo } from '@temporalio/activity';
import type { PlanContext, UserFacts, UserPlan } from '../../domain/facts';
import { evaluateGate, gateOperation } from '../../domain/gate';
import type { GateResult } from '../../domain/gate';
import { userShardName } from '../../domain/ids';
import { nameKey } from '../../domain/names';
import { GATE_KINDS, groupKeyOf } from '../../domain/operation';
import type { GateKind, OperationKind } from '../../domain/operation';
import { createSeatBook } from '../../domain/seats';
import type { SeatBook } from '../../domain/seats';
import { planUser } from '../../domain/plan-user';
import type { OperationRecord, PlanShardRecord } from '../../store/records';
import type { GateReservation } from '../../store/limit-repositories';
import { noteBookkeeping } from '../bookkeeping';
import type { ActivityDeps } from '../deps';
import { toShard } from '../draftShard';
import { withLeads } from '../leadFacts';
import { askedOrganizations, particularsOf } from '../particulars';
import type { Particulars } from '../particulars';
import { firstRunOf, groupLosses, hourOf, standingRules, sumRemovals, sumsOf } from '../judgePlan';
import { usernameOf } from '../planShard';
import { noteSeats, seatingOf } from '../seating';
import { dayRunId } from './dayRun';
import type { SingleContext } from './order';
import type { GatheredPerson } from './personFacts';
import { specialFor } from './specialPerson';

export interface PlannedPerson {
  readonly externalId: string;
  readonly username: string | null;
  readonly plan: UserPlan;
  readonly shard: PlanShardRecord;
  /** With the status that the gate gives them. */
  readonly operations: readonly OperationRecord[];
}
type Counts = Record<GateKind, number>;

/** Nothing is judged by counts of a source: one person was read. */
const HEALTHY = { healthy: true, reasons: [] } as const;

/** What one sync reserves of the limits, under a key of its own for each plan it makes. */
export const reservationOf = ({ order }: SingleContext, attempt: number): GateReservation => ({
  connectorId: order.connectorId,
  hour: hourOf(order.at),
  runId: dayRunId(order),
  key: `${order.requestId}:${attempt}`,
});

/**
 * Plans one person by the decisions that runs use, and puts the plan before the gate: what the connector's runs and single
 * syncs used of the limits counts together (rules 4.1). What passes is reserved before anything is written.
 */
export async function planPerson(
  deps: ActivityDeps,
  context: SingleContext,
  person: GatheredPerson,
  attempt: number
): Promise<PlannedPerson> {
  const particulars = particularsOf(context.target);
  const organizations = await askedOrganizations(context.settings, particulars);
  const rules = { ...(await planContext(context, person)), ...organizations };
  const [facts = person.facts] = await withLeads(context.target, particulars, [person.facts], rules);
  const { plan, seats } = await seated(context, particulars, facts, planUser(facts, rules));
  const username = usernameOf(facts);
  const { record, operations } = toShard({
    runId: dayRunId(context.order),
    // Of its own for each try: what a try that died has stored is never taken for this plan.
    shard: userShardName(context.order.requestId, attempt, activityInfo().attempt),
    drafts: plan.operations,
    username: () => username,
  });
  const gate = await judge(deps, context, person, record, attempt);
  if (!context.preview && person.link !== null) {
    const noted = { ...rules, connectorId: context.order.connectorId };
    await noteBookkeeping(deps, noted, [{ facts, plan }], new Map([[facts.externalId, person.link]]));
  }
  return {
    externalId: facts.externalId,
    username,
    plan,
    shard: record,
    operations: operations.map((operation) => sealed(operation, gate, seats)),
  };
}

async function planContext(context: SingleContext, { facts, groups, complete }: GatheredPerson): Promise<PlanContext> {
  const { settings, connector, order } = context;
  const special = await specialFor(context, facts);
  return {
    settings,
    targetId: connector.targetId,
    groups,
    complete,
    now: order.at,
    syncAccountKey: special.syncAccountKey,
    protectedKeys: new Set(special.protectedKeys),
    lastMemberKeys: new Set(special.lastMemberKeys),
    protectedGroups: new Set(settings.protected.groups.map(nameKey)),
    ...special.leads,
  };
}

async function judge(
  deps: ActivityDeps,
  context: SingleContext,
  { groups }: GatheredPerson,
  shard: PlanShardRecord,
  attempt: number
): Promise<GateResult> {
  const { planned } = context.connector;
  const sums = sumsOf([shard]);
  const removals = sumRemovals([shard]);
  const read =
    planned === undefined ? [] : await deps.store.snapshots.targetGroupsNamed(planned.runId, [...removals.keys()]);
  return evaluateGate({
    ...standingRules(deps, context),
    ...sums,
    used: await usedByOthers(deps, context, sums.counts, attempt),
    denominators: planned?.denominators ?? { activeManaged: 0, ownedMemberships: 0, linkedGroups: 0 },
    groupLosses: groupLosses(removals, read, groups),
    firstRun: firstRunOf(context, [shard]),
    health: HEALTHY,
  });
}

/** Reserves first and reads then, so that two at the same moment see each other (durability 3.7). */
async function usedByOthers(
  deps: ActivityDeps,
  context: SingleContext,
  own: Readonly<Counts>,
  attempt: number
): Promise<Counts> {
  const { gateUsage } = deps.store;
  const reservation = reservationOf(context, attempt);
  const counted = GATE_KINDS.some((kind) => own[kind] > 0);
  const reserves = counted && !context.preview;
  if (reserves) await gateUsage.reserve(reservation, own);
  const used = await gateUsage.used(reservation.connectorId, reservation.hour, '');
  const others = GATE_KINDS.map((kind) => [kind, used[kind] - (reserves ? own[kind] : 0)] as const);
  return Object.fromEntries(others) as Counts;
}

/** Seats are asked for where the plan gives access or ends it; groups of the account are known, all of them. */
async function seated(
  { settings, target }: SingleContext,
  particulars: Particulars,
  facts: UserFacts,
  plan: UserPlan
): Promise<{ readonly plan: UserPlan; readonly seats: SeatBook }> {
  const gives = plan.operations.some(({ kind }) => SEAT_KINDS.has(kind));
  const seating = gives ? await seatingOf(settings, particulars) : null;
  if (seating === null) return { plan, seats: createSeatBook([]) };
  const read = new Set(seating.applications.flatMap(({ groupKeys }) => [...groupKeys]));
  const operations = await noteSeats(target, seating, read, { facts, operations: plan.operations });
  return { plan: { ...plan, operations }, seats: createSeatBook(seating.applications) };
}

const SEAT_KINDS: ReadonlySet<OperationKind> = new Set(['createUser', 'reactivateUser', 'addMembership']);

function sealed(operation: OperationRecord, gate: GateResult, seats: SeatBook): OperationRecord {
  const groupKey = operation.kind === 'removeMembership' ? groupKeyOf(operation) : null;
  const { held, gateKinds } = gateOperation({ ...operation, groupKey }, gate);
  const noSeats = held ? [] : seats.take(operation);
  return { ...operation, gateKinds, noSeats, status: held || noSeats.length > 0 ? 'held' : 'planned' };
}
