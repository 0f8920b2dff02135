import { ProviderError } from '../errors';
import type { CheckStep } from '../provider';
import type { GoogleApi } from './api';
import { userOf } from './records';
import { serviceAccountIn, type GoogleSettings } from './settings';
import type { GoogleUser } from './shapes';
import { SCOPES } from './token';

/** The people whose attributes the sample tells of. */
const SAMPLE_USERS = 20;

/**
 * The steps of a connection test. Stops at the first one without which the next ones tell nothing. Names of attributes only,
 * no values.
 */
export async function checkGoogle(
  api: GoogleApi,
  settings: GoogleSettings,
  signal: AbortSignal
): Promise<readonly CheckStep[]> {
  const remedies = remediesFor(settings);
  const steps: CheckStep[] = [
    await step('login', remedies.login, async () => {
      const { lifetimeMs } = await api.token(signal);
      return `accepted for the administrator; tokens are good for ${Math.round(lifetimeMs / 1_000)} s`;
    }),
  ];
  if (failed(steps)) return steps;

  const users: GoogleUser[] = [];
  const listing = await step('users', remedies.api, async () => {
    const page = await api.users(null, signal);
    users.push(...page.rows);
    return page.next === null ? `${users.length} users` : `more than ${users.length} users`;
  });
  const firstGroups: string[] = [];
  const groups = await step('groups', remedies.api, async () => {
    const page = await api.groups(null, signal);
    firstGroups.push(...page.rows.slice(0, 1).map(({ id }) => id));
    return page.next === null ? `${page.rows.length} groups` : `more than ${page.rows.length} groups`;
  });
  steps.push(listing, groups);
  for (const group of firstGroups) {
    steps.push(
      await step('memberships', remedies.api, async () => {
        const page = await api.members(group, null, signal);
        return (page?.rows.length ?? 0) === 0 ? 'the first group has no members' : 'members of a group are readable';
      })
    );
  }
  if (listing.ok) steps.push(sample(users.slice(0, SAMPLE_USERS)));
  return steps;
}

function sample(users: readonly GoogleUser[]): CheckStep {
  if (users.length === 0) return { name: 'sample', ok: true, detail: 'there are no users', remedy: null };
  const names = new Set(users.flatMap((user) => Object.keys(userOf(user).attributes)));
  const detail = `the first ${users.length} users have a value for: ${[...names].sort().join(', ')}`;
  return { name: 'sample', ok: true, detail, remedy: null };
}

type Remedy = (kind: ProviderError['kind']) => string;

async function step(name: string, remedy: Remedy, ask: () => Promise<string>): Promise<CheckStep> {
  try {
    return { name, ok: true, detail: await ask(), remedy: null };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { name, ok: false, detail: error.message, remedy: remedy(error.kind) };
  }
}

const failed = (steps: readonly CheckStep[]): boolean => steps.some(({ ok }) => !ok);

function remediesFor({ baseUrl, tokenUrl, serviceAccountKey }: GoogleSettings) {
  const { clientEmail = '' } = serviceAccountIn(serviceAccountKey) ?? {};
  const delegation =
    'Admin console > Security > Access and data control > API controls > Domain-wide delegation: the client id of ' +
    `${clientEmail} with ${SCOPES.join(' and ')}.`;
  return {
    login: (kind: ProviderError['kind']): string => {
      if (kind === 'unavailable') {
        return `Make ${new URL(tokenUrl).origin} and ${baseUrl} reachable from the machine that runs Rollcall.`;
      }
      if (kind === 'rateLimited') return 'Test again later.';
      if (kind === 'permission') return `Delegate: ${delegation}`;
      return `See that the service account has this key, that the clock of this machine is right, and that adminEmail is a user of the domain.`;
    },
    api: (kind: ProviderError['kind']): string => {
      if (kind === 'unavailable' || kind === 'rateLimited') return 'Test again later.';
      return (
        `Enable the Admin SDK API in the project of the service account, see that adminEmail is an administrator with the ` +
        `privileges Users > Read and Groups > Read, and look at the delegation: ${delegation}`
      );
    },
  };
}
