/**
 * Bundles the compiled workflows once, into dist/workflow-bundle.js, so that no worker has to do it at its start.
 * Run after the compiler.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lib/project.mjs';

const workflowsPath = join(ROOT, 'dist', 'workflows', 'index.js');
if (!existsSync(workflowsPath)) {
  console.error(`${workflowsPath} is missing: run \`npm run build\``);
  process.exit(1);
}
const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
const { code } = await bundleWorkflowCode({
  workflowsPath,
  // cron-parser and others mention these, but what workflows use of them does not
  ignoreModules: ['fs', 'fs/promises'],
  logger: new DefaultLogger('WARN'),
});
writeFileSync(join(ROOT, 'dist', 'workflow-bundle.js'), code);
