import { MongoClient, MongoServerSelectionError } from 'mongodb';
import type { Db } from 'mongodb';
import { auditIndexes, createAuditRepository } from './audit';
import { connectorIndexes, connectorVersionIndexes, createConnectorRepository } from './connectors';
import { callConnectionIndexes, callSlotIndexes, createCallLimitRepository, rateLimitIndexes } from './call-limits';
import { counterIndexes, createCounters } from './counters';
import { createGateUsageRepository, gateUsageIndexes } from './gate-usage';
import { createGroupLinkRepository, groupLinkIndexes } from './group-links';
import { linkIndexes } from './link-document';
import { createLinkRepository } from './links';
import { createMembershipRepository, membershipIndexes } from './memberships';
import { createIndexes } from './mongo';
import { createOutcomeRepository, outcomeIndexes } from './outcomes';
import { createPlanRepository, operationIndexes, planShardIndexes } from './plans';
import { createRequestRepository, requestIndexes } from './requests';
import { createScimStore, scimIndexes } from './scim';
import { createRunRepository, runIndexes } from './runs';
import { snapshotIndexes } from './snapshot-document';
import { createSnapshotRepository } from './snapshots';
import type { Store } from './store';
import { createTargetRepository, targetIndexes } from './targets';

export interface StoreOptions {
  /** mongodb:// or mongodb+srv:// */
  readonly mongoUri: string;
  /** Default: the one the address names, else `rollcall`. */
  readonly database?: string;
}

/** The store cannot be opened. The message names the servers, never the credentials. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

const DEFAULT_DATABASE = 'rollcall';
const SERVER_SELECTION_TIMEOUT_MS = 5_000;

const ALL_INDEXES = [
  targetIndexes,
  connectorIndexes,
  connectorVersionIndexes,
  counterIndexes,
  runIndexes,
  snapshotIndexes,
  operationIndexes,
  planShardIndexes,
  outcomeIndexes,
  linkIndexes,
  groupLinkIndexes,
  membershipIndexes,
  gateUsageIndexes,
  requestIndexes,
  rateLimitIndexes,
  callSlotIndexes,
  callConnectionIndexes,
  auditIndexes,
  ...scimIndexes,
];

function createClient(mongoUri: string): MongoClient {
  try {
    return new MongoClient(mongoUri, {
      appName: 'rollcall',
      ignoreUndefined: true,
      serverSelectionTimeoutMS: SERVER_SELECTION_TIMEOUT_MS,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'unknown error';
    throw new StoreUnavailableError(`MONGODB_URI is not an address of a MongoDB (${reason})`);
  }
}

function serversOf(client: MongoClient): string {
  return client.options.srvHost ?? client.options.hosts.map(String).join(', ');
}

function unavailable(client: MongoClient, error: unknown): StoreUnavailableError {
  const servers = serversOf(client);
  if (error instanceof MongoServerSelectionError) {
    const seconds = SERVER_SELECTION_TIMEOUT_MS / 1_000;
    return new StoreUnavailableError(`no MongoDB answers at ${servers} within ${seconds} s: ${error.message}`);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreUnavailableError(`the MongoDB at ${servers} cannot be used: ${reason}`);
}

function databaseIn(mongoUri: string): string | undefined {
  return /^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]+)/.exec(mongoUri)?.[1];
}

/** On several servers a write counts when most of them hold it (durability 1.4); the driver repeats writes there only. */
async function openDatabase(client: MongoClient, name: string): Promise<Db> {
  const hello = await client.db(name).command({ ismaster: 1 });
  const isReplicated = typeof hello['setName'] === 'string' || hello['msg'] === 'isdbgrid';
  return client.db(name, isReplicated ? { writeConcern: { w: 'majority' } } : {});
}

function createStore(client: MongoClient, db: Db): Store {
  const counters = createCounters(db);
  return {
    targets: createTargetRepository(db),
    connectors: createConnectorRepository(db),
    runs: createRunRepository(db, counters),
    snapshots: createSnapshotRepository(db),
    plans: createPlanRepository(db),
    outcomes: createOutcomeRepository(db, counters),
    links: createLinkRepository(db),
    groupLinks: createGroupLinkRepository(db),
    memberships: createMembershipRepository(db),
    gateUsage: createGateUsageRepository(db),
    requests: createRequestRepository(db),
    callLimits: createCallLimitRepository(db),
    audit: createAuditRepository(db, counters),
    scim: createScimStore(db, counters),
    ping: async () => {
      await db.command({ ping: 1 });
    },
    close: () => client.close(),
  };
}

/**
 * Connects, creates the indexes that are missing and hands out the repositories.
 * @throws StoreUnavailableError within a few seconds when no server answers, refuses the credentials or an index
 */
export async function openStore({ mongoUri, database }: StoreOptions): Promise<Store> {
  const client = createClient(mongoUri);
  try {
    await client.connect();
    const db = await openDatabase(client, database ?? databaseIn(mongoUri) ?? DEFAULT_DATABASE);
    await createIndexes(db, ALL_INDEXES);
    return createStore(client, db);
  } catch (error) {
    await client.close();
    throw unavailable(client, error);
  }
}
