import { ulid } from 'ulid';
import { createConfigSchema } from '../config/schema';
import type { SourceDefinition } from '../config/source';
import type { TemporalAddress } from '../config/temporal';
import { checkSchedule } from '../domain/schedule';
import { openStore } from '../store/connect';
import { stateOfConnectors } from '../store/connector-figures';
import type { EncryptionKey } from '../store/encryption-key';
import { createSecretBox } from '../store/secrets';
import { createHttpMetrics } from '../telemetry/http-metrics';
import type { Log } from '../telemetry/log';
import { createMetrics } from '../telemetry/metrics';
import type { Metrics } from '../telemetry/metrics';
import { FLOW_QUEUE } from '../workflows/messages';
import type { Tuning } from '../workflows/messages';
import { createApp } from './app';
import { configurationRules } from './configuration-rules';
import type { ApiDependencies } from './dependencies';
import { createTemporalGateway } from './gateway';
import type { Gateway } from './gateway';
import { healConnectors } from './reconfigure';
import { checkSearchAttributes } from './search-attributes';
import { createChangeNotifier } from './scim/notifier';
import type { ChangeNotifier } from './scim/notifier';
import { listen } from './server';
import { connectTemporal } from './temporal';

/** What the API must know of a source type (connectors/registry.ts). */
export interface ApiSourceDefinition extends SourceDefinition {
  readonly identityKeys: readonly string[];
}

export interface ApiOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly mongoUri: string;
  readonly temporal: TemporalAddress;
  readonly adminToken: string;
  /** The first seals, all open. */
  readonly encryptionKeys: readonly EncryptionKey[];
  readonly definitions: readonly ApiSourceDefinition[];
  readonly log: Log;
  /** Shared with what else runs in this process. @default its own */
  readonly metrics?: Metrics;
  /** Handed to the workflows this API starts; tests shorten it. */
  readonly tuning?: Tuning;
}

export interface RunningApi {
  readonly url: string;
  close(): Promise<void>;
}

type Opened = Pick<ApiDependencies, 'store' | 'gateway'>;

function dependencies(options: ApiOptions, { store, gateway }: Opened): ApiDependencies {
  const { definitions, encryptionKeys, adminToken, log } = options;
  const metrics = options.metrics ?? createMetrics();
  metrics.watchConnectors(() => stateOfConnectors(store, Date.now()));
  const schema = createConfigSchema({ definitions, checkSchedule, now: () => Date.now() });
  const identityKeys = (type: string): readonly string[] =>
    definitions.find((definition) => definition.type === type)?.identityKeys ?? [];
  return {
    store,
    gateway,
    notifier: changeNotifier(gateway, log),
    configuration: configurationRules(schema, identityKeys),
    secretBox: createSecretBox(encryptionKeys),
    adminToken,
    clock: () => new Date(),
    newId: () => ulid(),
    log,
    metrics,
    httpMetrics: createHttpMetrics(metrics),
  };
}

/** While Temporal is away nothing is lost: the sweep finds what waits. */
const changeNotifier = (gateway: Gateway, log: Log): ChangeNotifier =>
  createChangeNotifier(
    (connectorId) => gateway.signalChanges(connectorId),
    (connectorId, error) => {
      const kind = error instanceof Error ? error.name : 'unknown';
      log.warn({ connectorId, error: kind }, 'changes were not told to their workflow; the sweep will find them');
    }
  );

/**
 * Opens the store and listens. Temporal is connected when it is first needed: until it answers, /readyz says so, reading
 * works and commands are answered 503.
 * @throws StoreUnavailableError, ListenError
 */
export async function startApi(options: ApiOptions): Promise<RunningApi> {
  const { log, host, port, tuning } = options;
  const client = await connectTemporal(options.temporal);
  const gateway = createTemporalGateway(client, { taskQueue: FLOW_QUEUE, ...(tuning && { tuning }) });
  const store = await openStore({ mongoUri: options.mongoUri });
  const shutDown = async (): Promise<void> => {
    gateway.close();
    await client.connection.close();
    await store.close();
  };
  try {
    const deps = dependencies(options, { store, gateway });
    const server = await listen(createApp(deps), { host, port });
    const healing = healConnectors(deps).catch((error: unknown) => {
      log.warn({ err: error }, 'connectors were not looked after at start');
    });
    const checking = checkSearchAttributes(client, log).catch((error: unknown) => {
      log.warn({ err: error }, 'search attributes could not be looked up');
    });
    log.info({ url: server.url }, 'listen');
    return {
      url: server.url,
      close: async () => {
        await server.close();
        gateway.close();
        await Promise.all([healing, checking]);
        await shutDown();
      },
    };
  } catch (error) {
    await shutDown();
    throw error;
  }
}
