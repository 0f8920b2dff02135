import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder, putIntoCache } from '../../embedded/cache';
import { choosePorts, LOCAL_ADDRESS } from '../../embedded/ports';
import { startServer, type ServerProcess } from '../../embedded/server-process';
import { findOnPath, runTool } from '../../embedded/tool';

/** The version that is tested against, as published by Keycloak on Maven Central. */
const VERSION = '26.7.3';
const ARTIFACT = `org.keycloak:keycloak-quarkus-dist:${VERSION}:tar.gz`;
/** In memory: nothing to clean up, and several at a time share one unpacked tree. */
const BUILD_OPTIONS = ['--db=dev-mem'];
const TOOLS = ['java', 'mvn', 'tar'];
const TOOL_LIMIT_MS = 5 * 60_000;
/** On a busy machine the first start after a build takes a minute. */
const START_LIMIT_MS = 4 * 60_000;
const POLL_MS = 250;
const PROBE_LIMIT_MS = 5_000;
const ADMIN = 'admin';

export interface RunningKeycloak {
  readonly baseUrl: string;
  /** A call of the Admin REST API as the server's administrator, below /admin/realms; answers the body of a success. */
  admin(method: string, path: string, body?: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

/** Why no Keycloak can be had on this machine, or null. */
export function keycloakMissing(env: NodeJS.ProcessEnv): string | null {
  const needed = isBuilt(treeFolder(env)) ? ['java'] : TOOLS;
  const missing = needed.filter((tool) => findOnPath(tool, env) === null);
  return missing.length === 0 ? null : `a real Keycloak needs ${missing.join(', ')} on the PATH`;
}

/**
 * A real Keycloak on a free port of this machine, with nothing in it but the realm master. The first time it is fetched by
 * Maven (170 MB) and built (a minute); the built tree is kept per user, outside the checkout.
 */
export async function startKeycloak(env: NodeJS.ProcessEnv): Promise<RunningKeycloak> {
  const tree = await builtTree(env);
  const home = await mkdtemp(join(tmpdir(), 'rollcall-keycloak-'));
  for (const part of ['lib', 'conf', 'providers', 'themes']) await symlink(join(tree, part), join(home, part));
  const ports = await choosePorts([
    { server: 'Keycloak', variable: 'http', port: 0 },
    { server: 'Keycloak', variable: 'management', port: 0 },
  ]);
  const baseUrl = `http://${LOCAL_ADDRESS}:${ports.get('http')!}`;
  const clean = (): Promise<void> => rm(home, { recursive: true, force: true });
  const server = await launch(home, ports, { env, baseUrl }).catch(async (error: unknown) => {
    await clean();
    throw error;
  });
  const token = tokenOf(baseUrl);
  return {
    baseUrl,
    admin: (method, path, body) => adminCall(baseUrl, token, { method, path, body }),
    stop: async () => {
      await server.stop();
      await clean();
    },
  };
}

const treeFolder = (env: NodeJS.ProcessEnv): string => join(cacheFolder(env), `keycloak-${VERSION}`);
const isBuilt = (folder: string): boolean => existsSync(join(folder, 'lib', 'quarkus-run.jar'));

async function builtTree(env: NodeJS.ProcessEnv): Promise<string> {
  const folder = treeFolder(env);
  if (isBuilt(folder)) return folder;
  await putIntoCache(folder, async (temporary) => {
    const download = ['-q', '-B', 'dependency:copy', `-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${temporary}`];
    await runTool({ command: 'mvn', args: download, env, limitMs: TOOL_LIMIT_MS });
    const archive = join(temporary, `keycloak-quarkus-dist-${VERSION}.tar.gz`);
    const unpack = ['xzf', archive, '-C', temporary, '--strip-components=1'];
    await runTool({ command: 'tar', args: unpack, env, limitMs: TOOL_LIMIT_MS });
    await rm(archive);
    const build = ['build', ...BUILD_OPTIONS];
    await runTool({ command: join(temporary, 'bin', 'kc.sh'), args: build, env, limitMs: TOOL_LIMIT_MS });
  });
  return folder;
}

interface Launch {
  readonly env: NodeJS.ProcessEnv;
  readonly baseUrl: string;
}

/** Started as kc.sh does it, but with a home of its own, so that nothing is written into the tree that others use. */
function launch(home: string, ports: ReadonlyMap<string, number>, { env, baseUrl }: Launch): Promise<ServerProcess> {
  return startServer({
    name: 'Keycloak',
    command: 'java',
    args: [
      ...[
        '-Xms64m',
        '-Xmx768m',
        '-XX:TieredStopAtLevel=1',
        '-Djava.util.logging.manager=org.jboss.logmanager.LogManager',
      ],
      ...[
        'java.base/java.util',
        'java.base/java.util.concurrent',
        'java.base/java.security',
        'java.base/java.lang',
      ].map((module) => `--add-opens=${module}=ALL-UNNAMED`),
      ...[
        `-Dkc.home.dir=${home}`,
        `-Djboss.server.config.dir=${join(home, 'conf')}`,
        '-Dpicocli.disable.closures=true',
      ],
      ...['-cp', join(home, 'lib', 'quarkus-run.jar'), 'io.quarkus.bootstrap.runner.QuarkusEntryPoint'],
      ...['start', '--optimized', '--cache=local', '--http-enabled=true', '--hostname-strict=false'],
      ...[`--http-host=${LOCAL_ADDRESS}`, `--http-port=${ports.get('http')!}`],
      `--http-management-port=${ports.get('management')!}`,
    ],
    env: { ...env, KC_BOOTSTRAP_ADMIN_USERNAME: ADMIN, KC_BOOTSTRAP_ADMIN_PASSWORD: ADMIN },
    logFile: join(home, 'keycloak.log'),
    stopsWithUs: true,
    probe: () => untilAnswering(`${baseUrl}/realms/master`),
  });
}

/** Waits here, because a start may take longer than other servers are given. */
async function untilAnswering(url: string): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PROBE_LIMIT_MS) }).catch(() => null);
    if (answer?.ok === true) return;
    if (Date.now() > deadline) throw new Error(`no answer within ${START_LIMIT_MS / 1_000} s`);
    await sleep(POLL_MS);
  }
}

/** Tokens of the administrator are good for a minute: each call takes one of its own. */
function tokenOf(baseUrl: string): () => Promise<string> {
  return async () => {
    const form = { grant_type: 'password', client_id: 'admin-cli', username: ADMIN, password: ADMIN };
    const url = `${baseUrl}/realms/master/protocol/openid-connect/token`;
    const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
    return ((await answer.json()) as { access_token: string }).access_token;
  };
}

interface AdminCall {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

async function adminCall(
  baseUrl: string,
  token: () => Promise<string>,
  { method, path, body }: AdminCall
): Promise<unknown> {
  const answer = await fetch(`${baseUrl}/admin/realms${path}`, {
    method,
    headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 200)}`);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}
