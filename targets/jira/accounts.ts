import { nameKey } from '../../domain/names';
import type { TargetUser } from '../../domain/model';
import { TargetError, type AccountWithGroups, type CreateUserInput, type UserChange } from '../target';
import type { JiraCall } from './answer';
import type { JiraClient } from './client';
import { randomPassword } from './password';
import { isKind, isSystemAdministrator, orNull, write } from './refusals';
import { toTargetUser, userShape, userWithGroupsShape, writtenUserShape } from './shapes';

export type AccountId = { readonly key: string } | { readonly username: string };

/** The account as it is now, or null. Names compare by Jira's rule, so the answer may be spelt otherwise. */
export async function findAccount(client: JiraClient, id: AccountId, signal: AbortSignal): Promise<TargetUser | null> {
  const call: JiraCall = { step: 'read an account', method: 'GET', path: '/user', query: { ...id } };
  const user = await orNull(client.request(call, userShape, signal));
  return user === null ? null : toTargetUser(user);
}

/**
 * The account with the names of all its groups, or null where there is none.
 * @throws TargetError 'configuration' when Jira lists fewer than it counts: half a list would look like lost memberships
 */
export async function findAccountWithGroups(
  client: JiraClient,
  id: AccountId,
  signal: AbortSignal
): Promise<AccountWithGroups | null> {
  const query = { ...id, expand: 'groups' };
  const call: JiraCall = { step: 'read the groups of an account', method: 'GET', path: '/user', query };
  const user = await orNull(client.request(call, userWithGroupsShape, signal));
  if (user === null) return null;
  const { items, size } = user.groups;
  if (items.length < size) {
    throw new TargetError('configuration', `${call.step}: Jira lists ${items.length} of ${size} groups`);
  }
  return { account: toTargetUser(user), groups: items.map((group) => group.name) };
}

/** Names of all groups of the account, or null where there is none. @throws as findAccountWithGroups */
export async function groupsOfAccount(
  client: JiraClient,
  id: AccountId,
  signal: AbortSignal
): Promise<readonly string[] | null> {
  return (await findAccountWithGroups(client, id, signal))?.groups ?? null;
}

/** Creates with a random password, then reads the account back. Two requests; a third when Jira refuses. */
export async function createAccount(
  client: JiraClient,
  input: CreateUserInput,
  signal: AbortSignal
): Promise<TargetUser> {
  const call: JiraCall = { step: 'create an account', method: 'POST', path: '/user', body: creationBody(input) };
  try {
    const { key } = await write(client, call, writtenUserShape, signal);
    return await readBack(client, call.step, key, signal);
  } catch (error) {
    throw await nameTaken(client, error, { step: call.step, username: input.username, ownKey: null }, signal);
  }
}

/**
 * Writes the given attributes only and answers the account as it then is.
 * @throws TargetError 'notFound' when the account is gone, 'exists' when another account has the new name, 'readOnly'
 * when nothing of this account can be written, 'invalid' when only this change is refused
 */
export async function updateAccount(
  client: JiraClient,
  key: string,
  change: UserChange,
  signal: AbortSignal
): Promise<TargetUser> {
  const step = 'update an account';
  const body = changeBody(change);
  if (Object.keys(body).length === 0) return existing(await findAccount(client, { key }, signal), step);
  const call: JiraCall = { step, method: 'PUT', path: '/user', query: { key }, body };
  try {
    const written = userShape.safeParse(await write(client, call, writtenUserShape, signal));
    return written.success ? toTargetUser(written.data) : await readBack(client, step, key, signal);
  } catch (error) {
    const { username } = change;
    const cause =
      username === undefined ? error : await nameTaken(client, error, { step, username, ownKey: key }, signal);
    throw await directoryOrValue(client, key, cause, signal);
  }
}

const FORBIDDEN = 403;

/**
 * Tells a directory that cannot be written from a change that is refused for what it says, such as the deactivation of
 * a project lead: statuses and texts of both vary. Writing the display name that the account has already changes
 * nothing and is refused only where nothing can be written.
 */
async function directoryOrValue(
  client: JiraClient,
  key: string,
  error: unknown,
  signal: AbortSignal
): Promise<unknown> {
  if (!isKind(error, 'invalid') && !isKind(error, 'readOnly')) return error;
  const account = await findAccount(client, { key }, signal).catch(() => null);
  if (account === null || account.displayName.trim() === '')
    return new TargetError('invalid', error.message, error.status);
  const body = { displayName: account.displayName };
  const call: JiraCall = { step: 'try to write an account', method: 'PUT', path: '/user', query: { key }, body };
  const refusal = await client.request(call, writtenUserShape, signal).then(
    () => null,
    (reason: unknown) => reason
  );
  const readOnly = isKind(refusal, 'invalid') || isKind(refusal, 'permission');
  if (!readOnly) return new TargetError('invalid', error.message, error.status);
  const byRank = refusal.status === FORBIDDEN && !(await isSystemAdministrator(client, signal));
  return new TargetError('readOnly', error.message, error.status, null, { byRank });
}

function creationBody(input: CreateUserInput): Readonly<Record<string, unknown>> {
  return {
    name: input.username,
    password: randomPassword(),
    ...(input.email === null ? {} : { emailAddress: input.email }),
    displayName: input.displayName,
    applicationKeys: input.applicationKeys,
    // Without this field Jira sends no mail.
    ...(input.notify ? { notification: 'HTML' } : {}),
  };
}

function changeBody(change: UserChange): Readonly<Record<string, unknown>> {
  return {
    ...(change.username === undefined ? {} : { name: change.username }),
    ...(change.email === undefined ? {} : { emailAddress: change.email }),
    ...(change.displayName === undefined ? {} : { displayName: change.displayName }),
    ...(change.active === undefined ? {} : { active: change.active }),
  };
}

/** After a write that took effect no failure may look as if nothing had happened. */
async function readBack(client: JiraClient, step: string, key: string, signal: AbortSignal): Promise<TargetUser> {
  try {
    return existing(await findAccount(client, { key }, signal), step);
  } catch (error) {
    const { status, retryAfterMs } = error instanceof TargetError ? error : { status: null, retryAfterMs: null };
    throw new TargetError('ambiguous', `${step}: done, but not to be read back`, status, retryAfterMs);
  }
}

function existing(user: TargetUser | null, step: string): TargetUser {
  if (user === null) throw new TargetError('notFound', `${step}: not found`, 404);
  return user;
}

interface WantedName {
  readonly step: string;
  readonly username: string;
  /** Null for an account that is to be created. */
  readonly ownKey: string | null;
}

/** Turns a 400 into 'exists' when another account holds the name: Jira's text is localized and its field varies. */
async function nameTaken(
  client: JiraClient,
  error: unknown,
  wanted: WantedName,
  signal: AbortSignal
): Promise<unknown> {
  if (!isKind(error, 'invalid') || error.status !== 400) return error;
  const holder = await findAccount(client, { username: wanted.username }, signal);
  if (holder === null || holder.key === wanted.ownKey || nameKey(holder.username) !== nameKey(wanted.username)) {
    return error;
  }
  return new TargetError('exists', `${wanted.step}: the username belongs to another account`, error.status);
}
