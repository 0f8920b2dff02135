import { resolve } from 'node:path';
import { ConfigurationError } from './errors';
import {
  chosen,
  encryptionKey,
  hostAndPort,
  mongodbUri,
  optionalPort,
  port,
  secondsSetting,
  text,
  token,
  type Variables,
} from './variables';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Files and names for TLS to Temporal; a certificate and its key come together. */
export interface TemporalTls {
  readonly serverName: string | null;
  readonly caPath: string | null;
  readonly clientCertPath: string | null;
  readonly clientKeyPath: string | null;
}

/** Everything a process takes from its environment, read once and typed. Null: not given. */
export interface Environment {
  readonly temporal: {
    /** host:port; null: the embedded server. */
    readonly address: string | null;
    readonly namespace: string;
    readonly apiKey: string | null;
    /** Null: no TLS. */
    readonly tls: TemporalTls | null;
  };
  /** Null: the embedded server. */
  readonly mongodbUri: string | null;
  /** Port of the API. */
  readonly port: number;
  /** Absolute path. */
  readonly dataDir: string;
  /** 32 bytes as base64 or as 64 hexadecimal digits. */
  readonly encryptionKey: string | null;
  readonly adminToken: string | null;
  readonly embedded: {
    readonly temporalPort: number;
    readonly temporalUiPort: number;
    readonly mongodbPort: number;
    readonly jiraSimPort: number;
  };
  /** Where a worker shows what it measures: null is nowhere. */
  readonly metrics: {
    readonly port: number | null;
    /** What the Temporal SDK measures. */
    readonly temporalPort: number | null;
  };
  readonly tuning: Tuning;
  readonly logLevel: LogLevel;
}

/** Times of crash safety (durability 2.2), in seconds: the lease outlives a call and a missed heartbeat. */
export interface Tuning {
  readonly leaseSeconds: number;
  readonly httpTimeoutSeconds: number;
  readonly heartbeatSeconds: number;
}

/**
 * Reads the environment of a process. An empty variable counts as not given.
 * @throws ConfigurationError with one line that names the variable, what is wrong and what to do; never a secret's value
 */
export function readEnvironment(env: NodeJS.ProcessEnv): Environment {
  const environment: Environment = {
    temporal: {
      address: hostAndPort(env, 'TEMPORAL_ADDRESS'),
      namespace: text(env, 'TEMPORAL_NAMESPACE') ?? 'default',
      apiKey: token(env, 'TEMPORAL_API_KEY', 1),
      tls: temporalTls(env),
    },
    mongodbUri: mongodbUri(env, 'MONGODB_URI'),
    port: port(env, 'PORT', 8080),
    dataDir: resolve(text(env, 'ROLLCALL_DATA_DIR') ?? './data'),
    encryptionKey: encryptionKey(env, 'ROLLCALL_ENCRYPTION_KEY'),
    adminToken: token(env, 'ROLLCALL_ADMIN_TOKEN', 16),
    embedded: {
      temporalPort: port(env, 'TEMPORAL_PORT', 7233),
      temporalUiPort: port(env, 'TEMPORAL_UI_PORT', 8233),
      mongodbPort: port(env, 'MONGODB_PORT', 27117),
      jiraSimPort: port(env, 'JIRA_SIM_PORT', 8085),
    },
    metrics: {
      port: optionalPort(env, 'ROLLCALL_METRICS_PORT', 9464),
      temporalPort: optionalPort(env, 'ROLLCALL_TEMPORAL_METRICS_PORT', 9465),
    },
    tuning: readTuning(env),
    logLevel: chosen(env, 'ROLLCALL_LOG_LEVEL', LOG_LEVELS, 'info'),
  };
  refuseSharedPorts(environment);
  return environment;
}

function temporalTls(env: Variables): TemporalTls | null {
  const tls: TemporalTls = {
    serverName: text(env, 'TEMPORAL_TLS_SERVER_NAME'),
    caPath: text(env, 'TEMPORAL_TLS_SERVER_CA_CERT_PATH'),
    clientCertPath: text(env, 'TEMPORAL_TLS_CLIENT_CERT_PATH'),
    clientKeyPath: text(env, 'TEMPORAL_TLS_CLIENT_KEY_PATH'),
  };
  if ((tls.clientCertPath === null) !== (tls.clientKeyPath === null)) {
    throw refusal('TEMPORAL_TLS_CLIENT_CERT_PATH', 'needs TEMPORAL_TLS_CLIENT_KEY_PATH beside it: set both or neither');
  }
  const given = Object.values(tls).some((part) => part !== null);
  // Temporal takes API keys over TLS only.
  return given || token(env, 'TEMPORAL_API_KEY', 1) !== null ? tls : null;
}

function readTuning(env: Variables): Tuning {
  const tuning: Tuning = {
    leaseSeconds: secondsSetting(env, 'ROLLCALL_LEASE_SECONDS', 60),
    httpTimeoutSeconds: secondsSetting(env, 'ROLLCALL_HTTP_TIMEOUT_SECONDS', 20),
    heartbeatSeconds: secondsSetting(env, 'ROLLCALL_HEARTBEAT_SECONDS', 30),
  };
  const least = tuning.httpTimeoutSeconds + tuning.heartbeatSeconds;
  if (tuning.leaseSeconds > least) return tuning;
  throw refusal(
    'ROLLCALL_LEASE_SECONDS',
    `is ${tuning.leaseSeconds}, but must be more than ${least} (ROLLCALL_HTTP_TIMEOUT_SECONDS ` +
      `${tuning.httpTimeoutSeconds} + ROLLCALL_HEARTBEAT_SECONDS ${tuning.heartbeatSeconds}): raise it or lower the others`
  );
}

/** Ports of the servers this process brings up itself; with servers of one's own, the others are not used. */
function refuseSharedPorts({ port: api, embedded, metrics, temporal, mongodbUri: uri }: Environment): void {
  const named: readonly (readonly [string, number])[] = [
    ['PORT', api],
    ...(temporal.address === null
      ? ([
          ['TEMPORAL_PORT', embedded.temporalPort],
          ['TEMPORAL_UI_PORT', embedded.temporalUiPort],
          ['JIRA_SIM_PORT', embedded.jiraSimPort],
        ] as const)
      : []),
    ...(uri === null ? ([['MONGODB_PORT', embedded.mongodbPort]] as const) : []),
    ['ROLLCALL_METRICS_PORT', metrics.port ?? 0],
    ['ROLLCALL_TEMPORAL_METRICS_PORT', metrics.temporalPort ?? 0],
  ];
  for (const [n, [name, value]] of named.entries()) {
    const other = named.slice(0, n).find(([, taken]) => taken === value && value !== 0);
    if (other !== undefined) throw refusal(name, `is ${value}, the port of ${other[0]} too: give each its own port`);
  }
}

const refusal = (name: string, message: string) => new ConfigurationError([{ path: name, message }]);
