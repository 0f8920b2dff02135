import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { createConfigSchema } from '../../config/schema';
import { providerDefinitions } from '../../connectors/registry';
import type { AttributeRecord } from '../../domain/model';
import type { PlanSelection } from '../../domain/run';
import { connectorWorkflowId } from '../../domain/ids';
import { checkSchedule } from '../../domain/schedule';
import { createSimulatorControl } from '../../simulators/jira/controlClient';
import { startJiraSimulator } from '../../simulators/jira/start';
import { openStore } from '../../store/connect';
import { loadEncryptionKey } from '../../store/encryption-key';
import type { RunRecord } from '../../store/records';
import { createSecretBox } from '../../store/secrets';
import type { Store } from '../../store/store';
import { silentLogger } from '../../telemetry/log';
import { activityDeps } from '../../workers/dependencies';
import { startWorkers } from '../../workers/worker';
import { CONNECTOR_WORKFLOW, FLOW_QUEUE, applyPlanUpdate, requestSyncUpdate } from '../../workflows/messages';
import type { Tuning } from '../../workflows/messages';
import { MONGODB_VARIABLE, TEMPORAL_VARIABLE } from './servers';

/** One person of a test's CSV file. */
export interface Row {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly displayName: string;
  readonly active: boolean;
  readonly groups: readonly string[];
}

/** People 1..count, each in `all` and in one of five teams. */
export function people(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => {
    const n = index + 1;
    return {
      id: `id-${n}`,
      username: `user${n}`,
      email: `user${n}@example.com`,
      displayName: `User ${n}`,
      active: true,
      groups: ['all', `team-${n % 5}`],
    };
  });
}

export const toCsv = (rows: readonly Row[]): string =>
  [
    'id,username,email,displayName,active,groups',
    ...rows.map((row) =>
      [row.id, row.username, row.email, row.displayName, String(row.active), row.groups.join(';')].join(',')
    ),
    '',
  ].join('\n');

export type System = Awaited<ReturnType<typeof startSystem>>;

/**
 * A whole Rollcall around a simulated Jira: worker in this process, real Temporal and MongoDB of the suite, one connector
 * over a CSV file.
 */
export async function startSystem(options: { readonly config?: AttributeRecord; readonly tuning?: Tuning } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-system-'));
  const file = join(folder, 'people.csv');
  const namespace = 'default';
  const connectorId = `c-${randomUUID().slice(0, 8)}`;
  const jira = await startJiraSimulator({});
  const sim = createSimulatorControl(jira.controlUrl);
  const store = await openStore({ mongoUri: process.env[MONGODB_VARIABLE] ?? '', database: `t_${randomUUID().slice(0, 8)}` });
  const definitions = providerDefinitions({ baseDirectory: folder });
  const schema = createConfigSchema({ definitions, checkSchedule, now: () => Date.now() });
  const secretBox = createSecretBox([await loadEncryptionKey({ dataDir: folder, embedded: true })]);
  const address = process.env[TEMPORAL_VARIABLE] ?? '';
  const connection = await NativeConnection.connect({ address });
  const timings = { leaseMs: 6_000, httpTimeoutMs: 2_000 };
  const deps = activityDeps({ store, schema, definitions, secretBox, timings, log: silentLogger() });
  const worker = await startWorkers({ connection, namespace, deps });
  const clientConnection = await Connection.connect({ address });
  const client = new Client({ connection: clientConnection, namespace });
  const now = new Date().toISOString();
  const target = { id: 'jira', type: 'jira', baseUrl: jira.url, auth: { type: 'basic', username: 'admin', password: 'admin' } };
  await store.targets.insert({ id: 'jira', config: target, now });
  const config = { id: connectorId, target: 'jira', source: { type: 'file', users: file }, ...options.config };
  schema.parseConnector(config);
  await store.connectors.insert({ id: connectorId, targetId: 'jira', config, by: 'test', now });
  const tuning: Tuning = { heartbeatTimeoutMs: 3_000, ...options.tuning };
  await client.workflow.start(CONNECTOR_WORKFLOW, {
    workflowId: connectorWorkflowId(connectorId),
    taskQueue: FLOW_QUEUE,
    args: [{ connectorId, tuning }],
  });
  const handle = client.workflow.getHandle(connectorWorkflowId(connectorId));
  const request = async (mode: 'sync' | 'preview'): Promise<string> => {
    const requestId = randomUUID();
    const { runId } = await handle.executeUpdate(requestSyncUpdate, {
      args: [{ requestId, mode, trigger: 'manual' }],
      updateId: requestId,
    });
    return runId;
  };
  const approve = async (run: RunRecord, only: PlanSelection | null = null): Promise<string> => {
    const requestId = randomUUID();
    const { runId } = await handle.executeUpdate(applyPlanUpdate, {
      args: [{ requestId, runId: run.id, hash: run.heldHash ?? run.planHash ?? '', only }],
      updateId: requestId,
    });
    return runId;
  };
  return {
    client,
    connectorId,
    file,
    handle,
    jira,
    sim,
    store,
    approve,
    request,
    write: (rows: readonly Row[]) => {
      writeFileSync(file, toCsv(rows));
    },
    /** Asks for a run and waits for its end. */
    run: async (mode: 'sync' | 'preview' = 'sync') => ended(store, await request(mode)),
    ended: (runId: string) => ended(store, runId),
    stop: async () => {
      await handle.terminate('end of test').catch(() => undefined);
      await worker.stop();
      await connection.close();
      await clientConnection.close();
      await store.close();
      await jira.stop();
    },
  };
}

const POLL_MS = 50;

/** Waits for the state, not for a time: until the run has ended. */
export async function ended(store: Store, runId: string): Promise<RunRecord> {
  for (;;) {
    const run = await store.runs.get(runId);
    if (run !== null && run.status !== 'running') return run;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
