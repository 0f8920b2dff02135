import { keycloakDefinition } from '../connectors/keycloak/definition';
import type { IdentityProvider, Page } from '../connectors/provider';
import { startKeycloak } from './support/keycloak';
import { generateRealm } from './support/realm';
import { percentiles } from './percentiles';

export interface KeycloakBenchOptions {
  readonly users: number;
  readonly groups: number;
  /** People looked up one by one, as log-ins do. */
  readonly lookUps: number;
}

const PER_USER = 3;
const CLIENT = { clientId: 'rollcall', clientSecret: 'bench-secret' } as const;
const never = new AbortController().signal;

/**
 * A real Keycloak with generated people: a whole read by the connector, kind by kind, and look-ups of single people.
 * @returns plain JSON
 */
export async function benchKeycloak({ users, groups, lookUps }: KeycloakBenchOptions): Promise<object> {
  const keycloak = await startKeycloak(process.env);
  try {
    const realm = generateRealm({
      ...CLIENT,
      realm: 'corp',
      users,
      groups,
      perUser: PER_USER,
      roles: ['view-users'],
      tokenLifetimeSeconds: 300,
    });
    const imported = await timed(() => keycloak.admin('POST', '', realm.representation));
    const settings = { baseUrl: keycloak.baseUrl, realm: 'corp', ...CLIENT };
    const provider = keycloakDefinition.create(keycloakDefinition.settings.parse(settings));
    const people = await readAll((cursor) => provider.listUsers(cursor, never));
    const reads = {
      users: people.read,
      groups: (await readAll((cursor) => provider.listGroups(cursor, never))).read,
      memberships: (await readAll((cursor) => provider.listMemberships(cursor, never))).read,
    };
    const ids = people.records.slice(0, lookUps).map((user) => user.externalId);
    const single = await lookUpAll(provider, ids);
    await provider.close();
    return { bench: 'keycloak', users, groups, importSeconds: imported, reads, single };
  } finally {
    await keycloak.stop();
  }
}

const seconds = (ms: number): number => Math.round(ms / 10) / 100;

async function timed(step: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await step();
  return seconds(performance.now() - began);
}

async function readAll<T>(read: (cursor: string | null) => Promise<Page<T>>) {
  const began = performance.now();
  const records: T[] = [];
  let cursor: string | null = null;
  let pages = 0;
  do {
    const page: Page<T> = await read(cursor);
    for (const { record } of page.items) records.push(record);
    cursor = page.cursor;
    pages += 1;
  } while (cursor !== null);
  return { records, read: { records: records.length, pages, seconds: seconds(performance.now() - began) } };
}

async function lookUpAll(provider: IdentityProvider, ids: readonly string[]): Promise<object> {
  const times: number[] = [];
  for (const id of ids) {
    const began = performance.now();
    await provider.lookUpUsers([id], never);
    await provider.groupsOf(id, never);
    times.push(performance.now() - began);
  }
  return { lookUps: ids.length, ms: percentiles(times) };
}
