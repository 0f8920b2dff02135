import {
  CancellationScope,
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  allHandlersFinished,
  condition,
  continueAsNew,
  executeChild,
  isCancellation,
  log,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import type { ConnectorFacts } from '../activities';
import { runWorkflowId } from '../domain/ids';
import { dequeue, emptyQueue, enqueue } from '../domain/run-queue';
import type { QueuedRun, RunOrder } from '../domain/run-queue';
import { dueTicks, jitterMs, nextFire } from '../domain/schedule';
import { markConnector, runAttributes } from './attributes';
import { PLAIN_ORDER, registerHandlers } from './connectorHandlers';
import type { ConnectorState } from './connectorHandlers';
import { connectorDetails, timeInWords } from './details';
import type { ConnectorWorkflowInput } from './messages';
import { closingActivities, interactiveActivities } from './stubs';
import type { SyncRunResult, syncRunWorkflow } from './syncRunWorkflow';

/** Why the loop woke: `run` starts the first waiting run, `tick` asks for one first, `reload` reads the configuration again, `remove` ends. */
type Wake = 'run' | 'tick' | 'reload' | 'remove';

/**
 * Owns one connector for ever: its schedule, its one running run, the requests that wait.
 * History: about 20 events a run and 6 an update; continues as new between two runs when the server suggests it.
 * After a crash: the queue lies in this history, a run in its own; a failed run never ends this workflow.
 */
export async function connectorWorkflow(input: ConnectorWorkflowInput): Promise<void> {
  const state = restore(input);
  registerHandlers(input.connectorId, state);
  markConnector(input.connectorId);
  const { loadConnector } = interactiveActivities();
  for (;;) {
    state.reconfigured = false;
    const facts = await loadConnector({ connectorId: input.connectorId });
    if (facts === null) return;
    adopt(state, facts);
    const wake = await nextWake(state, facts);
    if (wake === 'remove') return closeForEver(input);
    if (wake === 'tick') takeTick(input.connectorId, state, facts);
    if (wake !== 'reload') await runNext(input, state);
    if (mustContinueAsNew(input, state)) {
      await condition(allHandlersFinished);
      return continueAsNew<typeof connectorWorkflow>({ ...input, carried: carry(state) });
    }
  }
}

function restore(input: ConnectorWorkflowInput): ConnectorState {
  const now = workflowInfo().startTime.getTime();
  return {
    queue: input.carried?.queue ?? emptyQueue(0),
    paused: input.carried?.paused ?? false,
    configVersion: input.carried?.configVersion ?? null,
    removal: false,
    loaded: false,
    reconfigured: false,
    lastFireMs: input.carried?.lastFireMs ?? now,
    nextFireMs: null,
    running: null,
    lastEnd: null,
    runsStarted: 0,
  };
}

function carry(state: ConnectorState): NonNullable<ConnectorWorkflowInput['carried']> {
  const { queue, paused, configVersion, lastFireMs } = state;
  return { queue, paused, configVersion, lastFireMs };
}

function mustContinueAsNew(input: ConnectorWorkflowInput, state: ConnectorState): boolean {
  const after = input.tuning?.continueAsNewAfter;
  return workflowInfo().continueAsNewSuggested || (after !== undefined && state.runsStarted >= after);
}

function adopt(state: ConnectorState, facts: ConnectorFacts): void {
  if (facts.lastRun > state.queue.lastRun) state.queue = { ...state.queue, lastRun: facts.lastRun };
  state.paused = facts.paused;
  // A changed schedule counts from its change: ticks that it would have had before are nobody's.
  if (state.configVersion !== null && state.configVersion !== facts.configVersion) state.lastFireMs = Date.now();
  state.configVersion = facts.configVersion;
  if (facts.deleting) state.removal = true;
  state.loaded = true;
}

async function nextWake(state: ConnectorState, facts: ConnectorFacts): Promise<Wake> {
  const schedule = state.paused || facts.schedule?.enabled !== true ? null : facts.schedule;
  const fire = schedule === null ? null : nextFire(schedule, state.lastFireMs);
  state.nextFireMs = fire === null ? null : fire + jitterMs(facts.connectorId, schedule?.jitterSeconds ?? 0);
  setCurrentDetails(connectorDetails(state));
  const woken = (): boolean => state.removal || state.reconfigured || state.queue.waiting.length > 0;
  if (state.nextFireMs === null) await condition(woken);
  else if (!woken() && state.nextFireMs > Date.now()) {
    const summary = `next tick ${timeInWords(state.nextFireMs)}`;
    await condition(woken, state.nextFireMs - Date.now(), { summary });
  }
  if (state.removal) return 'remove';
  if (state.queue.waiting.length > 0) return 'run';
  return state.reconfigured ? 'reload' : 'tick';
}

/** Turns every tick since the last one into one run, with the number of those that were missed. */
function takeTick(connectorId: string, state: ConnectorState, facts: ConnectorFacts): void {
  if (facts.schedule === null) return;
  const ticks = dueTicks(facts.schedule, state.lastFireMs, Date.now());
  if (!ticks.due) return;
  state.lastFireMs = ticks.fireMs;
  const order: RunOrder = {
    ...PLAIN_ORDER,
    mode: 'sync',
    trigger: 'schedule',
    requestId: null,
    missedTicks: ticks.missed,
  };
  state.queue = enqueue(state.queue, connectorId, order).queue;
}

async function runNext(input: ConnectorWorkflowInput, state: ConnectorState): Promise<void> {
  const next = dequeue(state.queue);
  if (next === null) return;
  state.queue = next.queue;
  state.runsStarted += 1;
  const scope = new CancellationScope({ cancellable: true });
  state.running = { runId: next.run.runId, scope };
  setCurrentDetails(connectorDetails(state));
  try {
    const { status } = await scope.run(() => startRun(input, next.run));
    state.lastEnd = `${next.run.runId} ${status}`;
  } catch (error) {
    state.lastEnd = `${next.run.runId} failed`;
    if (!isCancellation(error)) log.warn('run ended with a failure', { runId: next.run.runId });
    await CancellationScope.nonCancellable(() =>
      closingActivities(input.tuning).recordLostRun({ connectorId: input.connectorId, run: next.run })
    );
  } finally {
    state.running = null;
  }
}

function startRun(input: ConnectorWorkflowInput, run: QueuedRun): Promise<SyncRunResult> {
  return executeChild<typeof syncRunWorkflow>('syncRunWorkflow', {
    workflowId: runWorkflowId(run.runId),
    args: [{ connectorId: input.connectorId, run, ...(input.tuning && { tuning: input.tuning }) }],
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    staticSummary: `${run.mode} run ${run.runId} (${run.trigger})`,
    typedSearchAttributes: runAttributes(input.connectorId, run),
  });
}

async function closeForEver({ connectorId, tuning }: ConnectorWorkflowInput): Promise<void> {
  await closingActivities(tuning).removeConnector({ connectorId });
  await condition(allHandlersFinished);
}
