import { generateKeyPairSync } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfigFile } from '../../config/file';
import { createConfigSchema } from '../../config/schema';
import { providerDefinitions } from '../../connectors/registry';
import { goldenDifferences } from '../../domain/golden';
import { checkSchedule } from '../../domain/schedule';

const FOLDER = join(__dirname, '..', '..', 'examples');
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));

const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const ENV = {
  JIRA_TOKEN: 'jira-token',
  ENTRA_SECRET: 'entra-secret',
  KEYCLOAK_SECRET: 'keycloak-secret',
  OKTA_PRIVATE_KEY: privateKey,
  GOOGLE_KEY: JSON.stringify({
    type: 'service_account',
    client_email: 'rollcall@corp.iam.gserviceaccount.com',
    private_key: privateKey,
  }),
};
const schema = createConfigSchema({
  definitions: providerDefinitions({ baseDirectory: FOLDER }),
  checkSchedule,
  now: () => Date.parse('2026-11-24T00:00:00Z'),
});

describe('the set-ups in examples/', () => {
  it('are the ones that the schema can express', () => {
    expect(FILES.length).toBeGreaterThanOrEqual(8);
  });

  it.each(FILES)('%s is accepted as it stands, and its golden users come out right', async (name) => {
    const { connectors, targets } = await loadConfigFile({ path: join(FOLDER, name), env: ENV, schema });
    expect(targets).toHaveLength(1);
    expect(connectors).toHaveLength(1);
    for (const connector of connectors) expect(goldenDifferences(connector.golden, connector)).toEqual([]);
  });
});
