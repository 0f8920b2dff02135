import { APPLICATIONS, mayUse } from '../model/access';
import { groupsOf, type DeletedUser, type JiraGroup, type JiraUser } from '../model/state';
import type { Simulator } from '../simulator';

/** How many members a group bean may hold; the API's own number. */
export const MEMBERS_PER_PAGE = 50;

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

function avatarUrls(simulator: Simulator): Readonly<Record<string, string>> {
  const base = `${simulator.baseUrl()}/secure/useravatar`;
  return Object.fromEntries(
    Object.entries(AVATAR_SIZES).map(([size, parameter]) => [size, `${base}?${parameter}avatarId=10122`])
  );
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
    avatarUrls: avatarUrls(simulator),
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
    avatarUrls: avatarUrls(simulator),
    displayName: user.displayName,
    active: user.active,
    ...(simulator.version.deletedFlag ? { deleted: false } : {}),
    timeZone: user.timeZone,
    locale: 'en_US',
  };
}

/** One user. Sizes are always true, items are there only when expanded (JRASERVER-43975). */
export function userBean(
  simulator: Simulator,
  user: JiraUser,
  expand: ReadonlySet<string>
): Readonly<Record<string, unknown>> {
  const groups = groupsOf(simulator.state, user);
  const applications = APPLICATIONS.filter((application) => mayUse(application, user));
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
  const names = range === undefined ? [] : group.activeMembers.slice(range.start, range.end + 1);
  const items = names
    .map((name) => simulator.state.usersByName.get(name))
    .filter((user) => user !== undefined)
    .map((user) => memberBean(simulator, user));
  const start = range?.start ?? 0;
  return {
    name: group.name,
    self: link(simulator, '/group', { groupname: group.name }),
    users: {
      size: group.activeMembers.size(),
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
