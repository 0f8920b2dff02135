import type { GoogleOptions } from '../../../connectors/google/api';
import { googleDefinition } from '../../../connectors/google/definition';
import { createGoogleProvider } from '../../../connectors/google/provider';
import type { IdentityProvider } from '../../../connectors/provider';
import { createGoogleControl, type GoogleControl } from '../../../simulators/google/controlClient';
import { DEFAULT_ADMIN, DEFAULT_CLIENT_EMAIL, type GoogleSimulatorOptions } from '../../../simulators/google/options';
import { startGoogleSimulator } from '../../../simulators/google/start';
import { PRIVATE_KEY, PUBLIC_KEY } from '../../simulators/google/support';

export { all, never, reading, type Reading } from '../reading';

const keyFile = (changes: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    ...{ type: 'service_account', client_email: DEFAULT_CLIENT_EMAIL, private_key: PRIVATE_KEY, private_key_id: 'k1' },
    ...changes,
  });
export const SERVICE_ACCOUNT_KEY = keyFile();
export const keyFileWith = keyFile;

/** The settings of a connector that reads a simulated domain. */
export const settingsFor = (url: string) => ({
  ...{ serviceAccountKey: SERVICE_ACCOUNT_KEY, adminEmail: DEFAULT_ADMIN, baseUrl: url, tokenUrl: `${url}/token` },
});

/** A simulated Google of one test. */
export interface Simulated {
  readonly url: string;
  readonly sim: GoogleControl;
  /** A provider of its own: nothing is shared with another one, as between two processes. */
  provider(changes?: Readonly<Record<string, unknown>>, options?: GoogleOptions): IdentityProvider;
}

/** Starts as many as a test asks for; everything is stopped after each test. */
export function simulations(): (options?: GoogleSimulatorOptions) => Promise<Simulated> {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });
  return async (options = {}) => {
    const google = await startGoogleSimulator({ publicKey: PUBLIC_KEY, rateLimit: 1_000_000, ...options });
    stops.push(google.stop);
    const provider: Simulated['provider'] = (changes = {}, how = {}) => {
      const made = createGoogleProvider(
        googleDefinition.settings.parse({ ...settingsFor(google.url), ...changes }),
        how
      );
      stops.unshift(() => made.close());
      return made;
    };
    return { url: google.url, sim: createGoogleControl(google.url), provider };
  };
}
