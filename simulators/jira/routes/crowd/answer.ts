import { json, Refusal, type Answer } from '../../http/answer';
import { escapeHtml } from '../../http/html';
import { parameter, type Call, type Endpoint, type JsonObject } from '../../http/call';
import { findGroup, findUser, type JiraGroup, type JiraUser } from '../../model/state';
import type { Simulator } from '../../simulator';

/** Why a request is refused: clients decide by these. */
export type Reason =
  | 'USER_NOT_FOUND'
  | 'GROUP_NOT_FOUND'
  | 'INVALID_USER'
  | 'INVALID_GROUP'
  | 'UNSUPPORTED_OPERATION'
  | 'OPERATION_FAILED'
  | 'ILLEGAL_ARGUMENT'
  | 'MEMBERSHIP_ALREADY_EXISTS'
  | 'MEMBERSHIP_NOT_FOUND';

/** What is an attribute of an element in XML instead of an element inside it. */
const XML_ATTRIBUTES = new Set(['name', 'expand', 'href', 'rel']);
const SINGULAR: Readonly<Record<string, string>> = {
  users: 'user',
  groups: 'group',
  attributes: 'attribute',
  values: 'value',
};

/** JSON for who accepts it, otherwise XML with this root. */
export function respond(call: Call, status: number, root: string, body: JsonObject): Answer {
  if (acceptsJson(call)) return json(status, body);
  return xml(status, element(root, body));
}

export function xml(status: number, content: string): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>${content}`;
  return { status, contentType: 'application/xml', body, headers: {} };
}

function acceptsJson(call: Call): boolean {
  return (call.headers.accept ?? '').includes('application/json');
}

/** A list inside an element of the same name is that element's own content. */
function element(name: string, value: unknown): string {
  if (Array.isArray(value)) {
    const inner = value.map((one) => element(SINGULAR[name] ?? name, one)).join('');
    return `<${name}>${inner}</${name}>`;
  }
  if (typeof value !== 'object' || value === null) return `<${name}>${escapeHtml(String(value))}</${name}>`;
  const entries = Object.entries(value);
  const attributes = entries
    .filter(([key]) => XML_ATTRIBUTES.has(key))
    .map(([key, text]) => ` ${key}="${escapeHtml(String(text))}"`);
  const inner = entries
    .filter(([key]) => !XML_ATTRIBUTES.has(key))
    .map(([key, content]: [string, unknown]) =>
      key === name && Array.isArray(content)
        ? content.map((one) => element(SINGULAR[key] ?? key, one)).join('')
        : element(key, content)
    );
  return `<${name}${attributes.join('')}>${inner.join('')}</${name}>`;
}

export function refuse(call: Call, status: number, reason: Reason, message: string): Refusal {
  return new Refusal(respond(call, status, 'error', { reason, message }));
}

export function refuseReadOnly(call: Call): Refusal {
  return refuse(call, 403, 'UNSUPPORTED_OPERATION', 'This directory is read-only');
}

export function requireUser(call: Call, { state }: Simulator, name = parameter(call, 'username')): JiraUser {
  const user = findUser(state, name ?? '');
  if (user === undefined) throw refuse(call, 404, 'USER_NOT_FOUND', `User <${name ?? ''}> does not exist`);
  return user;
}

export function requireGroup(call: Call, { state }: Simulator, name = parameter(call, 'groupname')): JiraGroup {
  const group = findGroup(state, name ?? '');
  if (group === undefined) throw refuse(call, 404, 'GROUP_NOT_FOUND', `Group <${name ?? ''}> does not exist`);
  return group;
}

/** The body, which must be a JSON object. */
export function readBody(call: Call): JsonObject {
  const refusal = refuse(call, 400, 'ILLEGAL_ARGUMENT', 'The body must be a JSON object');
  try {
    const body: unknown = JSON.parse(call.rawBody.toString('utf8'));
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as JsonObject;
  } catch {
    throw refusal;
  }
  throw refusal;
}

export function readText(call: Call, body: JsonObject, field: string): string | undefined {
  const value = body[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw refuse(call, 400, 'ILLEGAL_ARGUMENT', `${field} must be a text`);
}

export function crowdEndpoint(method: Endpoint['method'], path: string, handle: Endpoint['handle']): Endpoint {
  return { api: 'crowd', method, path, access: 'application', handle };
}
