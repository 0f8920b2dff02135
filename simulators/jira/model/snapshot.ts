import { z } from 'zod';
import { LOCALES } from '../messages';
import { addGroup, addMember } from './groups';
import { createState, startNextBlock, type JiraState } from './state';
import { addUser } from './users';

/** A file of another layout is refused at the start instead of being read wrongly. */
const SNAPSHOT_FORMAT = 1;

const snapshotSchema = z.strictObject({
  format: z.literal(SNAPSHOT_FORMAT),
  ids: z.strictObject({ block: z.int(), used: z.int() }),
  groups: z.array(z.string()),
  users: z.array(
    z.strictObject({
      key: z.string(),
      name: z.string(),
      displayName: z.string(),
      emailAddress: z.string(),
      active: z.boolean(),
      passwordHash: z.string().nullable(),
      locale: z.enum(LOCALES).nullable(),
      groups: z.array(z.string()),
      properties: z.record(z.string(), z.unknown()),
    })
  ),
  deletedUsers: z.array(z.strictObject({ key: z.string(), name: z.string() })),
  projects: z.array(z.strictObject({ key: z.string(), leadKey: z.string() })),
  tokens: z.array(z.strictObject({ token: z.string(), userKey: z.string(), expiresAt: z.string().nullable() })),
});

type Snapshot = z.infer<typeof snapshotSchema>;

/** Sessions and what is counted are not kept: a restarted Jira has neither. */
export function serializeState(state: JiraState): string {
  const snapshot: Snapshot = {
    format: SNAPSHOT_FORMAT,
    ids: state.ids,
    groups: [...state.groupsByName.values()].map((group) => group.name),
    users: [...state.usersByKey.values()].map((user) => ({
      key: user.key,
      name: user.name,
      displayName: user.displayName,
      emailAddress: user.emailAddress,
      active: user.active,
      passwordHash: user.passwordHash,
      locale: user.locale,
      groups: [...user.groups],
      properties: Object.fromEntries(user.properties),
    })),
    deletedUsers: [...state.deletedUsers.values()],
    projects: [...state.projects.values()],
    tokens: [...state.tokens.values()],
  };
  return JSON.stringify(snapshot);
}

export function restoreState(content: unknown): JiraState {
  const snapshot = snapshotSchema.parse(content);
  const state = createState();
  for (const name of snapshot.groups) addGroup(state, name);
  for (const { groups, properties, passwordHash, locale, ...input } of snapshot.users) {
    const user = addUser(state, input);
    user.passwordHash = passwordHash;
    user.locale = locale;
    for (const [key, value] of Object.entries(properties)) user.properties.set(key, value);
    for (const name of groups) {
      const group = state.groupsByName.get(name);
      if (group !== undefined) addMember(group, user);
    }
  }
  for (const deleted of snapshot.deletedUsers) state.deletedUsers.set(deleted.name.toLowerCase(), deleted);
  for (const project of snapshot.projects) state.projects.set(project.key, project);
  for (const token of snapshot.tokens) state.tokens.set(token.token, token);
  Object.assign(state.ids, snapshot.ids);
  startNextBlock(state.ids);
  return state;
}
