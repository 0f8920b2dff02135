import { pick, type Random } from '../support/random';

export const USER_STATUSES = [
  'ACTIVE',
  'DEPROVISIONED',
  'LOCKED_OUT',
  'PASSWORD_EXPIRED',
  'PROVISIONED',
  'RECOVERY',
  'STAGED',
  'SUSPENDED',
  'ACTIVATING',
] as const;
export type UserStatus = (typeof USER_STATUSES)[number];

export type Profile = Readonly<Record<string, unknown>>;

export interface OktaUser {
  readonly id: string;
  readonly status: UserStatus;
  readonly created: string;
  readonly statusChanged: string;
  readonly lastUpdated: string;
  readonly profile: Profile;
}

export interface OktaGroup {
  readonly id: string;
  readonly type: 'OKTA_GROUP' | 'APP_GROUP' | 'BUILT_IN';
  name: string;
  description: string | null;
  /** The app that an APP_GROUP comes from. */
  readonly appId: string | null;
  readonly created: string;
  lastUpdated: string;
  lastMembershipUpdated: string;
  /** Ids of users; the group Everyone has none of its own: see `membersOf`. */
  readonly members: Set<string>;
}

export interface OktaApp {
  readonly id: string;
  /** The kind of app, such as active_directory or jira_onprem. */
  readonly name: string;
  readonly label: string;
}

/** What the index of `search` still shows of a user; null: nothing, the user is new. */
interface Indexed {
  readonly until: number;
  readonly before: OktaUser | null;
}

/** What the simulated org holds, by id; ids grow, so that the order of the maps is that of the ids. */
export interface Org {
  readonly id: string;
  readonly users: Map<string, OktaUser>;
  readonly groups: Map<string, OktaGroup>;
  readonly apps: Map<string, OktaApp>;
  /** Changes that the index does not show yet, by id of the user. */
  readonly lagging: Map<string, Indexed>;
  readonly newId: (prefix: string) => string;
  readonly clock: () => number;
  readonly searchLagMs: number;
}

export interface OrgOptions {
  readonly random: Random;
  readonly clock: () => number;
  readonly searchLagMs: number;
}

export const EVERYONE = 'Everyone';
const ID_DIGITS = 9;
const ID_TAIL = 8;
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz'.split('') as [string, ...string[]];

/** An org with the group Everyone and nobody in it. */
export function createOrg({ random, clock, searchLagMs }: OrgOptions): Org {
  let last = 0;
  const newId = (prefix: string): string => {
    last += 1;
    const tail = Array.from({ length: ID_TAIL }, () => pick(random, ALPHABET)).join('');
    return `${prefix}${last.toString(36).padStart(ID_DIGITS, '0')}${tail}`;
  };
  const org: Org = {
    id: newId('00o'),
    users: new Map(),
    groups: new Map(),
    apps: new Map(),
    lagging: new Map(),
    ...{ newId, clock, searchLagMs },
  };
  addGroup(org, { name: EVERYONE, type: 'BUILT_IN', description: 'All users in your organization' });
  return org;
}

export const timeOf = (org: Org): string => new Date(org.clock()).toISOString();

export function addUser(org: Org, profile: Profile, status: UserStatus = 'ACTIVE'): OktaUser {
  const time = timeOf(org);
  const user: OktaUser = {
    ...{ id: org.newId('00u'), status, profile },
    ...{ created: time, statusChanged: time, lastUpdated: time },
  };
  putUser(org, user, null);
  return user;
}

/** The change shows at once, in `search` after the lag. Whoever is deprovisioned leaves all groups. */
export function changeUser(org: Org, user: OktaUser, change: Partial<Pick<OktaUser, 'status' | 'profile'>>): OktaUser {
  const time = timeOf(org);
  const isMoved = change.status !== undefined && change.status !== user.status;
  const changed = { ...user, ...change, lastUpdated: time, ...(isMoved && { statusChanged: time }) };
  putUser(org, changed, user);
  if (changed.status === 'DEPROVISIONED') leaveAll(org, user.id);
  return changed;
}

/** Gone for good, as only a deprovisioned user can be at a real Okta. */
export function deleteUser(org: Org, user: OktaUser): void {
  leaveAll(org, user.id);
  org.users.delete(user.id);
}

function putUser(org: Org, user: OktaUser, before: OktaUser | null): void {
  org.users.set(user.id, user);
  if (org.searchLagMs > 0) org.lagging.set(user.id, { until: org.clock() + org.searchLagMs, before });
}

/** What `search` shows of a user at this moment. */
export function indexedUser(org: Org, user: OktaUser): OktaUser | null {
  const lag = org.lagging.get(user.id);
  return lag !== undefined && org.clock() < lag.until ? lag.before : user;
}

export function addGroup(org: Org, given: Pick<OktaGroup, 'name'> & Partial<OktaGroup>): OktaGroup {
  const time = timeOf(org);
  const group: OktaGroup = {
    ...{ id: org.newId('00g'), type: 'OKTA_GROUP', description: null, appId: null, members: new Set<string>() },
    ...{ created: time, lastUpdated: time, lastMembershipUpdated: time },
    ...given,
  };
  org.groups.set(group.id, group);
  return group;
}

export function addApp(org: Org, name: string, label: string): OktaApp {
  const app: OktaApp = { id: org.newId('0oa'), name, label };
  org.apps.set(app.id, app);
  return app;
}

export function join(org: Org, group: OktaGroup, userId: string): void {
  if (group.members.has(userId)) return;
  group.members.add(userId);
  group.lastMembershipUpdated = timeOf(org);
}

export function leave(org: Org, group: OktaGroup, userId: string): void {
  if (group.members.delete(userId)) group.lastMembershipUpdated = timeOf(org);
}

function leaveAll(org: Org, userId: string): void {
  for (const group of org.groups.values()) leave(org, group, userId);
}

/** By id. Everybody who is not deprovisioned is in the group Everyone. */
export function membersOf(org: Org, group: OktaGroup): readonly OktaUser[] {
  if (group.type === 'BUILT_IN') return [...org.users.values()].filter(({ status }) => status !== 'DEPROVISIONED');
  return [...group.members]
    .sort()
    .map((id) => org.users.get(id))
    .filter((user) => user !== undefined);
}

export function groupsOf(org: Org, user: OktaUser): readonly OktaGroup[] {
  return [...org.groups.values()].filter(({ type, members }) =>
    type === 'BUILT_IN' ? user.status !== 'DEPROVISIONED' : members.has(user.id)
  );
}
