import type { ConfigSchema } from '../config/schema';
import { TARGET_SECRETS } from '../config/target';
import type { ConfigurationRules } from './dependencies';

/**
 * The rules of configuration for the API, from the schema that an entry point built.
 * @param identityKeys settings of a source type whose change makes it another source; the connectors know them
 */
export function configurationRules(
  schema: ConfigSchema,
  identityKeys: ConfigurationRules['identityKeys']
): ConfigurationRules {
  return {
    parseConnector: schema.parseConnector,
    parseTarget: schema.parseTarget,
    connectorSecrets: schema.connectorSecrets,
    targetSecrets: TARGET_SECRETS,
    identityKeys,
    schemas: { connector: schema.connector, target: schema.target },
  };
}
