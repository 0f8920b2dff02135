import { ProviderError } from '../errors';
import type { CheckStep } from '../provider';
import { refuseHidden, type KeycloakApi } from './api';
import { userOf } from './records';
import type { KeycloakSettings } from './settings';
import type { KeycloakUser } from './shapes';

/** The people whose attributes the sample tells of. */
const SAMPLE_USERS = 20;
const ROLES_PAGE = 'Clients > the client > Service accounts roles > Assign role > Client roles, realm-management';

/**
 * The steps of a connection test. Stops at the first one without which the next ones tell nothing. Names of attributes
 * only, no values.
 */
export async function checkKeycloak(
  api: KeycloakApi,
  settings: KeycloakSettings,
  signal: AbortSignal
): Promise<readonly CheckStep[]> {
  const remedies = remediesFor(settings);
  const steps: CheckStep[] = [await step('server', remedies.server, async () => `realm ${await api.realm(signal)}`)];
  if (failed(steps)) return steps;
  steps.push(
    await step('login', remedies.login, async () => {
      const { lifetimeMs } = await api.token(signal);
      return `accepted; tokens are good for ${Math.round(lifetimeMs / 1_000)} s`;
    })
  );
  if (failed(steps)) return steps;

  const users: KeycloakUser[] = [];
  const listing = await step('users', remedies.role, async () => {
    users.push(...(await api.users(0, SAMPLE_USERS, signal)));
    if (users.length === 0) await refuseHidden('users', api.userCount(signal));
    return `${await api.userCount(signal)} users`;
  });
  const firstGroups: string[] = [];
  const groups = await step('groups', remedies.role, async () => {
    firstGroups.push(...((await api.groups(null, 0, 1, signal)) ?? []).map(({ id }) => id));
    if (firstGroups.length === 0) await refuseHidden('groups', api.groupCount(signal));
    return `${await api.groupCount(signal)} groups, sub-groups included`;
  });
  steps.push(listing, groups);
  for (const group of firstGroups) steps.push(await members(api, group, remedies.role, signal));
  if (listing.ok) steps.push(sample(users));
  return steps;
}

function members(api: KeycloakApi, group: string, remedy: string, signal: AbortSignal): Promise<CheckStep> {
  return step('memberships', remedy, async () => {
    const found = await api.members(group, 0, 1, signal);
    return found === null || found.length === 0 ? 'the first group has no members' : 'members of a group are readable';
  });
}

/** A realm keeps attributes that its user profile does not name only where unmanaged attributes are allowed. */
function sample(users: readonly KeycloakUser[]): CheckStep {
  if (users.length === 0) return { name: 'sample', ok: true, detail: 'the realm has no users', remedy: null };
  const names = new Set(users.flatMap((user) => Object.keys(userOf(user).attributes)));
  const hasOwn = users.some(({ attributes }) => Object.keys(attributes ?? {}).length > 0);
  return {
    name: 'sample',
    ok: true,
    detail: `the first ${users.length} users have a value for: ${[...names].sort().join(', ')}`,
    remedy: hasOwn
      ? null
      : 'None of them has an attribute of the realm. Where some are expected: add them to Realm settings > User profile.',
  };
}

async function step(name: string, remedy: Remedy, ask: () => Promise<string>): Promise<CheckStep> {
  try {
    return { name, ok: true, detail: await ask(), remedy: null };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const { kind, message } = error;
    const isTemporary = kind === 'unavailable' || kind === 'rateLimited';
    const advice = typeof remedy === 'string' ? remedy : remedy(kind);
    return {
      name,
      ok: false,
      detail: message,
      remedy: isTemporary && name !== 'server' ? 'Test again later.' : advice,
    };
  }
}

type Remedy = string | ((kind: ProviderError['kind']) => string);

const failed = (steps: readonly CheckStep[]): boolean => steps.some(({ ok }) => !ok);

function remediesFor({ baseUrl, clientId, realm }: KeycloakSettings) {
  return {
    server: (kind: ProviderError['kind']) =>
      kind === 'unavailable'
        ? `Make ${baseUrl} reachable from the machine that runs Rollcall, and its certificate trusted.`
        : `Correct baseUrl (with the relative path of the server, such as /auth, where it has one) or realm (${realm}).`,
    login:
      `Copy the secret from Clients > ${clientId} > Credentials, and see that the client is enabled and has ` +
      'Client authentication and Service accounts roles switched on.',
    role: `Give the service account the role view-users (${ROLES_PAGE}); query-users and query-groups alone show nothing.`,
  };
}
