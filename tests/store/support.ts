import { MongoClient } from 'mongodb';
import type { Db } from 'mongodb';
import { openStore } from '../../store/connect';
import type { NewRun } from '../../store/records';
import type { Store } from '../../store/store';
import { testDatabaseName, testMongoUri } from '../support/servers';

/** A store in a database of the suite's own, and that database, to look behind the repositories. */
export interface StoreUnderTest {
  readonly store: Store;
  readonly db: Db;
  /** Another process's view of the same store. */
  another(): Promise<Store>;
  remove(): Promise<void>;
}

export async function openTestStore(suite: string): Promise<StoreUnderTest> {
  const options = { mongoUri: testMongoUri(), database: testDatabaseName(suite) };
  const client = await new MongoClient(options.mongoUri).connect();
  const db = client.db(options.database);
  const opened: Store[] = [];
  const another = async (): Promise<Store> => {
    const store = await openStore(options);
    opened.push(store);
    return store;
  };
  const store = await another();
  const remove = async (): Promise<void> => {
    await Promise.all(opened.map((each) => each.close()));
    await db.dropDatabase();
    await client.close();
  };
  return { store, db, another, remove };
}

/** Names and ids that break naive keys: separators, escapes, field name signs, other scripts, two forms of one name. */
export const AWKWARD_KEYS = [
  'a:b',
  'a%3Ab',
  'a%b',
  '$a.b',
  'jira:users:%',
  'Zoë',
  'Zoe\u0308',
  'Łukasz',
  'ŁUKASZ',
  'İstanbul',
  'straße',
  '山田 太郎',
  'محمد',
  '🦊 fox',
  '',
  ' ',
] as const;

export const NOW = '2026-03-01T02:00:00.000Z';

export function newRun(changes: Partial<NewRun> & Pick<NewRun, 'id' | 'n'>): NewRun {
  return {
    connectorId: 'corp',
    targetId: 'jira',
    mode: 'sync',
    trigger: 'manual',
    requestId: null,
    configVersion: 1,
    startedAt: NOW,
    missedTicks: 0,
    planRunId: null,
    selection: null,
    ...changes,
  };
}
