import { z } from 'zod';
import { LOCALES } from '../messages';
import { INTERNAL_DIRECTORY_ID } from './directories';
import { addGroup, addMember } from './groups';
import { nest } from './nesting';
import { createState, startNextBlock, type JiraGroup, type JiraState, type JiraUser } from './state';
import { addUser } from './users';

/** A file of another layout is refused at the start instead of being read wrongly. What came later may be absent. */
const SNAPSHOT_FORMAT = 1;

const groupSchema = z.strictObject({
  name: z.string(),
  directoryId: z.int(),
  description: z.string(),
  children: z.array(z.string()),
});

const userSchema = z.strictObject({
  key: z.string(),
  name: z.string(),
  displayName: z.string(),
  emailAddress: z.string(),
  active: z.boolean(),
  passwordHash: z.string().nullable(),
  locale: z.enum(LOCALES).nullable(),
  groups: z.array(z.string()),
  properties: z.record(z.string(), z.unknown()),
  directoryId: z.int().default(INTERNAL_DIRECTORY_ID),
  attributes: z.record(z.string(), z.array(z.string())).default({}),
  lastLoginMs: z.number().nullable().default(null),
  avatars: z.array(z.strictObject({ id: z.int(), fileName: z.string(), contentHash: z.string() })).default([]),
  avatarId: z.int().nullable().default(null),
});

const projectSchema = z.strictObject({
  id: z.int().default(0),
  key: z.string(),
  name: z.string().default(''),
  leadKey: z.string(),
  components: z.array(z.strictObject({ id: z.int(), name: z.string(), leadKey: z.string().nullable() })).default([]),
});

const shadowSchema = z.strictObject({
  directoryId: z.int(),
  name: z.string(),
  displayName: z.string(),
  emailAddress: z.string(),
  active: z.boolean(),
});

const snapshotSchema = z.strictObject({
  format: z.literal(SNAPSHOT_FORMAT),
  ids: z.strictObject({ block: z.int(), used: z.int(), other: z.int().optional() }),
  groups: z.array(z.union([z.string(), groupSchema])),
  users: z.array(userSchema),
  deletedUsers: z.array(z.strictObject({ key: z.string(), name: z.string() })),
  shadows: z.array(shadowSchema).default([]),
  projects: z.array(projectSchema),
  organizations: z.array(z.strictObject({ id: z.int(), name: z.string(), members: z.array(z.string()) })).default([]),
  tokens: z.array(z.strictObject({ token: z.string(), userKey: z.string(), expiresAt: z.string().nullable() })),
});

type Snapshot = z.input<typeof snapshotSchema>;

/** Sessions, pictures that wait to be confirmed and what is counted are not kept: a restarted Jira has none of them. */
export function serializeState(state: JiraState): string {
  const snapshot: Snapshot = {
    format: SNAPSHOT_FORMAT,
    ids: state.ids,
    groups: [...state.groupsByName.values()].map(serializeGroup),
    users: [...state.usersByKey.values()].map(serializeUser),
    deletedUsers: [...state.deletedUsers.values()],
    shadows: [...state.shadows.values()].flat(),
    projects: [...state.projects.values()].map((project) => ({ ...project, components: [...project.components] })),
    organizations: [...state.organizations.values()].map(({ members, ...rest }) => ({
      ...rest,
      members: [...members],
    })),
    tokens: [...state.tokens.values()],
  };
  return JSON.stringify(snapshot);
}

function serializeGroup({ name, directoryId, description, children }: JiraGroup): z.input<typeof groupSchema> {
  return { name, directoryId, description, children: [...children] };
}

function serializeUser(user: JiraUser): z.input<typeof userSchema> {
  return {
    key: user.key,
    name: user.name,
    displayName: user.displayName,
    emailAddress: user.emailAddress,
    active: user.active,
    passwordHash: user.passwordHash,
    locale: user.locale,
    groups: [...user.groups],
    properties: Object.fromEntries(user.properties),
    directoryId: user.directoryId,
    attributes: Object.fromEntries([...user.attributes].map(([name, values]) => [name, [...values]])),
    lastLoginMs: user.lastLoginMs,
    avatars: [...user.avatars.values()],
    avatarId: user.avatarId,
  };
}

export function restoreState(content: unknown): JiraState {
  const snapshot = snapshotSchema.parse(content);
  const state = createState();
  restoreGroups(state, snapshot.groups);
  for (const user of snapshot.users) restoreUser(state, user);
  for (const deleted of snapshot.deletedUsers) state.deletedUsers.set(deleted.name.toLowerCase(), deleted);
  for (const shadow of snapshot.shadows) {
    const lowerName = shadow.name.toLowerCase();
    state.shadows.set(lowerName, [...(state.shadows.get(lowerName) ?? []), shadow]);
  }
  for (const project of snapshot.projects) {
    state.projects.set(project.key, { ...project, name: project.name === '' ? project.key : project.name });
  }
  for (const { members, ...rest } of snapshot.organizations) {
    state.organizations.set(rest.id, { ...rest, members: new Set(members) });
  }
  for (const token of snapshot.tokens) state.tokens.set(token.token, token);
  Object.assign(state.ids, snapshot.ids);
  startNextBlock(state.ids);
  return state;
}

function restoreGroups(state: JiraState, groups: z.output<typeof snapshotSchema>['groups']): void {
  const whole = groups.map((group) => (typeof group === 'string' ? { name: group } : group));
  for (const group of whole) {
    const added = addGroup(state, group.name, 'directoryId' in group ? group.directoryId : undefined);
    if ('description' in group) added.description = group.description;
  }
  for (const group of whole) {
    const parent = state.groupsByName.get(group.name.toLowerCase());
    for (const name of 'children' in group ? group.children : []) {
      const child = state.groupsByName.get(name);
      if (parent !== undefined && child !== undefined) nest(state, parent, child);
    }
  }
}

function restoreUser(state: JiraState, saved: z.output<typeof userSchema>): void {
  const { groups, properties, attributes, avatars, passwordHash, locale, lastLoginMs, avatarId, ...input } = saved;
  const user = addUser(state, input);
  Object.assign(user, { passwordHash, locale, lastLoginMs, avatarId });
  for (const [key, value] of Object.entries(properties)) user.properties.set(key, value);
  for (const [name, values] of Object.entries(attributes)) user.attributes.set(name, values);
  for (const avatar of avatars) user.avatars.set(avatar.id, avatar);
  for (const name of groups) {
    const group = state.groupsByName.get(name);
    if (group !== undefined) addMember(group, user);
  }
}
