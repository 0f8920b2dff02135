import { z } from 'zod';
import { ChangeError } from '../support/controlPlane';
import {
  addApp,
  addGroup,
  addUser,
  changeUser,
  deleteUser,
  join,
  leave,
  timeOf,
  USER_STATUSES,
  type OktaGroup,
  type OktaUser,
  type Org,
} from './org';
import { ADMIN_ROLES } from './roles';
import type { Simulator } from './simulator';

const groupSchema = z.strictObject({
  name: z.string().min(1),
  rename: z.string().min(1).optional(),
  description: z.string().nullable().optional(),
  /** Name of the app that a new group comes from, such as jira_onprem; it is made where it is missing. */
  app: z.string().optional(),
  delete: z.literal(true).optional(),
});

const userSchema = z.strictObject({
  /** Of a user that is there, or of a new one. */
  login: z.string().min(1),
  status: z.enum(USER_STATUSES).optional(),
  /** Added to the profile; null takes an attribute away. A new login is a rename. */
  profile: z.record(z.string(), z.unknown()).optional(),
  /** Names; exactly these. */
  groups: z.array(z.string()).optional(),
  delete: z.literal(true).optional(),
});

export const changeSchema = z.strictObject({
  groups: z.array(groupSchema).optional(),
  users: z.array(userSchema).optional(),
  role: z.enum(ADMIN_ROLES).optional(),
  targets: z.array(z.string()).optional(),
  scopes: z.array(z.string()).optional(),
  dpop: z.boolean().optional(),
  /** Ends every token that was given out. */
  expireTokens: z.literal(true).optional(),
});

export type ChangeInput = z.input<typeof changeSchema>;

/** Order: groups, users, what the service app may do, tokens. */
export function applyChanges(simulator: Simulator, input: z.infer<typeof changeSchema>): void {
  const { org, view } = simulator;
  for (const change of input.groups ?? []) changeGroup(org, change);
  for (const change of input.users ?? []) changeOne(org, change);
  simulator.view = { role: input.role ?? view.role, targets: input.targets ?? view.targets };
  if (input.scopes !== undefined) simulator.scopes = new Set(input.scopes);
  if (input.dpop !== undefined) simulator.dpop = input.dpop;
  if (input.expireTokens === true) simulator.tokens.clear();
}

function changeGroup(org: Org, { name, rename, description, app, delete: isGone }: z.infer<typeof groupSchema>): void {
  const group = groupNamed(org, name) ?? addGroup(org, { name, ...(app !== undefined && sourceOf(org, app)) });
  if (isGone === true) {
    org.groups.delete(group.id);
    return;
  }
  if (rename !== undefined) group.name = rename;
  if (description !== undefined) group.description = description;
  group.lastUpdated = timeOf(org);
}

function sourceOf(org: Org, name: string): Pick<OktaGroup, 'type' | 'appId'> {
  const app = [...org.apps.values()].find((one) => one.name === name) ?? addApp(org, name, name);
  return { type: 'APP_GROUP', appId: app.id };
}

const groupNamed = (org: Org, name: string): OktaGroup | undefined =>
  [...org.groups.values()].find((group) => group.name === name);

function changeOne(org: Org, change: z.infer<typeof userSchema>): void {
  const { login, status, profile, groups } = change;
  const found = [...org.users.values()].find((user) => user.profile['login'] === login);
  if (change.delete === true) {
    if (found === undefined) throw new ChangeError(`there is no user '${login}'`);
    deleteUser(org, found);
    return;
  }
  const user = changed(org, found ?? addUser(org, { login, email: login }), { status, profile });
  if (groups === undefined) return;
  for (const group of org.groups.values()) if (!groups.includes(group.name)) leave(org, group, user.id);
  for (const name of groups) join(org, groupNamed(org, name) ?? addGroup(org, { name }), user.id);
}

function changed(
  org: Org,
  user: OktaUser,
  { status, profile }: Pick<z.infer<typeof userSchema>, 'status' | 'profile'>
): OktaUser {
  if (status === undefined && profile === undefined) return user;
  const merged = Object.entries({ ...user.profile, ...profile }).filter(([, value]) => value !== null);
  return changeUser(org, user, { ...(status !== undefined && { status }), profile: Object.fromEntries(merged) });
}
