import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePorts } from '../../embedded/ports';
import { startEmbeddedServers } from '../../embedded/servers';
import type { EmbeddedServers } from '../../embedded/servers';
import { createSimulatorControl } from '../../simulators/jira/controlClient';
import type { SimulatorControl } from '../../simulators/jira/controlClient';
import { startJiraSimulator } from '../../simulators/jira/start';
import type { RunningJiraSimulator } from '../../simulators/jira/start';
import { openStore } from '../../store/connect';
import type { RunRecord } from '../../store/records';
import type { Store } from '../../store/store';
import { createApiClient } from './apiClient';
import type { ApiClient } from './apiClient';
import { toCsv } from './people';
import type { Row } from './people';
import { eventually, startProcess } from './processes';
import type { KillableProcess } from './processes';

const TOKEN = 'installation-test-token-0123456789abcdef';

/** A connector with a simulated Jira of its own. */
export interface InstalledConnector {
  readonly sim: SimulatorControl;
  /** Asks for a sync. @returns the id of the run */
  readonly start: () => Promise<string>;
}
/** What two runs that should have ended alike are compared by. */
export interface ResultView {
  readonly externalId: string;
  readonly outcome: string;
  readonly operations: readonly { readonly kind: string; readonly status: string }[];
}

/** One installation whose every process can be stopped or killed; short leases keep tests short. */
export class Installation {
  readonly folder = mkdtempSync(join(tmpdir(), 'rollcall-installation-'));
  servers!: EmbeddedServers;
  store!: Store;
  worker!: KillableProcess;
  api!: KillableProcess;
  client!: ApiClient;
  /** Where the worker shows its metrics. */
  workerUrl = '';
  #env: Record<string, string> = {};
  readonly #jiras: RunningJiraSimulator[] = [];

  async start(): Promise<void> {
    this.servers = await startEmbeddedServers({
      dataDir: join(this.folder, 'data'),
      temporalPort: 0,
      temporalUiPort: 0,
      mongoPort: 0,
      report: () => undefined,
      env: process.env,
    });
    const ports = await choosePorts(
      ['PORT', 'ROLLCALL_METRICS_PORT', 'ROLLCALL_TEMPORAL_METRICS_PORT'].map((variable) => ({
        server: variable,
        variable,
        port: 0,
      }))
    );
    this.#env = {
      TEMPORAL_ADDRESS: this.servers.temporalAddress,
      MONGODB_URI: this.servers.mongoUri,
      ROLLCALL_DATA_DIR: join(this.folder, 'data'),
      ROLLCALL_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
      ROLLCALL_ADMIN_TOKEN: TOKEN,
      ROLLCALL_LEASE_SECONDS: '6',
      ROLLCALL_HTTP_TIMEOUT_SECONDS: '2',
      ROLLCALL_HEARTBEAT_SECONDS: '3',
      ...Object.fromEntries([...ports].map(([variable, port]) => [variable, String(port)])),
    };
    this.workerUrl = `http://127.0.0.1:${this.portOf('ROLLCALL_METRICS_PORT')}`;
    this.store = await openStore({ mongoUri: this.servers.mongoUri });
    this.startWorker();
    this.client = createApiClient(`http://127.0.0.1:${this.portOf('PORT')}`, TOKEN);
    await this.startApi();
  }

  portOf(variable: string): string {
    return this.#env[variable] ?? '';
  }

  startWorker(): void {
    this.worker = startProcess('workers/main.js', this.#env);
  }

  async startApi(): Promise<void> {
    this.api = startProcess('api/main.js', this.#env);
    await eventually(async () => ((await fetch(`${this.client.url}/readyz`)).ok ? true : null));
  }

  /** A connector with a Jira of its own over these people. */
  async connector(id: string, rows: readonly Row[]): Promise<InstalledConnector> {
    const jira = await startJiraSimulator({});
    this.#jiras.push(jira);
    this.writePeople(id, rows);
    await this.client.post('/targets', {
      id: `jira-${id}`,
      type: 'jira',
      baseUrl: jira.url,
      auth: { type: 'basic', username: 'admin', password: 'admin' },
    });
    await this.client.post('/connectors', {
      id,
      target: `jira-${id}`,
      source: { type: 'file', users: this.#fileOf(id) },
    });
    const start = async (): Promise<string> =>
      (await this.client.post<{ runId: string }>(`/connectors/${id}/runs`, { mode: 'sync' })).runId;
    return { sim: createSimulatorControl(jira.controlUrl), start };
  }

  /** Changes the source of a connector. */
  writePeople(id: string, rows: readonly Row[]): void {
    writeFileSync(this.#fileOf(id), toCsv(rows));
  }

  /** Takes the source of a connector away. */
  removePeople(id: string): void {
    rmSync(this.#fileOf(id));
  }

  #fileOf(id: string): string {
    return join(this.folder, `${id}.csv`);
  }

  /** Waits until the run has ended. */
  ended(runId: string): Promise<RunRecord> {
    return eventually(async () => {
      const run = await this.store.runs.get(runId);
      return run === null || run.status === 'running' ? null : run;
    });
  }

  async results(runId: string): Promise<ResultView[]> {
    const { results } = await this.client.get<{ results: ResultView[] }>(`/runs/${runId}/results.json`);
    return results
      .map(({ externalId, outcome, operations }) => ({
        externalId,
        outcome,
        operations: operations.map(({ kind, status }) => ({ kind, status })),
      }))
      .sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
  }

  async stop(): Promise<void> {
    await this.worker.kill();
    await this.api.kill();
    await this.store.close();
    await this.servers.stop();
    await Promise.all(this.#jiras.map((jira) => jira.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** All accounts of a simulated Jira without their keys, which depend on the order of creation. */
export async function accountsWithoutKeys(sim: SimulatorControl): Promise<readonly object[]> {
  return (await sim.users()).map(({ name, displayName, emailAddress, active, groups }) => ({
    name,
    displayName,
    emailAddress,
    active,
    groups,
  }));
}
