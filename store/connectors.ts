import type { Collection, Db, Filter } from 'mongodb';
import { connectorVersionId } from '../domain/ids';
import { isDuplicateKey } from './mongo';
import type { CollectionIndexes } from './mongo';
import type { ConnectorRecord, ConnectorVersionRecord, SealedConfig } from './records';
import type { ConnectorRepository } from './store';
import { removeConnectorData } from './connector-removal';
import { byText } from './ranges';
import { fromText, toText } from './text';
import type { JsonText } from './text';

interface Configuration {
  readonly config: JsonText<SealedConfig>;
  readonly createdAt: string;
  readonly by: string;
  readonly acknowledgedScope?: string;
}
/**
 * The document carries the configuration its `version` points to, so that both move in one write; connectorVersions keeps
 * every version for good and lags behind by a crash at most (the next save, or a read of the version, makes up for it).
 */
interface ConnectorDocument extends Omit<ConnectorRecord, 'id'> {
  readonly _id: string;
  readonly current: Configuration;
}
interface VersionDocument extends Configuration {
  readonly _id: string;
  readonly connectorId: string;
  readonly version: number;
}

export const connectorIndexes: CollectionIndexes = { collection: 'connectors', indexes: [] };
export const connectorVersionIndexes: CollectionIndexes = { collection: 'connectorVersions', indexes: [] };

interface Collections {
  readonly connectors: Collection<ConnectorDocument>;
  readonly versions: Collection<VersionDocument>;
}
type Save = Parameters<ConnectorRepository['saveVersion']>[0];
type Shown = Omit<ConnectorDocument, 'current'>;

const WITHOUT_CONFIG = { projection: { current: 0 } } as const;

function toRecord({ _id, ...rest }: Shown): ConnectorRecord {
  return { id: _id, ...rest };
}

function toVersion(connectorId: string, version: number, from: Configuration): ConnectorVersionRecord {
  const { config, createdAt, by, acknowledgedScope } = from;
  const record = { connectorId, version, config: fromText(config), createdAt, by };
  return acknowledgedScope === undefined ? record : { ...record, acknowledgedScope };
}

/** Versions never change, so one that is there is the same. */
async function archive(
  versions: Collection<VersionDocument>,
  id: string,
  version: number,
  current: Configuration
): Promise<void> {
  try {
    await versions.insertOne({ _id: connectorVersionId(id, version), connectorId: id, version, ...current });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
}

async function insert(
  { connectors, versions }: Collections,
  { id, targetId, config, by, now }: Parameters<ConnectorRepository['insert']>[0]
): Promise<boolean> {
  const current = { config: toText(config), createdAt: now, by };
  try {
    await connectors.insertOne({
      _id: id,
      targetId,
      version: 1,
      current,
      paused: false,
      deleting: false,
      lastRun: 0,
      references: [],
      firstRunOver: false,
      acknowledged: null,
      openHold: null,
      createdAt: now,
      updatedAt: now,
    });
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
  await archive(versions, id, 1, current);
  return true;
}

async function saveVersion(
  { connectors, versions }: Collections,
  { id, version, targetId, config, by, now, acknowledgedScope }: Save
): Promise<number | null> {
  const before = await connectors.findOne({ _id: id, version });
  if (!before) return null;
  await archive(versions, id, version, before.current);
  const current = {
    config: toText(config),
    createdAt: now,
    by,
    ...(acknowledgedScope !== undefined && { acknowledgedScope }),
  };
  const set = { version: version + 1, targetId, current, updatedAt: now };
  const { matchedCount } = await connectors.updateOne({ _id: id, version }, { $set: set });
  if (matchedCount === 0) return null;
  await archive(versions, id, version + 1, current);
  return version + 1;
}

async function readVersion(
  { connectors, versions }: Collections,
  id: string,
  version: number
): Promise<ConnectorVersionRecord | null> {
  const kept = await versions.findOne({ _id: connectorVersionId(id, version) });
  if (kept) return toVersion(id, version, kept);
  const connector = await connectors.findOne({ _id: id, version });
  return connector && toVersion(id, version, connector.current);
}

async function replaceHold(
  connectors: Collection<ConnectorDocument>,
  id: string,
  expectedRunId: string | null,
  openHold: ConnectorRecord['openHold']
): Promise<boolean> {
  const expected: Filter<ConnectorDocument> =
    expectedRunId === null ? { _id: id, openHold: null } : { _id: id, 'openHold.runId': expectedRunId };
  return (await connectors.updateOne(expected, { $set: { openHold } })).matchedCount === 1;
}

/** The document goes last: after a crash in between the removal can be asked for again. */
async function remove(db: Db, { connectors, versions }: Collections, id: string): Promise<void> {
  const last = (await connectors.findOne({ _id: id }))?.version ?? 0;
  await removeConnectorData(db, id);
  for (let version = 1; version <= last; version++) {
    await versions.deleteOne({ _id: connectorVersionId(id, version) });
  }
  await connectors.deleteOne({ _id: id });
}

/** Connectors and their configuration versions; few, so the list reads them all. */
export function createConnectorRepository(db: Db): ConnectorRepository {
  const collections: Collections = {
    connectors: db.collection(connectorIndexes.collection),
    versions: db.collection(connectorVersionIndexes.collection),
  };
  const { connectors } = collections;
  return {
    insert: (input) => insert(collections, input),
    get: async (id) => {
      const found = await connectors.findOne<Shown>({ _id: id }, WITHOUT_CONFIG);
      return found && toRecord(found);
    },
    list: async () => {
      const found = await connectors.find<Shown>({}, WITHOUT_CONFIG).toArray();
      return found.map(toRecord).sort(byText((connector) => connector.id));
    },
    version: (id, version) => readVersion(collections, id, version),
    saveVersion: (input) => saveVersion(collections, input),
    patch: async (id, set) => {
      if (Object.keys(set).length > 0) await connectors.updateOne({ _id: id }, { $set: set });
    },
    openDayRun: async (id, runId) => {
      await connectors.updateOne({ _id: id }, { $addToSet: { dayRuns: runId } });
    },
    closeDayRun: async (id, runId) => {
      await connectors.updateOne({ _id: id }, { $pull: { dayRuns: runId } });
    },
    replaceHold: (id, expectedRunId, hold) => replaceHold(connectors, id, expectedRunId, hold),
    raiseLastRun: async (id, n) => {
      await connectors.updateOne({ _id: id }, { $max: { lastRun: n } });
    },
    remove: (id) => remove(db, collections, id),
  };
}
