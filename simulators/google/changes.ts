import { z } from 'zod';
import { ChangeError } from '../support/controlPlane';
import {
  addGroup,
  addMember,
  addUser,
  deleteGroup,
  deleteUser,
  groupAt,
  nest,
  userAt,
  userMember,
  type Directory,
  type GoogleGroup,
} from './directory';
import type { Simulator } from './simulator';

const groupSchema = z.strictObject({
  email: z.string().min(1),
  rename: z.string().min(1).optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  /** Addresses of groups within; added to what is there. */
  groups: z.array(z.string()).optional(),
  /** Addresses of members of other organisations; added to what is there. */
  external: z.array(z.string()).optional(),
  /** Everybody of the domain is a member. */
  everybody: z.boolean().optional(),
  delete: z.literal(true).optional(),
});

const userSchema = z.strictObject({
  /** Of a user that is there, or of a new one. */
  email: z.string().min(1),
  rename: z.string().min(1).optional(),
  givenName: z.string().optional(),
  familyName: z.string().optional(),
  suspended: z.boolean().optional(),
  archived: z.boolean().optional(),
  orgUnitPath: z.string().optional(),
  aliases: z.array(z.string()).optional(),
  more: z.record(z.string(), z.unknown()).optional(),
  customSchemas: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  /** A PNG in base64; null takes it away. */
  photo: z.string().nullable().optional(),
  /** Addresses; exactly these. */
  groups: z.array(z.string()).optional(),
  delete: z.literal(true).optional(),
});

export const changeSchema = z.strictObject({
  users: z.array(userSchema).optional(),
  groups: z.array(groupSchema).optional(),
  admin: z.string().optional(),
  scopes: z.array(z.string()).optional(),
  /** Ends every token that was given out. */
  expireTokens: z.literal(true).optional(),
});

export type ChangeInput = z.input<typeof changeSchema>;

/** Order: users, groups, what the service account may do, tokens. */
export function applyChanges(simulator: Simulator, input: z.infer<typeof changeSchema>): void {
  for (const change of input.users ?? []) changeUser(simulator.directory, change);
  for (const change of input.groups ?? []) changeGroup(simulator.directory, change);
  if (input.admin !== undefined) simulator.admin = input.admin.toLowerCase();
  if (input.scopes !== undefined) simulator.scopes = new Set(input.scopes);
  if (input.expireTokens === true) simulator.tokens.clear();
}

function changeUser(directory: Directory, change: z.infer<typeof userSchema>): void {
  const { email, rename, photo, groups, delete: isGone, ...fields } = change;
  const found = userAt(directory, email);
  if (isGone === true) {
    if (found === undefined) throw new ChangeError(`there is no user '${email}'`);
    deleteUser(directory, found);
    return;
  }
  const user = found ?? addUser(directory, { primaryEmail: email });
  Object.assign(user, Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)));
  if (rename !== undefined) user.primaryEmail = rename;
  if (photo !== undefined) user.photo = photo === null ? null : Buffer.from(photo, 'base64');
  if (groups === undefined) return;
  for (const group of directory.groups.values()) group.members.delete(user.id);
  for (const address of groups) addMember(madeGroup(directory, address), userMember(user));
}

const madeGroup = (directory: Directory, email: string): GoogleGroup =>
  groupAt(directory, email) ?? addGroup(directory, { email });

function changeGroup(directory: Directory, change: z.infer<typeof groupSchema>): void {
  const { email, rename, name, description, groups = [], external = [], everybody, delete: isGone } = change;
  const group = madeGroup(directory, email);
  if (isGone === true) {
    deleteGroup(directory, group);
    return;
  }
  if (rename !== undefined) group.email = rename;
  if (name !== undefined) group.name = name;
  if (description !== undefined) group.description = description;
  for (const address of groups) {
    if (!nest(directory, group, madeGroup(directory, address))) {
      throw new ChangeError(`Google refuses the group '${address}' within '${email}': it would hold itself`);
    }
  }
  for (const address of external) addMember(group, { type: 'EXTERNAL', id: null, email: address });
  if (everybody === true) addMember(group, { type: 'CUSTOMER', id: null, email: null });
  if (everybody === false) group.members.delete('CUSTOMER');
}
