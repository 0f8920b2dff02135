import type { CallCounts } from '../../support/calls';
import type { EffectCounts } from '../effects';
import { groupsOf, type JiraState, type JiraUser } from '../model/state';
import type { Simulator } from '../simulator';

export interface SimulatorStats extends CallCounts, EffectCounts {}

export function statsOf(simulator: Simulator): SimulatorStats {
  return { ...simulator.calls.counts(), ...simulator.effects.counts() };
}

export interface UserView {
  readonly key: string;
  readonly name: string;
  readonly displayName: string;
  readonly emailAddress: string;
  readonly active: boolean;
  readonly groups: readonly string[];
  readonly properties: Readonly<Record<string, unknown>>;
  /** Keys of the projects that the user leads. */
  readonly leads: readonly string[];
  /** Names of the organizations that the user is a customer of. */
  readonly organizations: readonly string[];
  readonly directoryId: number;
  /** Null: the picture of the installation. */
  readonly avatarId: number | null;
}

export interface StatePage {
  readonly users: readonly UserView[];
  /** Absent on the last page. */
  readonly nextCursor?: string;
  readonly totals: { readonly users: number; readonly activeUsers: number; readonly groups: number };
}

export const STATE_PAGE = 1000;
export const LARGEST_STATE_PAGE = 10_000;

/**
 * Users in order of their lower-case names, with all that a test may want to compare. The cursor is the last name of
 * the page before.
 */
export function statePage(state: JiraState, cursor: string | null, limit: number): StatePage {
  const start = cursor === null ? 0 : state.userNames.positionAfter(cursor);
  const names = state.userNames.slice(start, start + limit);
  const leads = leadsByUser(state);
  const organizations = organizationsByUser(state);
  const last = names.at(-1);
  return {
    users: names
      .map((name) => state.usersByName.get(name))
      .filter((user) => user !== undefined)
      .map((user) => userView(state, user, leads.get(user.key) ?? [], organizations.get(user.key) ?? [])),
    ...(last !== undefined && start + names.length < state.userNames.size() ? { nextCursor: last } : {}),
    totals: {
      users: state.userNames.size(),
      activeUsers: state.activeUserNames.size(),
      groups: state.groupNames.size(),
    },
  };
}

function leadsByUser(state: JiraState): ReadonlyMap<string, readonly string[]> {
  const leads = new Map<string, string[]>();
  for (const { key, leadKey } of state.projects.values()) leads.set(leadKey, [...(leads.get(leadKey) ?? []), key]);
  return leads;
}

function organizationsByUser(state: JiraState): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const { name, members } of state.organizations.values()) {
    for (const key of members) names.set(key, [...(names.get(key) ?? []), name]);
  }
  return names;
}

function userView(
  state: JiraState,
  user: JiraUser,
  leads: readonly string[],
  organizations: readonly string[]
): UserView {
  const { key, name, displayName, emailAddress, active, directoryId, avatarId } = user;
  const groups = groupsOf(state, user).map((group) => group.name);
  return {
    key,
    name,
    displayName,
    emailAddress,
    active,
    groups,
    properties: Object.fromEntries(user.properties),
    leads,
    organizations,
    directoryId,
    avatarId,
  };
}

export interface GroupView {
  readonly name: string;
  readonly members: number;
}

export function groupViews(state: JiraState): readonly GroupView[] {
  return state.groupNames
    .slice(0, state.groupNames.size())
    .map((name) => state.groupsByName.get(name))
    .filter((group) => group !== undefined)
    .map((group) => ({ name: group.name, members: group.members.size() }));
}
