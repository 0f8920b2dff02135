import type { ConnectorConfig } from '../config/connector';
import { canonicalJson } from '../domain/canonical-json';
import { SLICES } from '../domain/ids';
import type { AttributeRecord } from '../domain/model';
import type { ConnectorRecord, ConnectorVersionRecord, SealedConfig } from '../store/records';
import type { LinkRepository } from '../store/link-repositories';
import type { Store } from '../store/store';
import type { ApiDependencies } from './dependencies';
import { Problem, notFound } from './http/problem';
import type { FieldError } from './http/problem';
import { sealConfig } from './secrets';

export interface StoredConnector {
  readonly record: ConnectorRecord;
  readonly version: ConnectorVersionRecord;
}

/** @throws Problem not-found */
export async function getConnector(store: Store, id: string): Promise<ConnectorRecord> {
  const record = await store.connectors.get(id);
  if (record === null) throw notFound('connector', id);
  return record;
}

/** The connector for a command. @throws Problem not-found, connector-removed */
export async function getLiveConnector(store: Store, id: string): Promise<ConnectorRecord> {
  const record = await getConnector(store, id);
  if (record.deleting) throw new Problem('connector-removed', `The connector ${JSON.stringify(id)} is being removed.`);
  return record;
}

/** The connector and its current configuration. @throws Problem not-found */
export async function loadConnector(store: Store, id: string): Promise<StoredConnector> {
  const record = await getConnector(store, id);
  return withVersion(store, record);
}

/** @throws Problem not-found when it was removed in between */
export async function withVersion(store: Store, record: ConnectorRecord): Promise<StoredConnector> {
  const version = await store.connectors.version(record.id, record.version);
  if (version === null) throw notFound('connector', record.id);
  return { record, version };
}

export interface CheckedConnector {
  readonly parsed: ConnectorConfig;
  readonly sealed: SealedConfig;
}

/**
 * Checks a connector as written and encrypts its secrets.
 * @throws ConfigurationError, Problem invalid when the target is not there
 */
export async function checkConnector(deps: ApiDependencies, written: AttributeRecord): Promise<CheckedConnector> {
  const parsed = deps.configuration.parseConnector(written);
  if ((await deps.store.targets.get(parsed.target)) === null) {
    throw new Problem('invalid', `There is no target ${JSON.stringify(parsed.target)}; create it first.`, {
      errors: [{ path: 'target', message: 'names no target' }],
    });
  }
  const owner = { kind: 'connector', id: parsed.id } as const;
  const paths = deps.configuration.connectorSecrets(parsed.source.type);
  return { parsed, sealed: sealConfig(written, paths, deps.secretBox, owner) };
}

/** Whether a connector has any link. Ranges of slices double, so that few links cost few calls and many are never read whole. */
export async function hasLinks(links: Pick<LinkRepository, 'inSlices'>, connectorId: string): Promise<boolean> {
  let [from, width] = [0, 8];
  while (from < SLICES) {
    const to = Math.min(from + width, SLICES) - 1;
    if ((await links.inSlices(connectorId, { from, to })).length > 0) return true;
    [from, width] = [to + 1, width * 2];
  }
  return false;
}

function identityChanges(
  before: ConnectorConfig,
  after: ConnectorConfig,
  keys: readonly string[]
): readonly FieldError[] {
  const message = 'must not change while the connector has links';
  const paths = [
    ...(before.target === after.target ? [] : ['target']),
    ...(before.source.type === after.source.type ? [] : ['source.type']),
    ...keys.filter((key) => !isSame(before.source[key], after.source[key])).map((key) => `source.${key}`),
  ];
  return paths.map((path) => ({ path, message }));
}

const isSame = (a: unknown, b: unknown): boolean => canonicalJson(a ?? null) === canonicalJson(b ?? null);

/**
 * Refuses a change that would make the links of a connector point to other people (rules 1.1): another source, or another
 * target, to whose accounts the keys in the links do not belong. (`key` is not built yet: the schema takes its default only.)
 * @throws Problem source-identity
 */
export async function refuseChangedIdentity(
  deps: ApiDependencies,
  before: ConnectorConfig,
  after: ConnectorConfig
): Promise<void> {
  const errors = identityChanges(before, after, deps.configuration.identityKeys(before.source.type));
  if (errors.length === 0 || !(await hasLinks(deps.store.links, before.id))) return;
  throw new Problem(
    'source-identity',
    'The links of this connector belong to its present source and target. Create a second connector for the new one, look at ' +
      'its preview, and delete this connector once the new one has taken over: deleting releases its links and changes no account.',
    { errors }
  );
}
