import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { downloadMongod, mongodDownloadedEarlier, mongodOnPath } from './mongod-binary';
import { findLauncher } from './mongo-launcher';
import type { Launcher } from './mongo-launcher';
import { LOCAL_ADDRESS } from './ports';
import type { ServerSpec } from './server-process';
import type { Report, Way } from './ways';

const PROBE_LIMIT_MS = 2_000;

/** Out of memory it must end: what is in memory of a half-done write would be committed with the next one. */
const JAVA_OPTIONS = ['-Xmx1g', '-XX:+UseSerialGC', '-XX:+ExitOnOutOfMemoryError'];

export const MONGO_ADVICE =
  'Install MongoDB Community Server (mongodb.com/docs/manual/installation) so that `mongod` is on the PATH; ' +
  'or install Java 17 or newer (a JDK) and Maven, with which a small server is built here; ' +
  'or set MONGODB_URI to a running server.';

/** A program that serves MongoDB: the real one, or ours on an H2 file (embedded/java). */
export type MongoProgram =
  { readonly kind: 'mongod'; readonly command: string } | { readonly kind: 'launcher'; readonly launcher: Launcher };

/**
 * Where a MongoDB may come from, best first. Data that is there already decides between the two kinds: a mongod that
 * could suddenly be downloaded must not hide what the launcher has stored.
 */
export function mongoWays(dataDir: string, env: NodeJS.ProcessEnv, report: Report): Way<MongoProgram>[] {
  const launcher: Way<MongoProgram>[] = [
    {
      name: 'embedded server on Java',
      find: async () => ({ kind: 'launcher', launcher: await findLauncher(env, report) }),
    },
  ];
  const mongod: Way<MongoProgram>[] = [
    { name: '`mongod` on the PATH', find: async () => asMongod(await mongodOnPath(env)) },
    { name: 'mongod downloaded earlier', find: async () => asMongod(await mongodDownloadedEarlier(env)) },
    { name: 'download of mongod', find: async () => asMongod(await downloadMongod(env, report)) },
  ];
  if (existsSync(launcherFile(dataDir))) {
    return launcher;
  }
  return existsSync(mongodFolder(dataDir)) ? mongod : [...mongod, ...launcher];
}

function asMongod(command: string): MongoProgram {
  return { kind: 'mongod', command };
}

function mongodFolder(dataDir: string): string {
  return join(dataDir, 'mongod');
}

function launcherFile(dataDir: string): string {
  return join(dataDir, 'store.mv');
}

/** Writes are answered when they survive the death of the server: by the launcher always, by mongod with a journal. */
export function mongoUri(port: number): string {
  return `mongodb://${LOCAL_ADDRESS}:${port}/?directConnection=true&w=majority&journal=true`;
}

export interface MongoOptions {
  readonly program: MongoProgram;
  readonly port: number;
  readonly dataDir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stopsWithUs: boolean;
}

export function mongoServer(options: MongoOptions): ServerSpec {
  return {
    ...commandLine(options),
    name: 'MongoDB',
    env: options.env,
    logFile: join(options.dataDir, 'logs', 'mongo.log'),
    stopsWithUs: options.stopsWithUs,
    probe: () => answers(mongoUri(options.port)),
  };
}

function commandLine({ program, port, dataDir }: MongoOptions): { command: string; args: string[] } {
  if (program.kind === 'launcher') {
    const { java, classPath } = program.launcher;
    const launch = ['-cp', classPath, 'EmbeddedMongo', String(port), launcherFile(dataDir)];
    return { command: java, args: [...JAVA_OPTIONS, ...launch] };
  }
  mkdirSync(mongodFolder(dataDir), { recursive: true });
  const place = ['--dbpath', mongodFolder(dataDir), '--bind_ip', LOCAL_ADDRESS, '--port', String(port)];
  return { command: program.command, args: [...place, '--quiet'] };
}

async function answers(uri: string): Promise<void> {
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: PROBE_LIMIT_MS });
  try {
    await client.db('admin').command({ ping: 1 });
  } finally {
    await client.close();
  }
}
