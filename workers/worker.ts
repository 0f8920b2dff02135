import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import type { WorkerOptions, NativeConnection } from '@temporalio/worker';
import { createActivities } from '../activities';
import type { ActivityDeps } from '../activities';
import { BULK_QUEUE, FLOW_QUEUE, INTERACTIVE_QUEUE } from '../workflows/messages';
import { activityTimings } from './activityTimings';
import { BUNDLE_IGNORED_MODULES } from './bundling';

/** Running calls get this long to end when the worker stops; then they are told to stop. */
const SHUTDOWN_GRACE = '10 seconds';
const SHUTDOWN_FORCE = '40 seconds';
/** What one process carries at once; a batch is mostly waiting for the target. */
const BULK_SLOTS = 12;
const INTERACTIVE_SLOTS = 20;

export interface WorkerRuntime {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly deps: ActivityDeps;
  /** A bundle of the workflows made elsewhere. @default the build's, else the sources */
  readonly workflowBundlePath?: string;
}
export interface RunningWorker {
  /** Settles when the workers have stopped: by `stop`, or because they failed. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Workflow code: a given bundle, the one that the build made, or the sources where there is none. */
function workflowCode(
  given: string | undefined
): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath' | 'bundlerOptions'> {
  const codePath = given ?? join(__dirname, '..', 'workflow-bundle.js');
  if (existsSync(codePath)) return { workflowBundle: { codePath } };
  return {
    workflowsPath: join(__dirname, '..', 'workflows'),
    bundlerOptions: { ignoreModules: [...BUNDLE_IGNORED_MODULES] },
  };
}

/** Starts the workers of the three queues (durability 5.1) in this process. */
export async function startWorkers(runtime: WorkerRuntime): Promise<RunningWorker> {
  const { connection, namespace, deps, workflowBundlePath } = runtime;
  const shared = {
    connection,
    namespace,
    interceptors: { activity: [activityTimings(deps.metrics)] },
    shutdownGraceTime: SHUTDOWN_GRACE,
    shutdownForceTime: SHUTDOWN_FORCE,
  };
  const workers = await Promise.all([
    Worker.create({ ...shared, taskQueue: FLOW_QUEUE, ...workflowCode(workflowBundlePath) }),
    Worker.create({
      ...shared,
      taskQueue: INTERACTIVE_QUEUE,
      activities: createActivities(deps, 'interactive'),
      maxConcurrentActivityTaskExecutions: INTERACTIVE_SLOTS,
    }),
    Worker.create({
      ...shared,
      taskQueue: BULK_QUEUE,
      activities: createActivities(deps, 'bulk'),
      maxConcurrentActivityTaskExecutions: BULK_SLOTS,
    }),
  ]);
  const stopAll = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const ended = Promise.all(workers.map((worker) => worker.run().finally(stopAll))).then(() => undefined);
  return {
    ended,
    stop: async () => {
      stopAll();
      await ended.finally(() => deps.close());
    },
  };
}
