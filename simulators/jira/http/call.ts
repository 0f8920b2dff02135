import type { IncomingHttpHeaders } from 'node:http';
import type { Request } from 'express';
import type { JiraUser } from '../model/state';
import type { Locale, MessageKey } from '../messages';
import { message } from '../messages';
import type { Simulator } from '../simulator';
import { errors, Refusal, type Answer } from './answer';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/**
 * Who may call: anybody, whoever is logged in, administrators, system administrators, or an application with
 * credentials of its own instead of a user.
 */
export type Access = 'anyone' | 'loggedIn' | 'administrator' | 'systemAdministrator' | 'application';

/** Where each API lies below the context path, the name that statistics use first. */
export const API_ROOTS = {
  platform: ['/rest/api/2', '/rest/api/latest'],
  session: ['/rest/auth/1', '/rest/auth/latest'],
  tokens: ['/rest/pat/latest', '/rest/pat/1.0'],
  serviceDesk: ['/rest/servicedeskapi'],
  crowd: ['/rest/usermanagement/1', '/rest/usermanagement/latest'],
} as const;

export type Api = keyof typeof API_ROOTS;

/** One endpoint below its API's root. Handlers run without a pause: an effect is whole or not there. */
export interface Endpoint {
  readonly method: Method;
  /** @default 'platform' */
  readonly api?: Api;
  /** With parameters in braces, e.g. '/user/properties/{propertyKey}'. */
  readonly path: string;
  readonly access: Access;
  /** Whether the version and the licence have it; otherwise it is a path like any unknown one. @default always */
  readonly offered?: (simulator: Simulator) => boolean;
  /** Media types of bodies that are no JSON. @default none */
  readonly accepts?: RegExp;
  readonly handle: (call: Call, simulator: Simulator) => Answer;
}

export interface Call {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly path: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly rawBody: Buffer;
  readonly caller: JiraUser | null;
  readonly locale: Locale;
}

/** As paths of faults see it: below /rest/api/2, or whole for another API. */
export function pathPrefixOf({ api = 'platform' }: Endpoint): string {
  return api === 'platform' ? '' : API_ROOTS[api][0];
}

/** As the statistics and faults name it. */
export function nameOf(endpoint: Endpoint): string {
  return `${endpoint.method} ${pathPrefixOf(endpoint)}${endpoint.path}`;
}

/** The caller of an endpoint that is not open to anybody. */
export function callerOf(call: Call): JiraUser {
  if (call.caller === null) throw new Error('the endpoint is open to anonymous callers');
  return call.caller;
}

export function say(call: Call, key: MessageKey, ...values: readonly (string | number)[]): string {
  return message(call.locale, key, ...values);
}

/** A refusal with one general message. */
export function refuse(call: Call, status: number, key: MessageKey, ...values: readonly (string | number)[]): Refusal {
  return new Refusal(errors(status, [say(call, key, ...values)]));
}

export function queryOf(request: Request): URLSearchParams {
  const at = request.originalUrl.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : request.originalUrl.slice(at + 1));
}

/** A parameter that is given and not empty. */
export function parameter(call: Call, name: string): string | undefined {
  const value = call.query.get(name);
  return value === null || value === '' ? undefined : value;
}

/** A parameter of a page; anything that is no whole number counts as not given. */
export function numberParameter(call: Call, name: string, fallback: number): number {
  const value = call.query.get(name);
  return value !== null && /^\d{1,9}$/.test(value) ? Number(value) : fallback;
}

export function flagParameter(call: Call, name: string, fallback: boolean): boolean {
  const value = call.query.get(name);
  return value === null ? fallback : value.toLowerCase() === 'true';
}

export function parseBody(call: Call): unknown {
  try {
    return JSON.parse(call.rawBody.toString('utf8'));
  } catch {
    throw refuse(call, 400, 'bodyInvalid');
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function parseObjectBody(call: Call): JsonObject {
  const body = parseBody(call);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw refuse(call, 400, 'bodyInvalid');
  return body as JsonObject;
}

/** A text field; absent and null are the same, another type is refused. */
export function textField(call: Call, body: JsonObject, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw refuse(call, 400, 'wrongType', name);
  return value;
}
