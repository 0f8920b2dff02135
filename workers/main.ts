import { readEnvironment } from '../config/environment';
import type { Environment } from '../config/environment';
import { ConfigurationError } from '../config/errors';
import { providerDefinitions } from '../connectors/registry';
import { EncryptionKeyError, loadEncryptionKey } from '../store/encryption-key';
import { createLogger } from '../telemetry/log';
import { createMetrics } from '../telemetry/metrics';
import { createWorkMetrics } from '../telemetry/work-metrics';
import { startMetricsServer } from './metricsServer';
import type { MetricsServer } from './metricsServer';
import { patiently } from './patience';
import { installTemporalRuntime } from './runtime';
import { startWorker } from './start';
import type { WorkerProcessOptions } from './start';
import type { RunningWorker } from './worker';

const WRONG_CONFIGURATION = 64;
const FAILED = 1;
const LOOPBACK = '127.0.0.1';
/** Servers that start together with this process need no longer. */
const CONNECT_LIMIT_MS = 60_000;
const CONNECT_PAUSE_MS = 2_000;

/** What the worker needs, from the environment; the embedded servers are assumed where none are named. */
async function optionsFrom(environment: Environment): Promise<WorkerProcessOptions> {
  const { temporal, mongodbUri, embedded, dataDir, encryptionKey, tuning, logLevel } = environment;
  const key = await loadEncryptionKey({
    dataDir,
    embedded: mongodbUri === null,
    ...(encryptionKey === null ? {} : { configured: encryptionKey }),
  });
  const metrics = createMetrics();
  return {
    mongoUri: mongodbUri ?? `mongodb://${LOOPBACK}:${embedded.mongodbPort}`,
    temporal: { ...temporal, address: temporal.address ?? `${LOOPBACK}:${embedded.temporalPort}` },
    encryptionKeys: [key],
    definitions: providerDefinitions({ baseDirectory: process.cwd() }),
    timings: { leaseMs: tuning.leaseSeconds * 1_000, httpTimeoutMs: tuning.httpTimeoutSeconds * 1_000 },
    log: createLogger({ name: 'worker', level: logLevel }),
    metrics,
    workMetrics: createWorkMetrics(metrics),
  };
}

/** Where this process listens, if it does; as for the API. */
const host = (): string => process.env.HOST?.trim() || LOOPBACK;

const socketAddress = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Waits for the store and for Temporal, which may start at the same time as this process. */
function connect(options: WorkerProcessOptions): Promise<RunningWorker> {
  return patiently(() => startWorker(options), {
    limitMs: CONNECT_LIMIT_MS,
    pauseMs: CONNECT_PAUSE_MS,
    onFailure: (error, leftMs) => {
      options.log.warn({ reason: messageOf(error) }, `try again for ${Math.round(leftMs / 1_000)} s`);
    },
  });
}

/** SIGTERM and SIGINT let running calls end; a second one does not wait for them (Temporal gives them to another worker). */
function stopOnSignals(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = (): void => {
    if (stopping) process.exit(FAILED);
    stopping = true;
    stop().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

/** One clear line for what an admin can put right. */
function fail(error: unknown): never {
  console.error(`rollcall worker: ${messageOf(error)}`);
  const isConfiguration = error instanceof ConfigurationError || error instanceof EncryptionKeyError;
  process.exit(isConfiguration ? WRONG_CONFIGURATION : FAILED);
}

/** Shows the metrics where the environment names a port for them. */
async function showMetrics(
  { metrics: { port } }: Environment,
  options: WorkerProcessOptions
): Promise<MetricsServer | null> {
  const { metrics, log } = options;
  return port === null ? null : startMetricsServer({ host: host(), port, metrics, log });
}

/** Runs until a signal comes (exit 0) or the connection to Temporal is lost for good (exit 1). */
async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  const options = await optionsFrom(environment);
  const { log, temporal } = options;
  const { temporalPort } = environment.metrics;
  installTemporalRuntime(log, temporalPort === null ? null : socketAddress(host(), temporalPort));
  let worker: RunningWorker | null = null;
  const shown = await showMetrics(environment, options);
  // Seen to the end: what a stopping worker still does counts too.
  stopOnSignals(async () => {
    await worker?.stop();
    await shown?.close();
  });
  worker = await connect(options);
  log.info({ address: temporal.address, namespace: temporal.namespace }, 'take work');
  await worker.ended;
}

if (require.main === module) {
  main().catch(fail);
}
