import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import {
  SWEEP_WORKFLOW_ID,
  applyWorkflowId,
  changesWorkflowId,
  connectorWorkflowId,
  runWorkflowId,
  taskWorkflowId,
  userWorkflowId,
} from '../../domain/ids';
import { CHANGES_WORKFLOW, FLOW_QUEUE, TASK_WORKFLOW, changesWaitSignal, removeUpdate } from '../../workflows/messages';
import { until } from './commands';
import { historiesOf, recorded } from './histories';
import type { RecordedHistory } from './histories';
import { changed, people, person } from './people';
import { sweep, syncPerson } from './single';
import { startSystem } from './system';
import type { System } from './system';

const PATIENCE_MS = 20_000;
const MISSED_MS = 5_000;
const PEOPLE = people(12);
/** More than the limits let through: a quarter of the people, and six renames. */
const OVER_LIMITS = changed(PEOPLE, [1, 2, 3, 4], { active: false }).map((row, index) =>
  index >= 6 ? { ...row, username: `${row.username}-new` } : row
);
/** Somebody whose names may stand in a history: the id of the workflow holds what was asked for. */
const NEWCOMER = { ...person(13), id: 'newcomer', username: 'newcomer' };
const SCHEDULE = { cron: '*/2 * * * * *', timezone: 'Europe/Berlin', jitterSeconds: 0 };

/** Lives through everything that histories have to hold, and gives the histories of all workflows. */
export async function recordHistories(): Promise<readonly RecordedHistory[]> {
  const system = await startSystem({ connectorId: 'corp', rows: PEOPLE, tuning: { continueAsNewAfter: 2 } });
  try {
    await system.run();
    await holdAndApprove(system);
    await cancelWhileApplying(system);
    await missTicks(system);
    await failAndPause(system);
    const task = await testConnection(system);
    await syncOnePerson(system);
    await sweep(system);
    await sweep(system);
    await lookForPushes(system);
    const runs = (await system.runs()).map(({ id }) => id);
    await system.handle.executeUpdate(removeUpdate, {
      args: [{ requestId: randomUUID(), whenConnectorIsDeleted: 'release' }],
    });
    await system.handle.result();
    const ids = [
      connectorWorkflowId(system.connectorId),
      ...runs.flatMap((id) => [runWorkflowId(id), applyWorkflowId(id)]),
      taskWorkflowId(task),
      userWorkflowId(system.connectorId, NEWCOMER.id),
      SWEEP_WORKFLOW_ID,
      changesWorkflowId(system.connectorId),
    ];
    const all = await Promise.all(ids.map((id) => recordedOf(system, id)));
    return all.flat();
  } finally {
    await system.stop();
  }
}

/** Not every run has a plan to apply. */
async function recordedOf(system: System, workflowId: string): Promise<readonly RecordedHistory[]> {
  const exists = await system.client.workflow
    .getHandle(workflowId)
    .describe()
    .then(
      () => true,
      () => false
    );
  if (!exists) return [];
  return (await historiesOf(system.client, workflowId)).map((history) => recorded(workflowId, history));
}

async function holdAndApprove(system: System): Promise<void> {
  system.write(OVER_LIMITS);
  const hold = await system.run();
  await system.run();
  await system.ended(await system.approve(hold, { kinds: ['renames'] }));
  await system.ended(await system.approve(hold));
  await system.run('preview');
}

async function cancelWhileApplying(system: System): Promise<void> {
  system.write([...OVER_LIMITS, ...people(30).slice(12)]);
  await system.sim.addFault({ kind: 'hang-after', match: { endpoint: 'POST /user' } });
  const running = await system.request();
  await system.sim.waitUntilHeld(2, PATIENCE_MS);
  const waiting = await system.request();
  const alsoWaiting = await system.request('preview');
  await system.cancel(alsoWaiting);
  await system.cancel(running);
  await system.ended(running);
  await system.sim.removeFaults();
  await system.sim.release();
  await system.ended(waiting);
}

async function missTicks(system: System): Promise<void> {
  await system.reconfigure({ schedule: SCHEDULE });
  const before = (await system.runs()).length;
  await until(async () => (await system.runs()).length > before);
  await system.pause();
  await until(async () => (await system.view()).runningRunId === null);
  await system.resume();
  await until(async () => (await system.view()).nextFireMs !== null);
  await system.worker.stop();
  const stoppedMs = Date.now();
  await until(() => Promise.resolve(Date.now() > stoppedMs + MISSED_MS));
  await system.worker.start();
  await until(async () => (await system.runs()).some(({ missedTicks }) => missedTicks > 0));
  await system.reconfigure({ schedule: { ...SCHEDULE, enabled: false } });
}

async function failAndPause(system: System): Promise<void> {
  rmSync(system.file);
  await system.run();
  await system.pause();
  await system.request().catch(() => undefined);
  await system.resume();
}

async function testConnection(system: System): Promise<string> {
  const id = randomUUID();
  const createdAt = new Date().toISOString();
  await system.store.requests.open({ id, kind: 'testTarget', subject: 'jira', input: {}, createdAt });
  await system.client.workflow.execute(TASK_WORKFLOW, {
    workflowId: taskWorkflowId(id),
    taskQueue: FLOW_QUEUE,
    args: [{ requestId: id }],
  });
  return id;
}

/** The file is there again, and has somebody new. */
async function syncOnePerson(system: System): Promise<void> {
  system.write([...PEOPLE, NEWCOMER]);
  const { error } = await syncPerson(system, NEWCOMER.id);
  if (error !== null) throw new Error(`the sync of one person failed: ${error}`);
}

/** Nothing waits: the workflow looks, stays a while for more, and ends. */
async function lookForPushes({ client, connectorId }: System): Promise<void> {
  const handle = await client.workflow.signalWithStart(CHANGES_WORKFLOW, {
    workflowId: changesWorkflowId(connectorId),
    taskQueue: FLOW_QUEUE,
    args: [{ connectorId }],
    signal: changesWaitSignal,
  });
  await handle.result();
}
