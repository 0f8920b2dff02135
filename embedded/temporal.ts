import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { LOCAL_ADDRESS } from './ports';
import type { ServerSpec } from './server-process';

export const DEFAULT_NAMESPACE = 'default';

/** What the operators' view in the Temporal UI filters by. The server must know them before a workflow sets one. */
const SEARCH_ATTRIBUTES = {
  RollcallConnectorId: 'Keyword',
  RollcallTrigger: 'Keyword',
  RollcallStatus: 'Keyword',
  RollcallFailed: 'Int',
} as const;

const CONNECT_LIMIT_MS = 2_000;

export interface TemporalOptions {
  readonly command: string;
  readonly port: number;
  readonly uiPort: number;
  readonly namespace: string;
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stopsWithUs: boolean;
}

/** Temporal's development server on a file of the data folder. */
export function temporalServer(options: TemporalOptions): ServerSpec {
  const address = `${LOCAL_ADDRESS}:${options.port}`;
  return {
    name: 'Temporal server',
    command: options.command,
    args: [
      ...['server', 'start-dev', '--ip', LOCAL_ADDRESS, '--log-level', 'error'],
      ...['--port', String(options.port), '--ui-port', String(options.uiPort)],
      ...['--db-filename', join(options.dataDir, 'temporal.db'), '--namespace', options.namespace],
      ...Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
    ],
    env: withoutClientSettings(options.env),
    logFile: join(options.dataDir, 'logs', 'temporal.log'),
    stopsWithUs: options.stopsWithUs,
    probe: () => namespaceKnows(address, options.namespace),
  };
}

/** The command line reads these as settings of a client, for another server than this one. */
function withoutClientSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

/** The server listens before its namespace and search attributes are there; a worker would fail on either. */
async function namespaceKnows(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: CONNECT_LIMIT_MS });
  try {
    const { customAttributes } = await connection.withDeadline(Date.now() + CONNECT_LIMIT_MS, () =>
      connection.operatorService.listSearchAttributes({ namespace })
    );
    const missing = Object.keys(SEARCH_ATTRIBUTES).filter((name) => !(name in customAttributes));
    if (missing.length > 0) {
      throw new Error(`search attributes ${missing.join(', ')} are not registered yet`);
    }
  } finally {
    await connection.close();
  }
}
