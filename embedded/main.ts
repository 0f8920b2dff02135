import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ListenError } from '../api/server';
import { startApi } from '../api/start';
import { readEnvironment } from '../config/environment';
import type { Environment } from '../config/environment';
import { ConfigurationError } from '../config/errors';
import { createConfigSchema } from '../config/schema';
import { createProvider, providerDefinitions } from '../connectors/registry';
import { checkSchedule } from '../domain/schedule';
import { startJiraSimulator } from '../simulators/jira/start';
import { StoreUnavailableError } from '../store/connect';
import { EncryptionKeyError, loadEncryptionKey } from '../store/encryption-key';
import type { EncryptionKey } from '../store/encryption-key';
import { createLogger } from '../telemetry/log';
import { createMetrics } from '../telemetry/metrics';
import { createWorkMetrics } from '../telemetry/work-metrics';
import { MetricsListenError } from '../workers/metricsServer';
import { installTemporalRuntime } from '../workers/runtime';
import { startWorker } from '../workers/start';
import { addressLines } from './app/addresses';
import { adminToken } from './app/admin-token';
import { createApiClient, ApiRefusal } from './app/api-client';
import { untilEnd } from './app/ending';
import { EXIT, StartError } from './app/exits';
import { syncAtStart, syncOnce } from './app/first-sync';
import type { SyncOptions } from './app/first-sync';
import { createLifetime, endOnSignals } from './app/lifetime';
import type { Lifetime } from './app/lifetime';
import { openLogFile } from './app/log-file';
import { readNoted, writeNoted } from './app/noted';
import { parseOptions } from './app/options';
import type { StartOptions } from './app/options';
import { createProgress, noProgress } from './app/progress';
import { requirePorts, startServers } from './app/servers';
import { setUp } from './app/set-up';
import { needsSimulatedJira, readWanted } from './app/wanted';
import type { Wanted } from './app/wanted';
import { EmbeddedServerError } from './errors';
import { LOCAL_ADDRESS } from './ports';
import { projectRoot } from './project';
import type { EmbeddedServers } from './servers';

const JIRA_VERSION = '9.12.0';
const ROLLCALL_COMMAND = 'npx rollcall';

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const printAside = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Everything that is decided before anything is started. */
interface Start {
  readonly options: StartOptions;
  readonly environment: Environment;
  readonly wanted: Wanted;
  readonly key: EncryptionKey;
  readonly withJira: boolean;
}

/** The folder that relative files of the command line are taken from: npm changes to that of the project. */
function callersFolder(env: NodeJS.ProcessEnv): string {
  return (env['npm_lifecycle_event'] === 'start' ? env['INIT_CWD'] : undefined) ?? process.cwd();
}

const definitionsFor = (folder: string) => providerDefinitions({ baseDirectory: folder });

/** Reads and checks everything; null when only help was asked for. @throws StartError, ConfigurationError */
async function prepare(args: readonly string[]): Promise<Start | null> {
  const options = parseOptions(args, callersFolder(process.env), (text) => process.stdout.write(text));
  if (options === null) return null;
  const environment = readEnvironment(process.env);
  const { dataDir, encryptionKey, mongodbUri, embedded } = environment;
  const wanted = await readWanted({
    mode: options.mode,
    demoFile: join(projectRoot(), 'assets', 'demo', 'people.csv'),
    env: process.env,
    schemaFor: (folder) =>
      createConfigSchema({ definitions: definitionsFor(folder), checkSchedule, now: () => Date.now() }),
    createSource: (connector) => createProvider(definitionsFor(process.cwd()), connector),
  });
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const configured = encryptionKey === null ? {} : { configured: encryptionKey };
  const key = await loadEncryptionKey({ dataDir, embedded: mongodbUri === null, ...configured });
  return { options, environment, wanted, key, withJira: needsSimulatedJira(wanted, embedded.jiraSimPort) };
}

async function startJira({ environment, withJira }: Start, lifetime: Lifetime): Promise<string | null> {
  if (!withJira) return null;
  const jira = await startJiraSimulator({
    port: environment.embedded.jiraSimPort,
    version: JIRA_VERSION,
    dataFile: join(environment.dataDir, 'jira.json'),
  });
  await lifetime.own('simulated Jira', () => jira.stop());
  return jira.url;
}

const logFile = ({ environment }: Start): string => join(environment.dataDir, 'logs', 'rollcall.log');

interface Ours {
  readonly apiUrl: string;
  readonly token: string;
  readonly tokenPlace: string;
}

/** Worker, then API: they stop the other way round, so that nothing is taken on that nobody does. */
async function startOurs(start: Start, servers: EmbeddedServers, lifetime: Lifetime): Promise<Ours> {
  const { tuning, logLevel, dataDir, temporal, port, adminToken: configuredToken } = start.environment;
  const destination = openLogFile(logFile(start));
  const log = createLogger({ name: 'worker', level: logLevel, destination });
  const { metrics: metricsPorts } = start.environment;
  installTemporalRuntime(
    log,
    metricsPorts.temporalPort === null ? null : `${LOCAL_ADDRESS}:${metricsPorts.temporalPort}`
  );
  // One process: what the worker measures too is shown by the API.
  const metrics = createMetrics();
  const shared = {
    mongoUri: servers.mongoUri,
    temporal: { ...temporal, address: servers.temporalAddress, namespace: servers.namespace },
    encryptionKeys: [start.key],
    definitions: definitionsFor(process.cwd()),
    metrics,
  };
  const timings = { leaseMs: tuning.leaseSeconds * 1_000, httpTimeoutMs: tuning.httpTimeoutSeconds * 1_000 };
  const worker = await startWorker({ ...shared, timings, log, workMetrics: createWorkMetrics(metrics) });
  worker.ended.catch((error: unknown) => {
    lifetime.askForEnd({ kind: 'failure', message: `the worker has ended: ${describe(error).message}` });
  });
  await lifetime.own('worker', () => worker.stop());
  const { token, place } = await adminToken(dataDir, configuredToken);
  const api = await startApi({
    ...shared,
    host: LOCAL_ADDRESS,
    port,
    adminToken: token,
    log: createLogger({ name: 'api', level: logLevel, destination }),
    tuning: { heartbeatTimeoutMs: tuning.heartbeatSeconds * 1_000 },
  });
  await lifetime.own('API', () => api.close());
  return { apiUrl: api.url, token, tokenPlace: place };
}

/** Stores what the start brings in. @returns what to sync */
async function configure(start: Start, { apiUrl, token }: Ours, jiraUrl: string | null): Promise<SyncOptions> {
  const api = createApiClient(apiUrl, token);
  const notes = join(start.environment.dataDir, 'configured.json');
  const before = await readNoted(notes);
  const { chosen, noted } = await setUp(start.wanted, { api, jiraUrl, key: start.key.bytes, noted: before, print });
  await writeNoted(notes, noted);
  const newProgress = start.options.once
    ? noProgress
    : () => createProgress(process.stdout.isTTY && process.env['TERM'] !== 'dumb', print);
  return { api, chosen, print, printAside, logFile: logFile(start), rollcall: ROLLCALL_COMMAND, newProgress };
}

/** @returns the exit code: of --once when its runs have ended, else when the end is asked for */
async function run(start: Start, lifetime: Lifetime): Promise<number> {
  const { options, environment, wanted, withJira } = start;
  await requirePorts(environment, withJira);
  const servers = await startServers(environment, lifetime, options.once ? printAside : print);
  const jiraUrl = await startJira(start, lifetime);
  const ours = await startOurs(start, servers, lifetime);
  const syncing = await configure(start, ours, jiraUrl);
  if (options.once)
    return await syncOnce(syncing, wanted.kind === 'demo' || wanted.kind === 'empty' ? 'all' : 'chosen');
  print(`${jiraUrl === null ? 'Worker and API' : 'Worker, API and the simulated Jira'}: ready\n`);
  await syncAtStart(syncing);
  const { temporalUiUrl } = servers;
  const addresses = { ...ours, jiraUrl, temporalUiUrl, jiraVersion: JIRA_VERSION, dataDir: environment.dataDir };
  for (const line of addressLines(addresses, ROLLCALL_COMMAND)) print(line);
  await lifetime.asked;
  return EXIT.ok;
}

/** What a person can put right is told in its own words; anything else is a defect and shows its stack. */
function describe(error: unknown): { readonly message: string; readonly exitCode: number } {
  if (error instanceof StartError) return error;
  if (error instanceof ConfigurationError || error instanceof EncryptionKeyError) {
    return { message: error.message, exitCode: EXIT.usage };
  }
  if (error instanceof ApiRefusal) {
    const isConfiguration = error.status === 400 || error.status === 422;
    return { message: error.message, exitCode: isConfiguration ? EXIT.usage : EXIT.failed };
  }
  const isExpected =
    error instanceof EmbeddedServerError ||
    error instanceof ListenError ||
    error instanceof MetricsListenError ||
    error instanceof StoreUnavailableError;
  if (isExpected) return { message: error.message, exitCode: EXIT.failed };
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error), exitCode: EXIT.failed };
}

/** @returns the exit code */
function tell(error: unknown): number {
  const { message, exitCode } = describe(error);
  printAside(`rollcall: ${message}`);
  return exitCode;
}

async function main(): Promise<number> {
  const start = await prepare(process.argv.slice(2));
  if (start === null) return EXIT.ok;
  const lifetime = createLifetime();
  endOnSignals(lifetime, (exitCode) => {
    print('\nStopping at once.');
    process.exit(exitCode);
  });
  const { exitCode, error } = await untilEnd(run(start, lifetime), lifetime, start.options.once ? printAside : print);
  return error === null ? exitCode : tell(error);
}

if (require.main === module) {
  main().then(
    (exitCode) => process.exit(exitCode),
    (error: unknown) => process.exit(tell(error))
  );
}
