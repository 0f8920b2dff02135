import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { startEmbeddedServers } from '../../embedded/servers';
import { BUNDLE_IGNORED_MODULES } from '../../workers/bundling';
import { keepServers } from './servers-kept';
import { BUNDLE_VARIABLE, MONGODB_VARIABLE, TEMPORAL_VARIABLE } from './servers';

/** Starts one Temporal server and one MongoDB for all suites of jest's project 'server', on free ports and new data. */
async function startServers(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
  const bundled = bundleWorkflows(join(dataDir, 'workflow-bundle.js'));
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
  process.env[BUNDLE_VARIABLE] = await bundled;
}

/** Bundles the workflows' sources while the servers start: the build's bundle may be older than they are. */
async function bundleWorkflows(file: string): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(__dirname, '..', '..', 'workflows'),
    ignoreModules: [...BUNDLE_IGNORED_MODULES],
    logger: new DefaultLogger('WARN'),
  });
  writeFileSync(file, code);
  return file;
}

// jest takes what the module exports; the tree has no default exports
export = startServers;
