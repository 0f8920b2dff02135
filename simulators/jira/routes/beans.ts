import { mayUse } from '../model/access';
import { effectiveGroups, effectiveMembers } from '../model/nesting';
import type { DeletedUser, JiraGroup, JiraUser } from '../model/state';
import type { Simulator } from '../simulator';

/** How many members a group bean may hold; the API's own number. */
export const MEMBERS_PER_PAGE = 50;

const LOCALE_CODES = { en: 'en_US', de: 'de_DE', fr: 'fr_FR' } as const;

const AVATAR_SIZES = { '48x48': '', '24x24': 'size=small&', '16x16': 'size=xsmall&', '32x32': 'size=medium&' };

/** Query parameters in the given order, encoded. */
export function link(
  simulator: Simulator,
  path: string,
  parameters: Readonly<Record<string, string | number>>
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) query.set(name, String(value));
  return `${simulator.baseUrl()}/rest/api/2${path}?${query.toString()}`;
}

/** The picture of the installation, for those who have none of their own. */
export const DEFAULT_AVATAR_ID = 10122;

/** Where the picture of a user lies, by size; without a user that of the installation. */
export function avatarUrls(
  simulator: Simulator,
  user?: JiraUser,
  avatarId: number | null = user?.avatarId ?? null
): Readonly<Record<string, string>> {
  const base = `${simulator.baseUrl()}/secure/useravatar`;
  const own = user === undefined || avatarId === null ? '' : `ownerId=${encodeURIComponent(user.key)}&`;
  const id = avatarId ?? DEFAULT_AVATAR_ID;
  return Object.fromEntries(
    Object.entries(AVATAR_SIZES).map(([size, parameter]) => [size, `${base}?${parameter}${own}avatarId=${id}`])
  );
}

/** Present from 10.0 on, once there was a log-in. */
function lastLogin(simulator: Simulator, user: JiraUser): { readonly lastLoginTime?: string } {
  if (!simulator.version.lastLoginTime || user.lastLoginMs === null) return {};
  return { lastLoginTime: `${new Date(user.lastLoginMs).toISOString().slice(0, 19)}+0000` };
}

/** The address as the installation's setting shows it; hidden means that the field is absent. */
function visibleEmail(simulator: Simulator, address: string): { readonly emailAddress?: string } {
  switch (simulator.options.emailVisibility ?? 'public') {
    case 'public':
      return { emailAddress: address };
    case 'masked':
      return { emailAddress: address.replace('@', ' at ').replaceAll('.', ' dot ') };
    case 'hidden':
      return {};
  }
}

/** The fields of a user in lists of members. */
export function memberBean(simulator: Simulator, user: JiraUser): Readonly<Record<string, unknown>> {
  return {
    self: link(simulator, '/user', { username: user.name }),
    name: user.name,
    key: user.key,
    ...visibleEmail(simulator, user.emailAddress),
    avatarUrls: avatarUrls(simulator, user),
    displayName: user.displayName,
    active: user.active,
    timeZone: user.timeZone,
  };
}

/** The fields of a user in search results. */
export function searchBean(simulator: Simulator, user: JiraUser): Readonly<Record<string, unknown>> {
  return {
    self: link(simulator, '/user', { username: user.name }),
    key: user.key,
    name: user.name,
    ...visibleEmail(simulator, user.emailAddress),
    avatarUrls: avatarUrls(simulator, user),
    displayName: user.displayName,
    active: user.active,
    ...(simulator.version.deletedFlag ? { deleted: false } : {}),
    timeZone: user.timeZone,
    locale: LOCALE_CODES[user.locale ?? simulator.locale],
    ...lastLogin(simulator, user),
  };
}

/** One user. Sizes are always true, items are there only when expanded (JRASERVER-43975). */
export function userBean(
  simulator: Simulator,
  user: JiraUser,
  expand: ReadonlySet<string>
): Readonly<Record<string, unknown>> {
  const { state } = simulator;
  const groups = effectiveGroups(state, user);
  const applications = simulator.applications.filter((application) => mayUse(state, application, user));
  return {
    ...searchBean(simulator, user),
    groups: {
      size: groups.length,
      items: expand.has('groups')
        ? groups.map(({ name }) => ({ name, self: link(simulator, '/group', { groupname: name }) }))
        : [],
    },
    applicationRoles: {
      size: applications.length,
      items: expand.has('applicationRoles') ? applications.map(({ key, name }) => ({ key, name })) : [],
    },
    expand: 'groups,applicationRoles',
  };
}

export function deletedUserBean(simulator: Simulator, user: DeletedUser): Readonly<Record<string, unknown>> {
  return {
    self: link(simulator, '/user', { username: user.name }),
    key: user.key,
    name: user.name,
    emailAddress: '?',
    avatarUrls: avatarUrls(simulator),
    displayName: user.name,
    active: false,
    deleted: true,
    timeZone: 'Etc/UTC',
    groups: { size: 0, items: [] },
    applicationRoles: { size: 0, items: [] },
    expand: 'groups,applicationRoles',
  };
}

/** A group; `users` counts active members only, and lists a range of them when it is expanded. */
export function groupBean(
  simulator: Simulator,
  group: JiraGroup,
  range?: { readonly start: number; readonly end: number }
): Readonly<Record<string, unknown>> {
  const members = effectiveMembers(simulator.state, group, 'activeMembers');
  const names = range === undefined ? [] : members.slice(range.start, range.end + 1);
  const items = names
    .map((name) => simulator.state.usersByName.get(name))
    .filter((user) => user !== undefined)
    .map((user) => memberBean(simulator, user));
  const start = range?.start ?? 0;
  return {
    name: group.name,
    self: link(simulator, '/group', { groupname: group.name }),
    users: {
      size: members.size(),
      items,
      'max-results': MEMBERS_PER_PAGE,
      'start-index': start,
      'end-index': range === undefined ? 0 : start + Math.max(items.length - 1, 0),
    },
    expand: 'users',
  };
}

export function expandOf(parameter: string | null): ReadonlySet<string> {
  return new Set((parameter ?? '').split(',').map((name) => name.trim()));
}
