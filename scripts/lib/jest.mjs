import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ROOT } from './project.mjs';
import { runVisibly } from './run.mjs';

/** Suites on real servers start processes of their own: more at once only makes all of them slow. */
const WORKERS = { server: 2, slow: 1 };

/** Runs one of jest's projects and counts single tests; a suite that does not run at all counts as a failed one. */
export async function runJest(project, extraArguments) {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-jest-'));
  const report = join(folder, 'report.json');
  const workers = WORKERS[project] === undefined ? [] : [`--maxWorkers=${WORKERS[project]}`];
  const options = ['--selectProjects', project, '--passWithNoTests', '--json', `--outputFile=${report}`, ...workers];
  try {
    const jest = join('node_modules', 'jest', 'bin', 'jest.js');
    const code = await runVisibly([process.execPath, jest, ...options, ...extraArguments]);
    return summarise(project, code, report);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Jest may also fail outside of any test, in its set-up for example: that is one failure more. */
function summarise(project, code, report) {
  let results;
  try {
    results = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { passed: 0, skipped: 0, failures: code === 0 ? [] : [`${project}: jest did not run to its end`] };
  }
  const failures = results.testResults.flatMap((suite) => failuresOf(suite));
  if (code !== 0 && failures.length === 0) {
    failures.push(`${project}: jest ended with code ${code}`);
  }
  return { passed: results.numPassedTests, skipped: results.numPendingTests, failures };
}

function failuresOf(suite) {
  const file = relative(ROOT, suite.name);
  const tests = suite.assertionResults.filter((test) => test.status === 'failed');
  if (tests.length === 0 && suite.status === 'failed') {
    return [`${file}: the suite did not run`];
  }
  return tests.map((test) => `${file}: ${test.fullName}`);
}
