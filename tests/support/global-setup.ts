import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedServers } from '../../embedded/servers';
import { keepServers } from './servers-kept';
import { MONGODB_VARIABLE, TEMPORAL_VARIABLE } from './servers';

/** Starts one Temporal server and one MongoDB for all suites of jest's project 'server', on free ports and new data. */
async function startServers(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
  const servers = await startEmbeddedServers({
    dataDir,
    temporalPort: 0,
    temporalUiPort: 0,
    mongoPort: 0,
    report: (step) => process.stderr.write(`${step}\n`),
    env: process.env,
  });
  process.env[TEMPORAL_VARIABLE] = servers.temporalAddress;
  process.env[MONGODB_VARIABLE] = servers.mongoUri;
  keepServers({ servers, dataDir });
}

// jest takes what the module exports; the tree has no default exports
export = startServers;
