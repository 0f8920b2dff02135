import { MONGO_ADVICE, mongoServer, mongoUri, mongoWays } from './mongo';
import { LOCAL_ADDRESS, choosePorts } from './ports';
import type { PortRequest } from './ports';
import type { ServerSpec } from './server-process';
import { DEFAULT_NAMESPACE, temporalServer } from './temporal';
import { TEMPORAL_ADVICE, temporalWays } from './temporal-binary';
import { bothFound, firstThatWorks } from './ways';
import type { Attempt, Report } from './ways';

export interface PrepareOptions {
  readonly dataDir: string;
  readonly temporalPort: number;
  readonly temporalUiPort: number;
  readonly mongoPort: number;
  readonly report: Report;
  readonly env: NodeJS.ProcessEnv;
  readonly stopsWithUs: boolean;
}

/** Where the servers will be reached. */
export interface Addresses {
  readonly temporalAddress: string;
  readonly namespace: string;
  /** Null if the Temporal server is not ours. */
  readonly temporalUiUrl: string | null;
  readonly mongoUri: string;
}

/** The servers to start; null for one that the environment names, which is used as it is. */
export interface Prepared {
  readonly temporal: ServerSpec | null;
  readonly mongo: ServerSpec | null;
  readonly addresses: Addresses;
}

/**
 * Decides on ports and gets hold of the programs, without starting any.
 * Ports first: to learn after a build of three minutes that one is in use would be unkind.
 */
export async function prepareServers(options: PrepareOptions): Promise<Prepared> {
  const { dataDir, env, report, stopsWithUs } = options;
  const external = { temporal: setting(env, 'TEMPORAL_ADDRESS'), mongo: setting(env, 'MONGODB_URI') };
  const namespace = setting(env, 'TEMPORAL_NAMESPACE') ?? DEFAULT_NAMESPACE;
  const ports = await choosePorts([
    ...(external.temporal === null ? temporalPorts(options) : []),
    ...(external.mongo === null ? [mongoPort(options)] : []),
  ]);
  const [command, program] = bothFound(
    ...(await Promise.all([
      unlessNamed(external.temporal, () =>
        firstThatWorks('Temporal server', temporalWays(env, report), TEMPORAL_ADVICE)
      ),
      unlessNamed(external.mongo, () => firstThatWorks('MongoDB', mongoWays(dataDir, env, report), MONGO_ADVICE)),
    ]))
  );
  const port = ports.get(TEMPORAL_PORT) ?? 0;
  const uiPort = ports.get(TEMPORAL_UI_PORT) ?? 0;
  const storePort = ports.get(MONGODB_PORT) ?? 0;
  return {
    temporal: command === null ? null : temporalServer({ command, port, uiPort, namespace, dataDir, env, stopsWithUs }),
    mongo: program === null ? null : mongoServer({ program, port: storePort, dataDir, env, stopsWithUs }),
    addresses: {
      temporalAddress: external.temporal ?? `${LOCAL_ADDRESS}:${port}`,
      namespace,
      temporalUiUrl: command === null ? null : `http://${LOCAL_ADDRESS}:${uiPort}`,
      mongoUri: external.mongo ?? mongoUri(storePort),
    },
  };
}

const TEMPORAL_PORT = 'TEMPORAL_PORT';
const TEMPORAL_UI_PORT = 'TEMPORAL_UI_PORT';
const MONGODB_PORT = 'MONGODB_PORT';

function temporalPorts(options: PrepareOptions): PortRequest[] {
  return [
    { server: 'the Temporal server', variable: TEMPORAL_PORT, port: options.temporalPort },
    { server: 'the Temporal UI', variable: TEMPORAL_UI_PORT, port: options.temporalUiPort },
  ];
}

function mongoPort(options: PrepareOptions): PortRequest {
  return { server: 'MongoDB', variable: MONGODB_PORT, port: options.mongoPort };
}

/** An empty variable counts as none: compose files and shells make them easily. */
function setting(env: NodeJS.ProcessEnv, name: string): string | null {
  const value = env[name];
  return value === undefined || value === '' ? null : value;
}

async function unlessNamed<T>(name: string | null, find: () => Promise<Attempt<T>>): Promise<Attempt<T | null>> {
  return name === null ? find() : { found: null, by: 'the environment' };
}
