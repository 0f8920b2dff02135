import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../config/environment';
import { EmbeddedServerError } from '../errors';
import { choosePorts } from '../ports';
import { startEmbeddedServers } from '../servers';
import type { EmbeddedServers } from '../servers';
import { EXIT, StartError } from './exits';
import type { Lifetime } from './lifetime';

/**
 * Tells about a port of ours in use before minutes go into building servers.
 * @throws EmbeddedServerError, StartError
 */
export async function requirePorts({ port, embedded, dataDir }: Environment, withJira: boolean): Promise<void> {
  const jira = { server: 'the simulated Jira', variable: 'JIRA_SIM_PORT', port: embedded.jiraSimPort };
  try {
    await choosePorts([{ server: 'the API', variable: 'PORT', port }, ...(withJira ? [jira] : [])]);
  } catch (error) {
    if (!(error instanceof EmbeddedServerError) || !existsSync(join(dataDir, 'servers.json'))) throw error;
    const message = `${error.message}\nRollcall may be running on ${dataDir} already.`;
    throw new StartError(message, EXIT.failed, { cause: error });
  }
}

/** Brings up Temporal and the store. One that ends by itself ends everything. @throws EmbeddedServerError */
export async function startServers(
  { embedded, dataDir }: Environment,
  lifetime: Lifetime,
  report: (step: string) => void
): Promise<EmbeddedServers> {
  const servers = await startEmbeddedServers({
    dataDir,
    temporalPort: embedded.temporalPort,
    temporalUiPort: embedded.temporalUiPort,
    mongoPort: embedded.mongodbPort,
    report,
    env: process.env,
    onUnexpectedEnd: (server, how) => {
      const log = join(dataDir, 'logs', `${server}.log`);
      lifetime.askForEnd({ kind: 'failure', message: `the ${server} server has ended (${how}); its log is ${log}` });
    },
  });
  await lifetime.own('servers', () => servers.stop());
  return servers;
}
