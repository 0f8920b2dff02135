import type { Dispatcher } from 'undici';
import { ProviderError } from './errors';
import type { HttpCall } from './http';

const USER_AGENT = 'Rollcall';
const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

/** What a request is made of besides the call itself. */
export interface RequestParts {
  readonly service: string;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole value of the header `authorization`; null: none. */
  readonly authorization: string | null;
}

/** @throws ProviderError data: the call follows a link that leads elsewhere than below the base URL */
export function requestOf(call: HttpCall, parts: RequestParts): Dispatcher.RequestOptions {
  const url = addressOf(call, parts);
  const body = bodyOf(call);
  return {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: body === null ? 'GET' : 'POST',
    headers: {
      accept: JSON_TYPE,
      'user-agent': USER_AGENT,
      ...parts.headers,
      ...call.headers,
      ...(parts.authorization !== null && { authorization: parts.authorization }),
      ...(body !== null && { 'content-type': body.type }),
    },
    body: body?.text ?? null,
  };
}

function bodyOf({ form, json }: HttpCall): { readonly type: string; readonly text: string } | null {
  if (form !== undefined) return { type: FORM, text: new URLSearchParams(form).toString() };
  return json === undefined ? null : { type: JSON_TYPE, text: JSON.stringify(json) };
}

function addressOf(call: HttpCall, { service, baseUrl }: RequestParts): URL {
  if (!call.path.startsWith('/')) return followed(call, service, baseUrl);
  const url = new URL(`${baseUrl}${call.path}`);
  // A blank as '+' is right in forms only.
  const query = new URLSearchParams(call.query).toString().replaceAll('+', '%20');
  if (query !== '') url.search = query;
  return url;
}

/** A link that the service gave is followed to the letter, but never with the token to another server. */
function followed({ step, path }: HttpCall, service: string, baseUrl: string): URL {
  const base = new URL(`${baseUrl}/`);
  const url = URL.canParse(path) ? new URL(path) : null;
  if (url?.origin === base.origin && url.pathname.startsWith(base.pathname)) return url;
  throw new ProviderError('data', `${service}: ${step}: gave a link that leads away from ${base.origin}`);
}
