import { oktaDefinition } from '../../../connectors/okta/definition';
import type { OktaOptions } from '../../../connectors/okta/clients';
import { createOktaProvider } from '../../../connectors/okta/provider';
import type { IdentityProvider } from '../../../connectors/provider';
import { createOktaControl, type OktaControl } from '../../../simulators/okta/controlClient';
import { DEFAULT_CLIENT_ID, type OktaSimulatorOptions } from '../../../simulators/okta/options';
import { startOktaSimulator } from '../../../simulators/okta/start';
import { KEY_ID, PRIVATE_KEY, REGISTERED_KEYS } from '../../simulators/okta/support';

export { all, never, reading, type Reading } from '../reading';

export const SERVICE_APP = { clientId: DEFAULT_CLIENT_ID, keyId: KEY_ID, privateKey: PRIVATE_KEY } as const;
export const API_TOKEN = { apiToken: 'sim-token', clientId: null, keyId: null, privateKey: null } as const;

/** A simulated Okta of one test. */
export interface Simulated {
  readonly url: string;
  readonly sim: OktaControl;
  /** A provider of its own: nothing is shared with another one, as between two processes. */
  provider(changes?: Readonly<Record<string, unknown>>, options?: OktaOptions): IdentityProvider;
}

/** Starts as many as a test asks for; everything is stopped after each test. */
export function simulations(): (options?: OktaSimulatorOptions) => Promise<Simulated> {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });
  return async (options = {}) => {
    const okta = await startOktaSimulator({ keys: REGISTERED_KEYS, ...options });
    stops.push(okta.stop);
    const provider: Simulated['provider'] = (changes = {}, how = {}) => {
      const raw = { baseUrl: okta.url, ...SERVICE_APP, ...changes };
      const made = createOktaProvider(oktaDefinition.settings.parse(raw), how);
      stops.unshift(() => made.close());
      return made;
    };
    return { url: okta.url, sim: createOktaControl(okta.url), provider };
  };
}
