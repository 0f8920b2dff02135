import { ProviderError } from '../errors';
import type { CheckStep } from '../provider';
import type { OktaApi } from './api';
import { EVERYONE_FILTER, everyoneIn, groupFilter, isWanted } from './groups';
import { userOf } from './records';
import { namesOf, sightOf } from './role';
import type { OktaSettings } from './settings';
import { memberShape, type OktaGroup, type OktaUser } from './shapes';

/** The people whose attributes the sample tells of. */
const SAMPLE_USERS = 20;

/**
 * The steps of a connection test. Stops at the first one without which the next ones tell nothing. Names of attributes only,
 * no values.
 */
export async function checkOkta(
  api: OktaApi,
  settings: OktaSettings,
  signal: AbortSignal
): Promise<readonly CheckStep[]> {
  const remedies = remediesFor(settings);
  const steps: CheckStep[] = [
    await step('server', remedies.server, async () => `org ${await api.organization(signal)}`),
  ];
  if (failed(steps)) return steps;
  steps.push(await step('login', remedies.login, async () => loggedIn(await api.logIn(signal))));
  if (failed(steps)) return steps;

  const users: OktaUser[] = [];
  const listing = await step('users', remedies.users, async () => {
    const page = await api.users(null, null, signal);
    users.push(...page.rows);
    return page.next === null ? `${users.length} users` : `more than ${users.length} users`;
  });
  const found: OktaGroup[] = [];
  const groups = await step('groups', remedies.groups, async () => {
    const page = await api.groups(groupFilter(settings), null, signal);
    found.push(...page.rows.filter((group) => isWanted(group, settings)));
    return `${page.next === null ? '' : 'more than '}${found.length} groups take part`;
  });
  steps.push(listing, groups);
  const [first] = found;
  if (first !== undefined) steps.push(await members(api, first, remedies.groups, signal));
  if (!failed(steps)) steps.push(await role(api, signal));
  if (listing.ok) steps.push(sample(users.slice(0, SAMPLE_USERS), settings));
  return steps;
}

const loggedIn = (lifetimeMs: number | null): string =>
  lifetimeMs === null
    ? 'the API token is accepted'
    : `accepted; tokens are good for ${Math.round(lifetimeMs / 1_000)} s`;

function members(api: OktaApi, { id }: OktaGroup, remedy: Remedy, signal: AbortSignal): Promise<CheckStep> {
  return step('memberships', remedy, async () => {
    const page = await api.members(id, memberShape, null, signal);
    return page === null || page.rows.length === 0
      ? 'the first group has no members'
      : 'members of a group are readable';
  });
}

/** A role that sees a part of the org answers with shorter lists, and with "not found" for whom it does not see. */
function role(api: OktaApi, signal: AbortSignal): Promise<CheckStep> {
  return step('role', 'Test again later.', async () => {
    const roles = await api.roles(signal);
    const { rows } = await api.groups(EVERYONE_FILTER, null, signal);
    const seesEveryone = everyoneIn(rows) !== undefined;
    const said = roles === null ? 'the admin roles cannot be read' : namesOf(roles);
    const everyone = `the group Everyone is ${seesEveryone ? '' : 'not '}seen`;
    return { detail: `${said}; ${everyone}`, remedy: WARNINGS[sightOf(roles, seesEveryone)] };
  });
}

const WARNINGS = {
  all: null,
  limited:
    'The admin role may see a part of the org only. Whoever it does not see looks like somebody who is gone, so that Rollcall ' +
    'takes nobody for gone. Give the role Read-Only Administrator, without limits.',
  unknown:
    'Grant the scope okta.roles.read to let Rollcall see whether the admin role shows the whole org, and look yourself until ' +
    'then: it should be Read-Only Administrator, without limits.',
} as const;

function sample(users: readonly OktaUser[], { pending }: OktaSettings): CheckStep {
  if (users.length === 0) return { name: 'sample', ok: true, detail: 'the org has no users', remedy: null };
  const names = new Set(users.flatMap((user) => Object.keys(userOf(user, pending).attributes)));
  const detail = `the first ${users.length} users have a value for: ${[...names].sort().join(', ')}`;
  return { name: 'sample', ok: true, detail, remedy: null };
}

type Said = string | Pick<CheckStep, 'detail' | 'remedy'>;
type Remedy = string | ((kind: ProviderError['kind']) => string);

async function step(name: string, remedy: Remedy, ask: () => Promise<Said>): Promise<CheckStep> {
  try {
    const said = await ask();
    return { name, ok: true, ...(typeof said === 'string' ? { detail: said, remedy: null } : said) };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const { kind, message } = error;
    const isTemporary = kind === 'unavailable' || kind === 'rateLimited';
    const advice = typeof remedy === 'string' ? remedy : remedy(kind);
    const shown = isTemporary && name !== 'server' ? 'Test again later.' : advice;
    return { name, ok: false, detail: message, remedy: shown };
  }
}

const failed = (steps: readonly CheckStep[]): boolean => steps.some(({ ok }) => !ok);

function remediesFor({ baseUrl, apiToken, clientId, keyId }: OktaSettings) {
  const app = `Applications > the app ${clientId ?? ''}`;
  return {
    server: (kind: ProviderError['kind']) =>
      kind === 'unavailable'
        ? `Make ${baseUrl} reachable from the machine that runs Rollcall, and its certificate trusted.`
        : 'Correct baseUrl: the address of the org without "-admin", such as https://corp.okta.com.',
    login: (kind: ProviderError['kind']) => {
      if (apiToken !== null) return 'Create another API token (Security > API > Tokens) as an administrator who stays.';
      if (kind === 'permission') return `Grant okta.users.read and okta.groups.read: ${app} > Okta API Scopes.`;
      if (kind === 'configuration') return `Switch DPoP off: ${app} > General > General Settings > Edit.`;
      return `See that the public key with the id ${keyId ?? ''} is active: ${app} > General > Public keys.`;
    },
    users: `Give an admin role that sees users: ${apiToken === null ? `${app} > Admin roles` : 'Security > Administrators'}.`,
    groups: `Give an admin role that sees groups: ${apiToken === null ? `${app} > Admin roles` : 'Security > Administrators'}.`,
  };
}
