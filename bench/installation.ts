import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedServers } from '../embedded/servers';
import { peakRssOf, startChild } from './child';
import type { Child } from './child';

const TOKEN = 'bench-token-0123456789abcdef0123';
/** Calls to the simulated Jira at the same moment. */
export const CONCURRENCY = 4;

/** Calls the API. @throws Error with what it said */
export type Call = <T>(method: string, path: string, body?: unknown) => Promise<T>;

/** A whole Rollcall on embedded servers of its own, each part a process. */
export interface Installation {
  readonly folder: string;
  readonly temporalAddress: string;
  readonly store: 'embedded' | 'given';
  readonly call: Call;
  /** Starts a simulator and answers its address. */
  simulate(name: 'jira' | 'keycloak', args?: readonly string[]): Promise<string>;
  /** Peak resident memory so far, bytes. */
  peakRss(): Promise<Readonly<Record<'worker' | 'api' | 'temporal' | 'store', number>>>;
  stop(): Promise<void>;
}

/** Starts servers, workers and API from the build, in a folder that goes with them. */
export async function startInstallation(workers = 1): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-bench-'));
  const servers = await startEmbeddedServers({
    dataDir: folder,
    temporalPort: 0,
    temporalUiPort: 0,
    mongoPort: 0,
    report: () => undefined,
    env: process.env,
  });
  const children: Child[] = [];
  const child = (script: string, args: readonly string[], env: Record<string, string> = {}): Child => {
    const started = startChild(script, args, env);
    children.push(started);
    return started;
  };
  const stop = async (): Promise<void> => {
    for (const started of children) await started.stop();
    await servers.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const env = {
      TEMPORAL_ADDRESS: servers.temporalAddress,
      MONGODB_URI: servers.mongoUri,
      ROLLCALL_DATA_DIR: folder,
      ROLLCALL_ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64'),
      ROLLCALL_ADMIN_TOKEN: TOKEN,
      PORT: '0',
    };
    const [worker = child('workers/main.js', [], env)] = Array.from({ length: workers }, () =>
      child('workers/main.js', [], env)
    );
    const api = child('api/main.js', [], env);
    const apiUrl = urlIn(await api.line(/"url":"http:[^"]+"/));
    return {
      folder,
      temporalAddress: servers.temporalAddress,
      store: servers.pids.mongo === undefined ? 'given' : 'embedded',
      call: apiCaller(apiUrl),
      simulate: async (name, args = []) =>
        urlIn(await child(`simulators/${name}/main.js`, ['--port', '0', ...args]).line(/http:\S+/)),
      peakRss: async () => ({
        worker: await worker.peakRss(),
        api: await api.peakRss(),
        temporal: await peakRssOf(servers.pids.temporal),
        store: await peakRssOf(servers.pids.mongo),
      }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const urlIn = (line: string): string => /http:[^"\s]+/.exec(line)?.[0] ?? '';

function apiCaller(url: string): Call {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    const response = await fetch(`${url}/api/v1${path}`, init);
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer as T;
  };
}

interface RunAnswer {
  readonly status: string;
  readonly error: string | null;
  readonly counts: Readonly<Record<string, number>>;
}

const POLL_MS = 200;

/** Asks for a run and waits for its end. @throws Error when it failed */
export async function runOnce(call: Call, connectorId: string): Promise<RunAnswer> {
  const { runId } = await call<{ runId: string }>('POST', `/connectors/${connectorId}/runs`, { mode: 'sync' });
  for (;;) {
    // A run that waits for its turn is not there yet.
    const run = await call<RunAnswer>('GET', `/runs/${runId}`).catch(() => null);
    if (run !== null && run.status !== 'running') {
      if (run.error !== null) throw new Error(run.error);
      return run;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** The target `jira` of an installation. */
export function jiraTarget(baseUrl: string): object {
  const auth = { type: 'basic', username: 'admin', password: 'admin' };
  return { id: 'jira', type: 'jira', baseUrl, auth, concurrency: CONCURRENCY };
}
