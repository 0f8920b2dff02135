/**
 * `npm test`: types, lint, format, unit tests and tests on real servers, in this order, and one count over all. Types,
 * lint and format count as one test each. All steps run even if one fails; the last line is `N passed, N failed`.
 *
 * node scripts/test.mjs [--only STEP,...] [-- ARGUMENTS FOR JEST]
 *
 * The step `slow` runs only when it is named: it brings up real products that have to be fetched first.
 */
import { build } from './lib/build.mjs';
import { runCheck } from './lib/checks.mjs';
import { installDependencies } from './lib/install.mjs';
import { runJest } from './lib/jest.mjs';
import { requireNode } from './lib/node-version.mjs';
import { secondsSince } from './lib/run.mjs';

const STEPS = {
  types: () => runCheck('types', ['typescript/bin/tsc', '--noEmit']),
  lint: () => runCheck('lint', ['eslint/bin/eslint.js', '.']),
  format: () => runCheck('format', ['prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']),
  unit: (jestArguments) => runJest('unit', jestArguments),
  server: async (jestArguments) => ((await build()) ? runJest('server', jestArguments) : failed('build')),
  slow: (jestArguments) => runJest('slow', jestArguments),
};
const ON_REQUEST = ['slow'];

requireNode();
const { steps, jestArguments } = parse(process.argv.slice(2));
if (!(await installDependencies())) {
  finish([failed('npm ci')]);
}
const results = [];
for (const step of steps) {
  console.log(`\n== ${step}`);
  const began = Date.now();
  const result = await STEPS[step](jestArguments);
  console.log(`== ${step}: ${result.passed} passed, ${result.failures.length} failed, ${secondsSince(began)}`);
  results.push(result);
}
finish(results);

function parse(args) {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const [option, value, ...more] = args.slice(0, end);
  const wanted =
    option === '--only' ? (value ?? '').split(',') : Object.keys(STEPS).filter((step) => !ON_REQUEST.includes(step));
  const unknown = wanted.find((step) => !(step in STEPS));
  if ((option !== undefined && option !== '--only') || unknown !== undefined || more.length > 0) {
    console.error(`usage: node scripts/test.mjs [--only ${Object.keys(STEPS).join(',')}] [-- jest arguments]`);
    process.exit(64);
  }
  return { steps: wanted, jestArguments: args.slice(end + 1) };
}

function failed(name) {
  return { passed: 0, skipped: 0, failures: [name] };
}

function finish(results) {
  const failures = results.flatMap((result) => result.failures);
  const skipped = results.reduce((sum, result) => sum + result.skipped, 0);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  console.log('');
  for (const failure of failures) {
    console.log(`FAILED ${failure}`);
  }
  if (skipped > 0) {
    console.log(`${skipped} skipped`);
  }
  console.log(`${passed} passed, ${failures.length} failed`);
  process.exit(failures.length > 0 ? 1 : 0);
}
