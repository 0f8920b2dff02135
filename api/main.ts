import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readEnvironment } from '../config/environment';
import type { Environment } from '../config/environment';
import { ConfigurationError } from '../config/errors';
import { providerDefinitions } from '../connectors/registry';
import { StoreUnavailableError } from '../store/connect';
import { EncryptionKeyError, loadEncryptionKey } from '../store/encryption-key';
import { createLogger } from '../telemetry/log';
import { ListenError } from './server';
import { startApi } from './start';
import type { ApiOptions, RunningApi } from './start';

const WRONG_CONFIGURATION = 64;
const FAILED = 1;
const LOOPBACK = '127.0.0.1';

/** The token of the environment, else the one that `npm start` put into the data folder. */
async function adminToken({ adminToken: given, dataDir }: Environment): Promise<string> {
  if (given !== null) return given;
  const file = join(dataDir, 'admin-token');
  const stored = await readFile(file, 'utf8').catch(() => '');
  if (stored.trim() !== '') return stored.trim();
  const message = `is not set and there is no ${file}: set a long random text, for example from "openssl rand -hex 32"`;
  throw new ConfigurationError([{ path: 'ROLLCALL_ADMIN_TOKEN', message }]);
}

/** What the API needs, from the environment; the embedded servers are assumed where none are named. */
async function optionsFrom(env: NodeJS.ProcessEnv): Promise<ApiOptions> {
  const environment = readEnvironment(env);
  const { temporal, mongodbUri, embedded, dataDir, encryptionKey, port, logLevel, tuning } = environment;
  const key = await loadEncryptionKey({
    dataDir,
    embedded: mongodbUri === null,
    ...(encryptionKey === null ? {} : { configured: encryptionKey }),
  });
  return {
    host: env.HOST?.trim() || LOOPBACK,
    port,
    mongoUri: mongodbUri ?? `mongodb://${LOOPBACK}:${embedded.mongodbPort}`,
    temporal: { ...temporal, address: temporal.address ?? `${LOOPBACK}:${embedded.temporalPort}` },
    adminToken: await adminToken(environment),
    encryptionKeys: [key],
    definitions: providerDefinitions({ baseDirectory: process.cwd() }),
    log: createLogger({ name: 'api', level: logLevel }),
    tuning: { heartbeatTimeoutMs: tuning.heartbeatSeconds * 1_000 },
  };
}

function stopOnSignals(api: RunningApi): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    api.close().then(
      () => process.exit(0),
      (error: unknown) => {
        fail(error);
      }
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

/** One clear line for what an admin can put right; anything else is a defect and shows its stack. */
function fail(error: unknown): never {
  if (error instanceof ConfigurationError || error instanceof EncryptionKeyError) {
    console.error(`rollcall api: ${error.message}`);
    process.exit(WRONG_CONFIGURATION);
  }
  const isExpected = error instanceof ListenError || error instanceof StoreUnavailableError;
  console.error('rollcall api:', isExpected ? error.message : error);
  process.exit(FAILED);
}

if (require.main === module) {
  optionsFrom(process.env)
    .then(startApi)
    .then(stopOnSignals)
    .catch((error: unknown) => {
      fail(error);
    });
}
