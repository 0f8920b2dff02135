import { resolve } from 'node:path';
import { claimDataFolder } from './data-folder';
import type { DataFolder } from './data-folder';
import { EmbeddedServerError } from './errors';
import { prepareServers } from './prepare';
import type { Addresses, Prepared } from './prepare';
import { startServer } from './server-process';
import type { ServerProcess, ServerSpec } from './server-process';
import type { Report } from './ways';

export type ServerName = 'temporal' | 'mongo';

export interface EmbeddedOptions {
  /** Where the servers keep their data and logs; created if missing. */
  readonly dataDir: string;
  /** Fixed ports, so that bookmarks last; 0 takes any free one. */
  readonly temporalPort: number;
  readonly temporalUiPort: number;
  readonly mongoPort: number;
  /** Called with a line for each step that takes time. */
  readonly report: Report;
  /** TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, MONGODB_URI, PATH and the cache folder are read from here. */
  readonly env: NodeJS.ProcessEnv;
  /** Whether the servers stop when this process is killed. @default true */
  readonly stopWithParent?: boolean;
  /** Called when a server ends that nobody has asked to; it is not started again. */
  readonly onUnexpectedEnd?: (server: ServerName, how: string) => void;
}

export interface EmbeddedServers extends Addresses {
  /** The processes that run now; a server that is not ours has none. */
  readonly pids: { readonly temporal?: number; readonly mongo?: number };
  /** Stops the server if it still runs and starts it again on the same data and port. Fails if it is not ours. */
  restartTemporal(): Promise<void>;
  restartMongo(): Promise<void>;
  /** Resolves when no process is left. */
  stop(): Promise<void>;
}

/**
 * Brings up a Temporal server and a MongoDB, or takes those that the environment names. Ready when both answer.
 * They do not feel Ctrl-C in the terminal: the caller stops its worker first and then calls `stop`.
 */
export async function startEmbeddedServers(options: EmbeddedOptions): Promise<EmbeddedServers> {
  const dataDir = resolve(options.dataDir);
  const folder = await claimDataFolder(dataDir, options.report);
  const running = new Map<ServerName, ServerProcess>();
  try {
    const prepared = await prepareServers({ ...options, dataDir, stopsWithUs: options.stopWithParent ?? true });
    await startAll(prepared, running, options);
    await folder.note(pidsOf(running));
    return handle({ prepared, running, folder, options });
  } catch (error) {
    await stopAll(running, folder);
    throw error;
  }
}

type Running = Map<ServerName, ServerProcess>;

interface Context {
  readonly prepared: Prepared;
  readonly running: Running;
  readonly folder: DataFolder;
  readonly options: EmbeddedOptions;
}

function handle(context: Context): EmbeddedServers {
  const { prepared, running, folder } = context;
  return {
    ...prepared.addresses,
    get pids() {
      return Object.fromEntries([...running].map(([name, server]) => [name, server.pid]));
    },
    restartTemporal: () => restart('temporal', context),
    restartMongo: () => restart('mongo', context),
    stop: () => stopAll(running, folder),
  };
}

/** Waits for both even if one fails: what still comes up then must be there to be stopped. */
async function startAll(prepared: Prepared, running: Running, options: EmbeddedOptions): Promise<void> {
  const outcomes = await Promise.allSettled([
    start('temporal', prepared.temporal, running, options),
    start('mongo', prepared.mongo, running, options),
  ]);
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  if (failures.length > 0) {
    throw failures[0];
  }
}

async function start(
  name: ServerName,
  spec: ServerSpec | null,
  running: Running,
  options: EmbeddedOptions
): Promise<void> {
  if (spec === null) {
    return;
  }
  const began = Date.now();
  const server = await startServer(spec);
  running.set(name, server);
  void server.ended.then((how) => {
    if (running.get(name) === server) {
      running.delete(name);
      options.onUnexpectedEnd?.(name, how);
    }
  });
  options.report(`${spec.name}: ready after ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

async function restart(name: ServerName, { prepared, running, folder, options }: Context): Promise<void> {
  const spec = prepared[name];
  if (spec === null) {
    throw new EmbeddedServerError(`the ${name} server is not ours to restart: its address comes from the environment`);
  }
  await stopOne(name, running);
  await start(name, spec, running, options);
  await folder.note(pidsOf(running));
}

async function stopAll(running: Running, folder: DataFolder): Promise<void> {
  await Promise.all([...running.keys()].map((name) => stopOne(name, running)));
  await folder.release();
}

async function stopOne(name: ServerName, running: Running): Promise<void> {
  const server = running.get(name);
  running.delete(name); // first, so that its end is an expected one
  await server?.stop();
}

function pidsOf(running: Running): number[] {
  return [...running.values()].map((server) => server.pid);
}
