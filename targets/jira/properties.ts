import { z } from 'zod';
import { TargetError } from '../target';
import type { JiraCall, Method } from './answer';
import type { JiraClient } from './client';
import { orNull, write } from './refusals';
import { propertyShape } from './shapes';

/** The property in which Rollcall keeps the external id of an account. */
export const EXTERNAL_ID = 'rollcall.externalId';

const LONGEST_NAME = 255;
const LONGEST_VALUE_BYTES = 32_768;
const NOTHING = z.unknown();

/**
 * The value of an entity property of an account, or null where it has none or there is no such account. These are not
 * the "User properties" of Jira's administration pages, which REST does not reach.
 */
export async function readProperty(
  client: JiraClient,
  key: string,
  name: string,
  signal: AbortSignal
): Promise<unknown> {
  const property = await orNull(client.request(callOf('GET', key, name), propertyShape, signal));
  return property?.value ?? null;
}

/**
 * Sets a property to any JSON value.
 * @throws TargetError 'invalid' for a name or value longer than Jira keeps, 'notFound' when the account is gone
 */
export async function writeProperty(
  client: JiraClient,
  key: string,
  property: { readonly name: string; readonly value: unknown },
  signal: AbortSignal
): Promise<void> {
  const { name, value } = property;
  const call = callOf('PUT', key, name);
  const size = Buffer.byteLength(JSON.stringify(value), 'utf8');
  if (name.length > LONGEST_NAME || size > LONGEST_VALUE_BYTES) {
    throw new TargetError('invalid', `${call.step}: the name may have 255 characters, the value 32768 bytes`);
  }
  await write(client, { ...call, body: value }, NOTHING, signal);
}

/** Removes a property; one that is not there is removed already. */
export async function removeProperty(
  client: JiraClient,
  key: string,
  name: string,
  signal: AbortSignal
): Promise<void> {
  await orNull(write(client, callOf('DELETE', key, name), NOTHING, signal));
}

/** Writes the external id unless it stands there already. One request where it does, else two. */
export async function keepExternalId(
  client: JiraClient,
  key: string,
  externalId: string,
  signal: AbortSignal
): Promise<'written' | 'unchanged'> {
  if ((await readProperty(client, key, EXTERNAL_ID, signal)) === externalId) return 'unchanged';
  await writeProperty(client, key, { name: EXTERNAL_ID, value: externalId }, signal);
  return 'written';
}

const VERBS = { GET: 'read', PUT: 'set', DELETE: 'remove', POST: 'add' } as const;

function callOf(method: Method, key: string, name: string): JiraCall {
  const path = `/user/properties/${encodeURIComponent(name)}`;
  return { step: `${VERBS[method]} the property '${name}' of an account`, method, path, query: { userKey: key } };
}
