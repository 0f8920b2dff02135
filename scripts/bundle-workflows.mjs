/**
 * Bundles the compiled workflows once, into dist/workflow-bundle.js, so that no worker has to do it at its start.
 * Run after the compiler.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lib/project.mjs';

const DIST = join(ROOT, 'dist');
const workflowsPath = join(DIST, 'workflows', 'index.js');
if (!existsSync(workflowsPath)) {
  console.error(`${workflowsPath} is missing: run \`npm run build\``);
  process.exit(1);
}
const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
const { BUNDLE_IGNORED_MODULES } = await import(join(DIST, 'workers', 'bundling.js'));
const { code } = await bundleWorkflowCode({
  workflowsPath,
  ignoreModules: [...BUNDLE_IGNORED_MODULES],
  logger: new DefaultLogger('WARN'),
});
writeFileSync(join(DIST, 'workflow-bundle.js'), code);
