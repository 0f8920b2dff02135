import { keycloakDefinition } from '../../../connectors/keycloak/definition';
import type { KeycloakOptions } from '../../../connectors/keycloak/api';
import { createKeycloakProvider } from '../../../connectors/keycloak/provider';
import type { IdentityProvider, Page } from '../../../connectors/provider';
import { createKeycloakControl, type KeycloakControl } from '../../../simulators/keycloak/controlClient';
import type { KeycloakSimulatorOptions } from '../../../simulators/keycloak/options';
import { startKeycloakSimulator } from '../../../simulators/keycloak/start';

export const never = new AbortController().signal;

/** A simulated Keycloak of one test. */
export interface Simulated {
  readonly url: string;
  readonly sim: KeycloakControl;
  /** A provider of its own: nothing is shared with another one, as between two processes. */
  provider(changes?: Readonly<Record<string, unknown>>, options?: KeycloakOptions): IdentityProvider;
}

/** Starts as many as a test asks for; everything is stopped after each test. */
export function simulations(): (options?: KeycloakSimulatorOptions) => Promise<Simulated> {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });
  return async (options = {}) => {
    const keycloak = await startKeycloakSimulator(options);
    stops.push(keycloak.stop);
    const provider: Simulated['provider'] = (changes = {}, how = {}) => {
      const raw = {
        baseUrl: keycloak.url,
        realm: 'corp',
        clientId: 'rollcall',
        clientSecret: 'sim-secret',
        ...changes,
      };
      const made = createKeycloakProvider(keycloakDefinition.settings.parse(raw), how);
      stops.unshift(() => made.close());
      return made;
    };
    return { url: keycloak.url, sim: createKeycloakControl(keycloak.controlUrl), provider };
  };
}

/** Reads a listing to its end; `between` runs after each page that has one after it. */
export async function all<T>(
  read: (cursor: string | null) => Promise<Page<T>>,
  between: (page: number) => Promise<void> = () => Promise.resolve()
): Promise<readonly T[]> {
  const records: T[] = [];
  let cursor: string | null = null;
  for (let page = 1; ; page++) {
    const { items, cursor: next }: Page<T> = await read(cursor);
    records.push(...items.map(({ record }) => record));
    if (next === null) return records;
    cursor = next;
    await between(page);
  }
}
