import { z } from 'zod';
import type { TargetUser } from '../../domain/model';
import type { Organization } from '../extras';
import type { TargetPage } from '../page';
import type { JiraCall, Method } from './answer';
import type { JiraClient } from './client';
import { orNull, write } from './refusals';
import { organizationShape, organizationsShape, organizationUsersShape, toTargetUser } from './shapes';

const ROOT = '/rest/servicedeskapi';
const PER_PAGE = 50;
const NOTHING = z.unknown();
/** Organizations count as experimental in some versions, which then want to be asked in this way. */
const OPT_IN = { 'X-ExperimentalApi': 'opt-in' };

/** One page of the organizations the sync account sees: all of them only if it is an agent. */
export async function listOrganizations(
  client: JiraClient,
  cursor: string | null,
  signal: AbortSignal
): Promise<TargetPage<Organization>> {
  const call = callOf('GET', 'list organizations', '/organization', pageQuery(cursor));
  const page = await client.request(call, organizationsShape, signal);
  return { items: page.values.map(toOrganization), cursor: nextCursor(page) };
}

/** One page of the customers in an organization, or null where there is no such organization. */
export async function listOrganizationUsers(
  client: JiraClient,
  id: string,
  cursor: string | null,
  signal: AbortSignal
): Promise<TargetPage<TargetUser> | null> {
  const call = callOf('GET', 'list the users of an organization', usersPath(id), pageQuery(cursor));
  const page = await orNull(client.request(call, organizationUsersShape, signal));
  return page === null ? null : { items: page.values.map(toTargetUser), cursor: nextCursor(page) };
}

/** Creates an organization. Jira allows several of one name: look for it first. */
export async function createOrganization(client: JiraClient, name: string, signal: AbortSignal): Promise<Organization> {
  const call = { ...callOf('POST', 'create an organization', '/organization'), body: { name } };
  return toOrganization(await write(client, call, organizationShape, signal));
}

/** Adds accounts by their current usernames; those who are in it already stay so. */
export async function addOrganizationUsers(
  client: JiraClient,
  id: string,
  usernames: readonly string[],
  signal: AbortSignal
): Promise<void> {
  await change(client, 'POST', 'add users to an organization', { id, usernames }, signal);
}

/** Removes accounts by their current usernames, and nobody else. */
export async function removeOrganizationUsers(
  client: JiraClient,
  id: string,
  usernames: readonly string[],
  signal: AbortSignal
): Promise<void> {
  await change(client, 'DELETE', 'remove users from an organization', { id, usernames }, signal);
}

async function change(
  client: JiraClient,
  method: Method,
  step: string,
  { id, usernames }: { readonly id: string; readonly usernames: readonly string[] },
  signal: AbortSignal
): Promise<void> {
  if (usernames.length === 0) return;
  await write(client, { ...callOf(method, step, usersPath(id)), body: { usernames } }, NOTHING, signal);
}

function callOf(method: Method, step: string, path: string, query: Readonly<Record<string, string>> = {}): JiraCall {
  return { step, method, root: ROOT, path, query, headers: OPT_IN };
}

const usersPath = (id: string): string => `/organization/${encodeURIComponent(id)}/user`;

const pageQuery = (cursor: string | null) => ({ start: cursor ?? '0', limit: String(PER_PAGE) });

const toOrganization = ({ id, name }: z.infer<typeof organizationShape>): Organization => ({ id: String(id), name });

function nextCursor(page: {
  readonly start: number;
  readonly isLastPage: boolean;
  readonly values: readonly unknown[];
}) {
  return page.isLastPage || page.values.length === 0 ? null : String(page.start + page.values.length);
}
