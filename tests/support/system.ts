import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { createConfigSchema } from '../../config/schema';
import type { ConfigSchema } from '../../config/schema';
import { providerDefinitions } from '../../connectors/registry';
import type { AttributeRecord } from '../../domain/model';
import { connectorWorkflowId } from '../../domain/ids';
import { checkSchedule } from '../../domain/schedule';
import { createSimulatorControl } from '../../simulators/jira/controlClient';
import type { JiraSimulatorOptions } from '../../simulators/jira/options';
import { startJiraSimulator } from '../../simulators/jira/start';
import type { RunningJiraSimulator } from '../../simulators/jira/start';
import { openStore } from '../../store/connect';
import { loadEncryptionKey } from '../../store/encryption-key';
import { createSecretBox } from '../../store/secrets';
import type { Store } from '../../store/store';
import { silentLogger } from '../../telemetry/log';
import { createMetrics } from '../../telemetry/metrics';
import { createWorkMetrics } from '../../telemetry/work-metrics';
import { activityDeps } from '../../workers/dependencies';
import { startWorkers } from '../../workers/worker';
import type { RunningWorker } from '../../workers/worker';
import { CONNECTOR_WORKFLOW, FLOW_QUEUE } from '../../workflows/messages';
import type { Tuning } from '../../workflows/messages';
import { createCommands, ended } from './commands';
import { toCsv } from './people';
import type { Row } from './people';
import { testBundlePath, testMongoUri, testTemporalAddress } from './servers';
import { freshNamespace, quietTemporal } from './temporal';

export type System = Awaited<ReturnType<typeof startSystem>>;

export interface SystemOptions {
  /** Parts of the connector's configuration beside id, target and source. */
  readonly config?: AttributeRecord;
  readonly tuning?: Tuning;
  /** Parts of the target's configuration beside id, type, baseUrl and auth. */
  readonly target?: AttributeRecord;
  readonly jira?: JiraSimulatorOptions;
  /** @default a new one */
  readonly connectorId?: string;
  /** The CSV file at the start. @default no file */
  readonly rows?: readonly Row[];
}

/** Lease and time-out of calls, milliseconds: what production has, shortened together. */
const TIMINGS = { leaseMs: 6_000, httpTimeoutMs: 2_000 };

/** The clock of the activities, which grace and expiry go by. */
interface Clock {
  now(): Date;
  advance(ms: number): void;
}

function createClock(): Clock {
  let aheadMs = 0;
  return {
    now: () => new Date(Date.now() + aheadMs),
    advance: (ms) => {
      aheadMs += ms;
    },
  };
}

/**
 * A whole Rollcall around a simulated Jira: worker in this process, the suite's real Temporal (in a namespace of its own)
 * and MongoDB (in a database of its own), one connector over a CSV file.
 */
export async function startSystem(options: SystemOptions = {}) {
  quietTemporal();
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-system-'));
  const file = join(folder, 'people.csv');
  const write = (rows: readonly Row[]): void => {
    writeFileSync(file, toCsv(rows));
  };
  if (options.rows !== undefined) write(options.rows);
  const connectorId = options.connectorId ?? `c-${randomUUID().slice(0, 8)}`;
  const clock = createClock();
  const jira = await startJiraSimulator(options.jira ?? {});
  const store = await openStore({ mongoUri: testMongoUri(), database: `t_${randomUUID().slice(0, 8)}` });
  const workers = await createWorkers({ folder, store, clock });
  const config = { id: connectorId, target: 'jira', source: { type: 'file', users: file }, ...options.config };
  const target = targetConfiguration(jira, options.target);
  await storeConfiguration({ store, schema: workers.schema, target, connectorId, config });
  const clientConnection = await Connection.connect({ address: testTemporalAddress() });
  const client = new Client({ connection: clientConnection, namespace: workers.namespace });
  const tuning: Tuning = { heartbeatTimeoutMs: 3_000, ...options.tuning };
  await workers.start();
  const handle = await client.workflow.start(CONNECTOR_WORKFLOW, {
    workflowId: connectorWorkflowId(connectorId),
    taskQueue: FLOW_QUEUE,
    args: [{ connectorId, tuning }],
  });
  // A handle without a run id follows the chain of a workflow that continues as new.
  const commands = createCommands({ handle: client.workflow.getHandle(handle.workflowId), store, connectorId });
  return {
    ...commands,
    client,
    clock,
    config,
    connectorId,
    file,
    jira,
    metrics: workers.metrics,
    sim: createSimulatorControl(jira.controlUrl),
    store,
    worker: { start: workers.start, stop: workers.stop },
    write,
    ended: (runId: string) => ended(store, runId),
    /** Stores a new version of the configuration, with the scope whose what-if it acknowledges, and tells the workflow. */
    reconfigure: async (changes: AttributeRecord, acknowledgedScope?: string): Promise<void> => {
      const { version } = (await store.connectors.get(connectorId)) ?? { version: 1 };
      const changed = { ...config, ...changes };
      workers.schema.parseConnector(changed);
      const now = clock.now().toISOString();
      await store.connectors.saveVersion({
        id: connectorId,
        version,
        targetId: 'jira',
        config: changed,
        by: 'test',
        now,
        acknowledgedScope,
      });
      await commands.reloadConfiguration(version + 1);
    },
    stop: async (): Promise<void> => {
      await handle.terminate('end of test').catch(() => undefined);
      await workers.stop();
      await clientConnection.close();
      await store.close();
      await jira.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface WorkersInput {
  readonly folder: string;
  readonly store: Store;
  readonly clock: Clock;
}

/** The workers of one system, which may be stopped and started again like a process. */
async function createWorkers({ folder, store, clock }: WorkersInput) {
  const definitions = providerDefinitions({ baseDirectory: folder });
  const schema = createConfigSchema({ definitions, checkSchedule, now: () => Date.now() });
  const secretBox = createSecretBox([await loadEncryptionKey({ dataDir: folder, embedded: true })]);
  const setUp = await Connection.connect({ address: testTemporalAddress() });
  const namespace = await freshNamespace(setUp);
  await setUp.close();
  const metrics = createMetrics();
  const parts = {
    store,
    schema,
    definitions,
    secretBox,
    timings: TIMINGS,
    log: silentLogger(),
    metrics: createWorkMetrics(metrics),
  };
  const running: { readonly worker: RunningWorker; readonly connection: NativeConnection }[] = [];
  return {
    metrics,
    namespace,
    schema,
    /** Each has a connection and dependencies of its own, as a process would. */
    start: async (): Promise<void> => {
      const deps = { ...activityDeps(parts), now: clock.now };
      const connection = await NativeConnection.connect({ address: testTemporalAddress() });
      const worker = await startWorkers({ connection, namespace, deps, workflowBundlePath: testBundlePath() });
      running.push({ worker, connection });
    },
    stop: async (): Promise<void> => {
      const stopped = running.splice(0);
      await Promise.all(stopped.map(({ worker }) => worker.stop()));
      for (const { connection } of stopped) await connection.close();
    },
  };
}

interface ConfigurationInput {
  readonly store: Store;
  readonly schema: ConfigSchema;
  readonly target: AttributeRecord;
  readonly connectorId: string;
  readonly config: AttributeRecord;
}

const targetConfiguration = (jira: RunningJiraSimulator, parts: AttributeRecord = {}): AttributeRecord => ({
  id: 'jira',
  type: 'jira',
  baseUrl: jira.url,
  auth: { type: 'basic', username: 'admin', password: 'admin' },
  ...parts,
});

async function storeConfiguration({ store, schema, target, connectorId, config }: ConfigurationInput): Promise<void> {
  const now = new Date().toISOString();
  schema.parseTarget(target);
  schema.parseConnector(config);
  await store.targets.insert({ id: 'jira', config: target, now });
  await store.connectors.insert({ id: connectorId, targetId: 'jira', config, by: 'test', now });
}
