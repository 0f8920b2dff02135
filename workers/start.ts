import type { Timings } from '../activities';
import { createConfigSchema } from '../config/schema';
import type { TemporalAddress } from '../config/temporal';
import type { ProviderDefinition } from '../connectors/provider';
import { checkSchedule } from '../domain/schedule';
import { openStore } from '../store/connect';
import { stateOfConnectors } from '../store/connector-figures';
import type { EncryptionKey } from '../store/encryption-key';
import { createSecretBox } from '../store/secrets';
import type { Log } from '../telemetry/log';
import type { Metrics } from '../telemetry/metrics';
import type { WorkMetrics } from '../telemetry/work-metrics';
import { activityDeps } from './dependencies';
import { ensureSearchAttributes } from './searchAttributes';
import { connectWorker } from './temporal';
import { startWorkers } from './worker';
import type { RunningWorker } from './worker';

export interface WorkerProcessOptions {
  readonly mongoUri: string;
  readonly temporal: TemporalAddress;
  /** The first seals, all open. */
  readonly encryptionKeys: readonly EncryptionKey[];
  readonly definitions: readonly ProviderDefinition[];
  readonly timings: Timings;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Made of `metrics`, once a process: a start that is tried again goes on with the same. */
  readonly workMetrics: WorkMetrics;
}

/**
 * Connects to the store and to Temporal and starts working. `stop` lets running calls end and closes both.
 * @throws StoreUnavailableError, SearchAttributeError, or the SDK's error when Temporal does not answer
 */
export async function startWorker(options: WorkerProcessOptions): Promise<RunningWorker> {
  const { mongoUri, temporal, encryptionKeys, definitions, timings, log, metrics, workMetrics } = options;
  const store = await openStore({ mongoUri });
  const opened: (() => Promise<void>)[] = [() => store.close()];
  const closeAll = async (): Promise<void> => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    const connection = await connectWorker(temporal);
    opened.push(() => connection.close());
    await ensureSearchAttributes(connection.operatorService, temporal.namespace);
    const schema = createConfigSchema({ definitions, checkSchedule, now: () => Date.now() });
    const secretBox = createSecretBox(encryptionKeys);
    const deps = activityDeps({ store, schema, definitions, secretBox, timings, log, metrics: workMetrics });
    const worker = await startWorkers({ connection, namespace: temporal.namespace, deps });
    metrics.watchConnectors(() => stateOfConnectors(store, Date.now()));
    return {
      ended: worker.ended,
      stop: () => worker.stop().finally(closeAll),
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
