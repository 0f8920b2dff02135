import { gateOperation } from '../domain/gate';
import type { GateResult } from '../domain/gate';
import { groupKeyOf } from '../domain/operation';
import type { GateKind, OperationStatus } from '../domain/operation';
import { onlyPlans } from '../domain/run';
import { createSeatBook } from '../domain/seats';
import type { SeatBook } from '../domain/seats';
import { createPlanHasher } from '../domain/plan-hash';
import type { PlanHasher } from '../domain/plan-hash';
import type { OperationRecord, PlanCell, RunRecord } from '../store/records';
import type { ActivityDeps } from './deps';
import { hourOf, judgePlan } from './judgePlan';
import { mergePlan } from './mergePlan';
import { particularsOfRun } from './particulars';
import { storeConnectedRenames } from './planShard';
import { heartbeat, whileHeartbeating } from './progress';
import type { RunContext, RunContexts } from './runContext';
import { seatingOf } from './seating';

/** empty: nothing to do · pass/partlyHeld: something to apply · held: all of it waits · preview: nothing may be applied. */
export type PlanVerdict = 'empty' | 'pass' | 'partlyHeld' | 'held' | 'preview';

/** `canary`: a few people come first (safety.canary). */
export interface SealedVerdict {
  readonly verdict: PlanVerdict;
  readonly canary?: true;
}

const SEAL_CHUNK = 500;
const HOUR_MS = 3_600_000;

/** Seals the plan: gate before the first write, numbers and hash over the merged shards, limits reserved. */
export function sealPlanActivities(deps: ActivityDeps, contexts: RunContexts) {
  const { store } = deps;
  return {
    async sealPlan({ runId, shards }: { readonly runId: string; readonly shards: number }): Promise<SealedVerdict> {
      const context = await contexts.load(runId);
      await store.runs.patch(runId, { phase: 'gate' });
      await storeConnectedRenames(deps, runId, shards);
      const planned = await store.plans.shards(runId);
      const { gate, denominators } = await judgePlan(deps, context, planned);
      const cells = planned.flatMap(({ shard, cells: counts }) => counts.map((cell) => ({ ...cell, shard })));
      const seating = await seatingOf(context.settings, particularsOfRun(deps, context));
      const seats = createSeatBook(seating?.applications ?? []);
      const sealed = await whileHeartbeating(() => sealOperations(deps, runId, cells, { gate, seats }));
      const preview = onlyPlans(context.run.mode) || context.settings.mode === 'observe';
      if (!preview)
        await store.gateUsage.set(context.run.connectorId, hourOf(context.run.startedAt), runId, sealed.passing);
      // Single syncs and what-ifs build on the latest planning over everybody.
      if (context.run.mode !== 'rollback' && context.run.mode !== 'handover')
        await store.connectors.patch(context.connector.id, { planned: { runId, denominators } });
      const warnings = [...new Set([...context.run.warnings, ...seatWarnings(seats)])];
      await store.runs.patch(runId, { ...planFields(context, gate, cells, sealed), warnings, phase: 'gate' });
      const verdict = preview ? 'preview' : verdictOf(sealed);
      return { verdict, ...(context.settings.safety.canary.users > 0 && { canary: true }) };
    },

    /** The cells of a sealed plan, for the workflow that applies it. */
    async outlinePlan({ planRunId }: { readonly planRunId: string }): Promise<{ readonly cells: readonly PlanCell[] }> {
      const run = await store.runs.get(planRunId);
      return { cells: run?.plan?.cells ?? [] };
    },
  };
}

interface SealedPlan {
  readonly planHash: string;
  readonly heldHash: string;
  readonly total: number;
  readonly held: number;
  /** Operations that pass, by gate kind: what the run reserves of the limits. */
  readonly passing: Partial<Record<GateKind, number>>;
}
interface Sealing {
  readonly plan: PlanHasher;
  readonly heldPlan: PlanHasher;
  readonly passing: Partial<Record<GateKind, number>>;
  total: number;
  held: number;
}
interface Seal {
  readonly id: string;
  readonly seq: number;
  readonly status: OperationStatus;
  readonly gateKinds: readonly GateKind[];
  readonly noSeats: readonly string[];
}
/** What decides about each operation of the plan. */
interface Judges {
  readonly gate: GateResult;
  readonly seats: SeatBook;
}

/** One warning an application that has too few seats. */
function seatWarnings({ refused }: SeatBook): readonly string[] {
  return [...refused].flatMap(([application, people]) => {
    if (people === 0) return [];
    const who = people === 1 ? '1 person waits' : `${people} people wait`;
    return [`${application} has too few seats: ${who} for one`];
  });
}

async function sealOperations(
  deps: ActivityDeps,
  runId: string,
  cells: readonly PlanCell[],
  judges: Judges
): Promise<SealedPlan> {
  const sealing: Sealing = { plan: createPlanHasher(), heldPlan: createPlanHasher(), passing: {}, total: 0, held: 0 };
  let chunk: Seal[] = [];
  for await (const operation of mergePlan(deps.store.plans, runId, cells)) {
    chunk.push(sealOne(sealing, operation, judges));
    if (chunk.length < SEAL_CHUNK) continue;
    await deps.store.plans.seal(chunk);
    heartbeat();
    chunk = [];
  }
  if (chunk.length > 0) await deps.store.plans.seal(chunk);
  const { total, held, passing } = sealing;
  return { planHash: sealing.plan.digest(), heldHash: sealing.heldPlan.digest(), total, held, passing };
}

function sealOne(sealing: Sealing, operation: OperationRecord, { gate, seats }: Judges): Seal {
  const groupKey = operation.kind === 'removeMembership' ? groupKeyOf(operation) : null;
  const { held: stopped, gateKinds } = gateOperation({ ...operation, groupKey }, gate);
  const noSeats = stopped ? [] : seats.take(operation);
  const held = stopped || noSeats.length > 0;
  sealing.total += 1;
  sealing.plan.add(operation.digest);
  if (held) {
    sealing.held += 1;
    sealing.heldPlan.add(operation.digest);
  } else {
    for (const kind of gateKinds) sealing.passing[kind] = (sealing.passing[kind] ?? 0) + 1;
  }
  return { id: operation.id, seq: sealing.total, status: held ? 'held' : 'planned', gateKinds, noSeats };
}

function planFields(
  { run, settings }: RunContext,
  gate: GateResult,
  cells: readonly PlanCell[],
  sealed: SealedPlan
): Partial<RunRecord> {
  const expires = new Date(Date.parse(run.startedAt) + settings.approval.expiresAfterHours * HOUR_MS);
  return {
    planHash: sealed.planHash,
    // A whole plan may be held and empty: an unhealthy read that nobody would lose anything by yet is to be accepted too.
    heldHash: sealed.held === 0 && !gate.wholePlan ? null : sealed.heldHash,
    gate: gate.verdicts,
    holdReasons: gate.holdReasons,
    progress: { done: 0, total: sealed.total - sealed.held },
    plan: {
      cells,
      total: sealed.total,
      held: sealed.held,
      heldKinds: gate.heldKinds,
      wholePlan: gate.wholePlan,
      createdAt: run.startedAt,
      expiresAt: expires.toISOString(),
    },
  };
}

function verdictOf({ total, held }: SealedPlan): PlanVerdict {
  if (total === 0) return 'empty';
  if (held === 0) return 'pass';
  return held === total ? 'held' : 'partlyHeld';
}
