import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import type { Db } from 'mongodb';
import { mongoServer, mongoUri } from '../../embedded/mongo';
import { findLauncher } from '../../embedded/mongo-launcher';
import { choosePorts } from '../../embedded/ports';
import { startServer } from '../../embedded/server-process';
import type { ServerProcess } from '../../embedded/server-process';
import { findOnPath } from '../../embedded/tool';

/** Suites about the embedded store run where it can: a machine with a real mongod may have no Java. */
export const describeEmbeddedStore = findOnPath('javac', process.env) === null ? describe.skip : describe;

/** An embedded store of a suite's own, which may be killed and started again on the same file. */
export interface TestStore {
  readonly folder: string;
  readonly file: string;
  readonly db: Db;
  start(): Promise<void>;
  /** Stops it as `npm start` does. */
  stop(): Promise<void>;
  /** kill -9, and waits until it is gone. */
  kill(): Promise<void>;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
}

export async function createTestStore(): Promise<TestStore> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-store-'));
  const launcher = await findLauncher(process.env, () => undefined);
  const port = (await choosePorts([{ server: 'test', variable: 'port', port: 0 }])).get('port') ?? 0;
  const spec = mongoServer({
    program: { kind: 'launcher', launcher },
    port,
    dataDir: folder,
    env: process.env,
    stopsWithUs: true,
  });
  let server: ServerProcess | null = null;
  let client = new MongoClient(mongoUri(port));
  const store: TestStore = {
    folder,
    file: join(folder, 'store.mv'),
    get db() {
      return client.db('rollcall');
    },
    start: async () => {
      server = await startServer(spec);
      client = new MongoClient(mongoUri(port));
    },
    stop: async () => {
      await client.close(true);
      await server?.stop();
    },
    kill: async () => {
      if (server !== null) {
        process.kill(server.pid, 'SIGKILL');
        await server.ended;
      }
      await client.close(true);
    },
    remove: async () => {
      await store.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await store.start();
  return store;
}
