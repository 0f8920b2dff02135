import { allHandlersFinished, condition, continueAsNew, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { FIRST_CURSOR, lanesOf, nextBatch } from '../domain/apply-cursor';
import type { ApplyCell, ApplyCursor } from '../domain/apply-cursor';
import { PHASES } from '../domain/operation';
import type { Phase } from '../domain/operation';
import { applyDetails } from './details';
import type { Tuning } from './messages';
import { inParallel } from './parallel';
import { bulkActivities } from './stubs';

export interface ApplyPlanWorkflowInput {
  /** The run that applies; its id is part of every write. */
  readonly runId: string;
  /** The run whose stored plan is applied: the same one, or the one that was approved. */
  readonly planRunId: string;
  readonly tuning?: Tuning;
  readonly cursor?: ApplyCursor;
  readonly totals?: ApplyPlanResult;
}
export interface ApplyPlanResult {
  readonly applied: number;
  /** Operations found `applying` from an older attempt and read from the target before anything was repeated. */
  readonly recovered: number;
}

const BATCHES_IN_FLIGHT = 8;

interface ApplyState {
  readonly input: ApplyPlanWorkflowInput;
  next: Record<string, number>;
  applied: number;
  recovered: number;
  batches: number;
}

/**
 * Applies a stored plan phase by phase, in batches of at most 200 operations, at most 8 at once.
 * History: 6 events a batch; continues as new by {phase, cursor} with no batch in flight (durability 3.6).
 * After a crash: a batch that is tried again reads what its earlier attempt left `applying` before it repeats anything.
 */
export async function applyPlanWorkflow(input: ApplyPlanWorkflowInput): Promise<ApplyPlanResult> {
  const cursor = input.cursor ?? FIRST_CURSOR;
  const totals = input.totals ?? { applied: 0, recovered: 0 };
  const state: ApplyState = { input, next: { ...cursor.next }, ...totals, batches: 0 };
  const { outlinePlan } = bulkActivities(input.tuning);
  const { cells } = await outlinePlan({ planRunId: input.planRunId });
  const tell = (phase: Phase): void => {
    setCurrentDetails(applyDetails(cells, { phase, next: state.next }, state.applied));
  };
  for (const phase of PHASES.filter((candidate) => candidate >= cursor.phase)) {
    for (const step of lanesOf(cells, phase)) {
      tell(phase);
      await inParallel(step, BATCHES_IN_FLIGHT, (cell) => applyLane(state, cell, tell));
      if (mustContinueAsNew(state)) {
        await condition(allHandlersFinished);
        return continueAsNew<typeof applyPlanWorkflow>(carried(state, phase));
      }
    }
    state.next = {};
  }
  return { applied: state.applied, recovered: state.recovered };
}

/** Applies a lane to its end, or to the point at which this history should end. */
async function applyLane(state: ApplyState, cell: ApplyCell, tell: (phase: Phase) => void): Promise<void> {
  const { applyBatch } = bulkActivities(state.input.tuning);
  const { runId, planRunId } = state.input;
  for (
    let batch = nextBatch(cell, state.next[cell.shard] ?? 0);
    batch !== null && !mustContinueAsNew(state);
    batch = nextBatch(cell, state.next[cell.shard] ?? 0)
  ) {
    const done = state.applied;
    const { phase, shard } = cell;
    const result = await applyBatch({ runId, planRunId, phase, shard, ...batch, done });
    state.next[cell.shard] = batch.to + 1;
    state.applied += result.applied;
    state.recovered += result.recovered;
    state.batches += 1;
    tell(phase);
  }
}

function mustContinueAsNew(state: ApplyState): boolean {
  const after = state.input.tuning?.continueAsNewAfter;
  return workflowInfo().continueAsNewSuggested || (after !== undefined && state.batches >= after);
}

function carried(state: ApplyState, phase: Phase): ApplyPlanWorkflowInput {
  const { applied, recovered } = state;
  return { ...state.input, cursor: { phase, next: state.next }, totals: { applied, recovered } };
}
