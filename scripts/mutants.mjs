/**
 * Proves that tests notice when a safeguard is gone: each mutant of tests/mutants/mutants.json takes one out of a copy
 * of the sources, and the test it names has to fail then (and to pass without it). The checkout is not touched.
 * A mutant: {name, file, find, replace, test: {path, name, project?}, build?}; `find` has to occur once in the file,
 * `project` is the jest project (default unit), `build` true when the test runs what `npm run build` makes.
 *
 * Usage: node scripts/mutants.mjs [NAME...]
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(fileURLToPath(import.meta.url), '..', '..');
const NOT_COPIED = new Set(['node_modules', 'dist', 'data', 'coverage', '.git']);
const RUN_LIMIT_MS = 15 * 60_000;

const escapePattern = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

function copySources() {
  const copy = mkdtempSync(join(tmpdir(), 'rollcall-mutants-'));
  process.on('exit', () => rmSync(copy, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));
  cpSync(ROOT, copy, {
    recursive: true,
    filter: (path) => !NOT_COPIED.has(relative(ROOT, path).split(sep)[0] ?? ''),
  });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'dir');
  return copy;
}

function build(copy) {
  const { status, stdout } = spawnSync('npm', ['run', 'build'], { cwd: copy, encoding: 'utf8', timeout: RUN_LIMIT_MS });
  return status === 0 ? null : `the build failed: ${(stdout ?? '').slice(-500)}`;
}

/** Runs one named test in the copy. @returns 'passed', 'failed', or a sentence when neither was shown. */
function runTest(copy, { test, build: needsBuild }) {
  const problem = needsBuild ? build(copy) : null;
  if (problem !== null) return problem;
  const report = join(copy, 'mutant-report.json');
  rmSync(report, { force: true });
  const args = [test.path, '--runTestsByPath', '-t', `^${escapePattern(test.name)}$`, '--json', '--outputFile', report];
  args.push('--cacheDirectory', join(copy, '.jest-cache'), '--selectProjects', test.project ?? 'unit');
  const jest = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
  const { stderr } = spawnSync(process.execPath, [jest, ...args], {
    cwd: copy,
    encoding: 'utf8',
    timeout: RUN_LIMIT_MS,
  });
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
    if (numRuntimeErrorTestSuites > 0) return `the test file does not run: ${(stderr ?? '').slice(0, 500)}`;
    if (numPassedTests + numFailedTests !== 1) return `${numPassedTests + numFailedTests} tests have this name`;
    return numFailedTests === 1 ? 'failed' : 'passed';
  } catch {
    return `the test did not end: ${(stderr ?? '').slice(-500)}`;
  }
}

/** @returns null when the test notices the mutant, else what is wrong. */
function tryMutant(copy, mutant, unmutated) {
  if (unmutated !== 'passed') return `without the mutant: ${unmutated}`;
  const path = join(copy, mutant.file);
  const source = readFileSync(path, 'utf8');
  const found = source.split(mutant.find).length - 1;
  if (found !== 1) return `${found} places in ${mutant.file} have the text to replace, not 1`;
  try {
    writeFileSync(
      path,
      source.replace(mutant.find, () => mutant.replace)
    );
    const mutated = runTest(copy, mutant);
    if (mutated === 'failed') return null;
    return mutated === 'passed' ? 'the test passes although the safeguard is gone' : mutated;
  } finally {
    writeFileSync(path, source);
  }
}

function main() {
  const all = JSON.parse(readFileSync(join(ROOT, 'tests', 'mutants', 'mutants.json'), 'utf8'));
  const names = process.argv.slice(2);
  const unknown = names.filter((name) => !all.some((mutant) => mutant.name === name));
  if (unknown.length > 0) {
    console.error(`no such mutant: ${unknown.join(', ')}; there are: ${all.map(({ name }) => name).join(', ')}`);
    return 64;
  }
  const mutants = names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
  const copy = copySources();
  const unmutated = new Map();
  let failed = 0;
  for (const mutant of mutants) {
    const key = `${mutant.test.path} ${mutant.test.name}`;
    if (!unmutated.has(key)) unmutated.set(key, runTest(copy, mutant));
    const problem = tryMutant(copy, mutant, unmutated.get(key));
    if (problem !== null) failed += 1;
    console.log(`${problem === null ? 'noticed ' : 'MISSED  '} ${mutant.name.padEnd(34)} ${mutant.file}`);
    if (problem !== null) console.log(`          ${problem}`);
  }
  console.log(`${mutants.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = main();
