import { ProviderError } from '../errors';
import { EXPIRY_WARNING_DAYS, expiryWarning, type CredentialExpiry } from '../expiry';
import type { CheckStep } from '../provider';
import type { EntraReader } from './provider';
import { userOf } from './records';
import { groupShape, userShape, type GraphGroup, type GraphUser } from './shapes';
import { NEEDS_HIDDEN, walkOver, walkStep } from './walk';

const SAMPLE_USERS = 20;
const PERMISSIONS_PAGE =
  'App registrations > the application > API permissions > Application permissions, Microsoft Graph';

type Remedy = string | ((kind: ProviderError['kind']) => string);

/**
 * The steps of a connection test. Stops at the first one without which the next ones tell nothing. Names of attributes
 * only, no values.
 */
export async function checkEntra(
  reader: EntraReader,
  expiries: readonly CredentialExpiry[],
  signal: AbortSignal
): Promise<readonly CheckStep[]> {
  const { api } = reader;
  const steps = [await login(reader, signal)];
  if (steps.some(({ ok }) => !ok)) return steps;
  const users: GraphUser[] = [];
  const groups: GraphGroup[] = [];
  steps.push(
    await step('users', permissionRemedy('User.Read.All'), async () => {
      const page = await api.page(sampleOf(reader), userShape, signal);
      users.push(...page.rows);
      return `${page.count ?? page.rows.length} users, guests included`;
    }),
    await step('groups', permissionRemedy('GroupMember.Read.All'), async () => {
      const page = await api.page(reader.calls.groups, groupShape, signal);
      groups.push(...page.rows.filter(reader.reach.isListed));
      const wanted = groups.filter(reader.reach.hasMembersRead);
      const more = page.nextLink === null ? '' : ' on the first page';
      return `${page.count ?? page.rows.length} groups; the members of ${wanted.length}${more} are read`;
    })
  );
  const [group] = groups;
  if (group !== undefined) steps.push(await members(reader, group, signal));
  steps.push(await hidden(reader, groups, signal));
  if (users.length > 0) steps.push(sample(reader, users));
  steps.push(...expiries.map(expiry));
  return steps;
}

const sampleOf = ({ calls }: EntraReader) => ({
  ...calls.users,
  query: { ...calls.users.query, $top: String(SAMPLE_USERS) },
});

function login({ api, settings }: EntraReader, signal: AbortSignal): Promise<CheckStep> {
  const { tenantId, clientId, loginUrl, clientSecret } = settings;
  const proof =
    clientSecret === null
      ? `upload the certificate under App registrations > ${clientId} > Certificates & secrets`
      : `copy the Value (not the id) of a secret from App registrations > ${clientId} > Certificates & secrets`;
  const remedy = (kind: ProviderError['kind']): string =>
    kind === 'unavailable'
      ? `Make ${loginUrl} reachable from the machine that runs Rollcall.`
      : `Check tenantId (${tenantId}) and clientId, and ${proof}.`;
  return step('login', remedy, async () => {
    const { lifetimeMs } = await api.token(signal);
    const permissions = await api.permissions(signal);
    const held = permissions === null ? '' : `; permissions: ${permissions.join(', ') || 'none'}`;
    return `accepted; tokens are good for ${Math.round(lifetimeMs / 60_000)} min${held}`;
  });
}

const permissionRemedy = (permission: string): string =>
  `Add ${permission} (${PERMISSIONS_PAGE}) and press "Grant admin consent". A delegated permission is not enough.`;

function members({ api, calls }: EntraReader, group: GraphGroup, signal: AbortSignal): Promise<CheckStep> {
  return step('memberships', permissionRemedy('GroupMember.Read.All'), async () => {
    const ways = { api, listGroups: calls.groups, covers: () => true, nested: false, top: 1 };
    const { memberships } = await walkStep({ ...walkOver([group]), groups: null }, ways, signal);
    return memberships.length === 0 ? 'the first group shows no members' : 'members of a group are readable';
  });
}

/** Groups that hide their members look empty without the permission (rules 4.3). */
async function hidden(
  { api, reach }: EntraReader,
  groups: readonly GraphGroup[],
  signal: AbortSignal
): Promise<CheckStep> {
  const hiding = groups.filter((group) => group.visibility === 'HiddenMembership' && reach.hasMembersRead(group));
  const permissions = await api.permissions(signal);
  const isMissing = hiding.length > 0 && permissions?.includes(NEEDS_HIDDEN) === false;
  return {
    name: 'hidden memberships',
    ok: !isMissing,
    detail: hiding.length === 0 ? 'no group hides its members' : `${hiding.length} groups hide their members`,
    remedy: isMissing ? `${permissionRemedy(NEEDS_HIDDEN)} Or leave these groups out of scope and groups.` : null,
  };
}

function sample({ settings }: EntraReader, users: readonly GraphUser[]): CheckStep {
  const shown = users.flatMap((user) => userOf(user, { ...settings, guests: 'include' }) ?? []);
  const names = new Set(shown.flatMap(({ attributes }) => Object.keys(attributes)));
  return {
    name: 'sample',
    ok: true,
    detail: `the first ${shown.length} users have a value for: ${[...names].sort().join(', ')}`,
    remedy: null,
  };
}

function expiry(credential: CredentialExpiry): CheckStep {
  const warning = expiryWarning(credential, Date.now());
  return {
    name: 'expiry',
    ok: warning === null,
    detail: warning ?? `${credential.credential} is good until ${credential.expiresAt.slice(0, 10)}`,
    remedy:
      warning === null
        ? null
        : `Make a new one beside it and put it into the source; ${EXPIRY_WARNING_DAYS} days are left for that at most.`,
  };
}

async function step(name: string, remedy: Remedy, ask: () => Promise<string>): Promise<CheckStep> {
  try {
    return { name, ok: true, detail: await ask(), remedy: null };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const { kind, message } = error;
    const isTemporary = name !== 'login' && (kind === 'unavailable' || kind === 'rateLimited');
    const advice = typeof remedy === 'string' ? remedy : remedy(kind);
    return { name, ok: false, detail: message, remedy: isTemporary ? 'Test again later.' : advice };
  }
}
