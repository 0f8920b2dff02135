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
import { createApiClient } from '../support/apiClient';
import type { ApiClient } from '../support/apiClient';
import { eventually, startProcess } from '../support/processes';
import type { KillableProcess } from '../support/processes';
import { people, toCsv } from '../support/people';

const PEOPLE = 300;
const MEMBERSHIPS = 2 * PEOPLE;
const TOKEN = 'crash-test-token-0123456789abcdef';
const HELD_TIMEOUT_MS = 60_000;

interface Result {
  readonly externalId: string;
  readonly outcome: string;
  readonly operations: readonly { readonly kind: string; readonly status: string }[];
}

/** One installation whose every process can be killed; short leases keep the test short. */
class Installation {
  readonly folder = mkdtempSync(join(tmpdir(), 'rollcall-crash-'));
  servers!: EmbeddedServers;
  store!: Store;
  worker!: KillableProcess;
  api!: KillableProcess;
  client!: ApiClient;
  #env: Record<string, string> = {};

  async start(): Promise<void> {
    this.servers = await startEmbeddedServers({
      dataDir: join(this.folder, 'data'),
      temporalPort: 0,
      temporalUiPort: 0,
      mongoPort: 0,
      report: () => undefined,
      env: process.env,
    });
    const port = [...(await choosePorts([{ server: 'the API', variable: 'PORT', port: 0 }])).values()][0] ?? 0;
    this.#env = {
      TEMPORAL_ADDRESS: this.servers.temporalAddress,
      MONGODB_URI: this.servers.mongoUri,
      ROLLCALL_DATA_DIR: join(this.folder, 'data'),
      ROLLCALL_ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
      ROLLCALL_ADMIN_TOKEN: TOKEN,
      ROLLCALL_LEASE_SECONDS: '6',
      ROLLCALL_HTTP_TIMEOUT_SECONDS: '2',
      ROLLCALL_HEARTBEAT_SECONDS: '3',
      PORT: String(port),
    };
    this.store = await openStore({ mongoUri: this.servers.mongoUri });
    this.startWorker();
    this.client = createApiClient(`http://127.0.0.1:${port}`, TOKEN);
    await this.startApi();
  }

  startWorker(): void {
    this.worker = startProcess('workers/main.js', this.#env);
  }

  async startApi(): Promise<void> {
    this.api = startProcess('api/main.js', this.#env);
    await eventually(async () => ((await fetch(`${this.client.url}/readyz`)).ok ? true : null));
  }

  async stop(): Promise<void> {
    await this.worker.kill();
    await this.api.kill();
    await this.store.close();
    await this.servers.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

describe('a run through kill -9 of everything', () => {
  const installation = new Installation();
  const jiras: RunningJiraSimulator[] = [];

  beforeAll(async () => installation.start(), 120_000);
  afterAll(async () => {
    await installation.stop();
    await Promise.all(jiras.map((jira) => jira.stop()));
  }, 60_000);

  /** A connector with a Jira of its own over the same people. */
  async function connector(id: string): Promise<{ sim: SimulatorControl; start: () => Promise<string> }> {
    const jira = await startJiraSimulator({});
    jiras.push(jira);
    const file = join(installation.folder, `${id}.csv`);
    writeFileSync(file, toCsv(people(PEOPLE)));
    const { client } = installation;
    await client.post('/targets', {
      id: `jira-${id}`,
      type: 'jira',
      baseUrl: jira.url,
      auth: { type: 'basic', username: 'admin', password: 'admin' },
    });
    await client.post('/connectors', { id, target: `jira-${id}`, source: { type: 'file', users: file } });
    const start = async (): Promise<string> =>
      (await client.post<{ runId: string }>(`/connectors/${id}/runs`, { mode: 'sync' })).runId;
    return { sim: createSimulatorControl(jira.controlUrl), start };
  }

  const ended = (runId: string): Promise<RunRecord> =>
    eventually(async () => {
      const run = await installation.store.runs.get(runId);
      return run === null || run.status === 'running' ? null : run;
    });

  async function results(runId: string): Promise<Result[]> {
    const { results: all } = await installation.client.get<{ results: Result[] }>(`/runs/${runId}/results.json`);
    return all
      .map(({ externalId, outcome, operations }) => ({
        externalId,
        outcome,
        operations: operations.map(({ kind, status }) => ({ kind, status })),
      }))
      .sort((a, b) => (a.externalId < b.externalId ? -1 : 1));
  }

  /** Kills a process while Jira has done a call and still holds its answer. */
  async function killAfterEffectOf(
    sim: SimulatorControl,
    endpoint: string,
    begin: () => unknown,
    kill: () => unknown
  ): Promise<void> {
    await sim.addFault({ kind: 'hang-after', match: { endpoint }, until: 1 });
    await begin();
    await sim.waitUntilHeld(1, HELD_TIMEOUT_MS);
    await kill();
    await sim.release();
    await sim.removeFaults();
  }

  const view = async (control: SimulatorControl) =>
    (await control.users()).map(({ name, displayName, emailAddress, active, groups }) => ({
      name,
      displayName,
      emailAddress,
      active,
      groups,
    }));

  it('ends as if nothing had happened: nothing lost, nothing done twice', async () => {
    const calm = await connector('calm');
    const undisturbed = await ended(await calm.start());
    expect(undisturbed).toMatchObject({ status: 'succeeded', counts: { created: PEOPLE } });

    const { sim, start } = await connector('crashed');
    const { servers } = installation;
    const killWorker = () => installation.worker.kill();
    const startWorker = (): void => {
      installation.startWorker();
    };
    const killServer = (pid: number | undefined) => (): void => {
      process.kill(pid ?? 0, 'SIGKILL');
    };
    let runId = '';
    const restarts: Promise<void>[] = [];
    const later = (restart: () => Promise<void>) => (): void => {
      restarts.push(restart());
    };
    // Each kill is armed before what was killed last is back: none of them depends on how fast anything is.
    await killAfterEffectOf(sim, 'POST /user', async () => (runId = await start()), killWorker);
    await killAfterEffectOf(sim, 'POST /user', startWorker, killWorker);
    await killAfterEffectOf(sim, 'POST /user', startWorker, () => installation.api.kill());
    const killTemporal = killServer(servers.pids.temporal);
    await killAfterEffectOf(
      sim,
      'POST /group/user',
      later(() => installation.startApi()),
      killTemporal
    );
    const killStore = killServer(servers.pids.mongo);
    await killAfterEffectOf(
      sim,
      'POST /group/user',
      later(() => servers.restartTemporal()),
      killStore
    );
    await killAfterEffectOf(
      sim,
      'POST /group/user',
      later(() => servers.restartMongo()),
      killWorker
    );
    startWorker();
    await Promise.all(restarts);

    const run = await ended(runId);
    expect({ status: run.status, error: run.error, counts: run.counts }).toEqual({
      status: 'succeeded',
      error: null,
      counts: undisturbed.counts,
    });
    expect(run.recovered).toBeGreaterThanOrEqual(3);

    const stats = await sim.stats();
    expect(stats).toMatchObject({ created: PEOPLE, membershipsAdded: MEMBERSHIPS, noops: 0 });
    // Not even tried twice: what an older attempt left is read before anything is repeated.
    expect(stats.calls).toMatchObject({ 'POST /user': PEOPLE, 'POST /group/user': MEMBERSHIPS });
    expect(await view(sim)).toEqual(await view(calm.sim));
    expect(await results(runId)).toEqual(await results(undisturbed.id));
  }, 280_000);
});
