import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cacheFolder, putIntoCache } from './cache';
import { projectRoot } from './project';
import { findOnPath, runTool } from './tool';
import type { Report } from './ways';

const OLDEST_JAVA = 17;
const TOOL_LIMIT_MS = 5 * 60_000;
const VERSION_LIMIT_MS = 30_000;
const HASH_LENGTH = 12;
const CLASSES = 'classes';
const JARS = 'jars';

/** How to run the MongoDB server of embedded/java. */
export interface Launcher {
  readonly java: string;
  readonly classPath: string;
}

/**
 * The compiled launcher, built once for all clones with the same sources: jars by Maven (6 MB), classes by javac.
 * Maven and a JDK are needed for that once, Java alone afterwards.
 */
export async function findLauncher(env: NodeJS.ProcessEnv, report: Report): Promise<Launcher> {
  const java = await javaOfRightAge(env);
  const sources = await sourceFiles();
  const folder = join(cacheFolder(env), `mongo-launcher-${await hashOf(sources)}`);
  if (!existsSync(join(folder, CLASSES, 'EmbeddedMongo.class'))) {
    const mvn = needed('mvn', 'Maven', env);
    const javac = needed('javac', 'A Java development kit', env);
    report('MongoDB: building the embedded server with Maven and Java, once for all clones (about 10 s, 6 MB)');
    await putIntoCache(folder, (temporary) => build({ mvn, javac, sources, temporary, env }));
  }
  return { java, classPath: [join(folder, CLASSES), join(folder, JARS, '*')].join(delimiter) };
}

/** macOS has a `java` that only says where to get Java, so it is asked. */
async function javaOfRightAge(env: NodeJS.ProcessEnv): Promise<string> {
  const java = needed('java', `Java ${OLDEST_JAVA} or newer`, env);
  const lines = await runTool({ command: java, args: ['-version'], env, limitMs: VERSION_LIMIT_MS });
  const version = /version "(\d+)/.exec(lines.join('\n'))?.[1];
  if (version === undefined || Number(version) < OLDEST_JAVA) {
    throw new Error(`Java ${OLDEST_JAVA} or newer is needed, found ${version ?? 'an unknown version'}`);
  }
  return java;
}

function needed(program: string, what: string, env: NodeJS.ProcessEnv): string {
  const path = findOnPath(program, env);
  if (path === null) {
    throw new Error(`${what} is needed: \`${program}\` is not on the PATH`);
  }
  return path;
}

async function sourceFiles(): Promise<string[]> {
  const folder = join(projectRoot(), 'embedded', 'java');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.java') || name === 'pom.xml');
  return names.sort().map((name) => join(folder, name));
}

async function hashOf(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(await readFile(file));
  }
  return hash.digest('hex').slice(0, HASH_LENGTH);
}

interface Build {
  readonly mvn: string;
  readonly javac: string;
  readonly sources: readonly string[];
  readonly temporary: string;
  readonly env: NodeJS.ProcessEnv;
}

async function build({ mvn, javac, sources, temporary, env }: Build): Promise<void> {
  const jars = join(temporary, JARS);
  const pom = sources.filter((file) => file.endsWith('pom.xml'));
  await runTool({
    command: mvn,
    args: ['-q', '-B', '-f', ...pom, 'dependency:copy-dependencies', `-DoutputDirectory=${jars}`],
    env,
    limitMs: TOOL_LIMIT_MS,
  });
  await runTool({
    command: javac,
    args: [
      ...['--release', String(OLDEST_JAVA), '-cp', join(jars, '*'), '-d', join(temporary, CLASSES)],
      ...sources.filter((file) => file.endsWith('.java')),
    ],
    env,
    limitMs: TOOL_LIMIT_MS,
  });
}
