import type { ConnectorConfig } from '../config/connector';
import { ConfigurationError } from '../config/errors';
import type { AttributeRecord } from '../domain/model';
import type { ConnectorRecord, ConnectorVersionRecord } from '../store/records';
import { SecretError } from '../store/secrets';
import { withVersion } from './connector-access';
import type { ApiDependencies } from './dependencies';
import { Problem } from './http/problem';
import { openConfig } from './secrets';

const UNREADABLE = 'The stored configuration, or a secret in it, cannot be read by this release; save it anew first.';

/** The parsed configuration; null where an older release took what this one refuses, or the key of its secrets is gone. */
export function readStored(deps: ApiDependencies, version: ConnectorVersionRecord): ConnectorConfig | null {
  const owner = { kind: 'connector', id: version.connectorId } as const;
  try {
    return deps.configuration.parseConnector(openConfig(version.config, deps.secretBox, owner));
  } catch (error) {
    if (error instanceof ConfigurationError || error instanceof SecretError) return null;
    throw error;
  }
}

/**
 * The current configuration as it was written, with its secrets, for trying a change of it.
 * @throws Problem refused when it has to be saved again before anything can be done
 */
export async function writtenConfiguration(
  deps: ApiDependencies,
  connector: ConnectorRecord
): Promise<AttributeRecord> {
  const { version } = await withVersion(deps.store, connector);
  try {
    return openConfig(version.config, deps.secretBox, { kind: 'connector', id: connector.id });
  } catch (error) {
    if (error instanceof SecretError) throw new Problem('refused', UNREADABLE, { cause: error });
    throw error;
  }
}

/**
 * The current configuration of a connector.
 * @throws Problem refused when it has to be saved again before anything can be done
 */
export async function currentConfiguration(
  deps: ApiDependencies,
  connector: ConnectorRecord
): Promise<ConnectorConfig> {
  const { version } = await withVersion(deps.store, connector);
  const config = readStored(deps, version);
  if (config !== null) return config;
  throw new Problem('refused', UNREADABLE);
}
