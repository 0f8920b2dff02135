import type { Router } from 'express';
import { z } from 'zod';
import { ChangeError, controlPlane, faultSchemaOf } from '../support/controlPlane';
import { FAULT_KINDS } from './faultKinds';
import { ROLES } from './options';
import { addGroup, addUser, deleteGroup, deleteUser, pathOf, type RealmGroup, type RealmUser } from './realm';
import type { Simulator } from './simulator';

const faultSchema = faultSchemaOf(FAULT_KINDS);

const userSchema = z.strictObject({
  /** Of a user that is there, or of a new one. */
  username: z.string().min(1),
  rename: z.string().min(1).optional(),
  enabled: z.boolean().optional(),
  email: z.string().nullable().optional(),
  firstName: z.string().nullable().optional(),
  lastName: z.string().nullable().optional(),
  attributes: z.record(z.string(), z.array(z.string())).optional(),
  /** Paths; exactly these. */
  groups: z.array(z.string().startsWith('/')).optional(),
  delete: z.literal(true).optional(),
});

const changeSchema = z.strictObject({
  /** Paths; what is missing on the way is made. */
  groups: z.array(z.strictObject({ path: z.string().startsWith('/'), delete: z.literal(true).optional() })).optional(),
  users: z.array(userSchema).optional(),
  roles: z.array(z.enum(ROLES)).optional(),
  /** Ends every token that was given out. */
  expireTokens: z.literal(true).optional(),
});

export type FaultInput = z.input<typeof faultSchema>;
export type ChangeInput = z.input<typeof changeSchema>;

/** What tests and people ask of the simulator itself: to see, to disturb, to change. */
export function controlRouter(simulator: Simulator): Router {
  return controlPlane({
    faults: simulator.faults,
    faultSchema,
    stats: () => simulator.calls.counts(),
    resetStats: () => {
      simulator.calls.reset();
    },
    state: () => stateOf(simulator),
    resetState: () => {
      simulator.resetRealm();
    },
    change: (input) => {
      applyChanges(simulator, changeSchema.parse(input));
      return { users: simulator.realm.users.size, groups: simulator.realm.groups.size };
    },
  });
}

/** People with the paths of their groups. */
function stateOf({ realm }: Simulator): unknown {
  const groups = [...realm.groups.values()];
  return {
    users: [...realm.users.values()].map((user) => ({
      ...user,
      groups: groups.filter(({ members }) => members.has(user.id)).map((group) => pathOf(realm, group)),
    })),
    groups: groups.map((group) => ({ id: group.id, path: pathOf(realm, group), members: group.members.size })),
  };
}

/** Order: groups, users, roles, tokens. */
function applyChanges(simulator: Simulator, input: ChangeInput): void {
  for (const { path, delete: isGone } of input.groups ?? []) {
    const group = groupAt(simulator, path);
    if (isGone === true) deleteGroup(simulator.realm, group);
  }
  for (const change of input.users ?? []) changeUser(simulator, change);
  if (input.roles !== undefined) simulator.roles = new Set(input.roles);
  if (input.expireTokens === true) simulator.tokens.clear();
}

function changeUser(simulator: Simulator, change: z.infer<typeof userSchema>): void {
  const { realm } = simulator;
  const found = [...realm.users.values()].find(({ username }) => username === change.username);
  if (change.delete === true) {
    if (found === undefined) throw new ChangeError(`there is no user '${change.username}'`);
    deleteUser(realm, found);
    return;
  }
  const user = found ?? addUser(realm, { username: change.username });
  const { rename, groups, enabled, email, firstName, lastName, attributes } = change;
  const values = { username: rename, enabled, email, firstName, lastName, attributes };
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  Object.assign(user, Object.fromEntries(given) as Partial<RealmUser>);
  if (groups === undefined) return;
  for (const group of realm.groups.values()) group.members.delete(user.id);
  for (const path of groups) groupAt(simulator, path).members.add(user.id);
}

/** The group at a path, made with everything above it where it is missing. */
function groupAt({ realm }: Simulator, path: string): RealmGroup {
  let group: RealmGroup | undefined;
  for (const name of path.split('/').slice(1)) {
    const parentId: string | null = group?.id ?? null;
    const found = [...realm.groups.values()].find((one) => one.name === name && one.parentId === parentId);
    group = found ?? addGroup(realm, name, parentId);
  }
  if (group === undefined) throw new ChangeError(`'${path}' is no path of a group`);
  return group;
}
