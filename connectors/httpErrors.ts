import { ProviderError, type ProviderErrorKind } from './errors';
import type { HttpAnswer, HttpCall } from './http';

/** A wait that a service may ask for; longer ones count as this one. */
const LONGEST_WAIT_MS = 3_600_000;
/** An error code of OAuth or of the like; anything longer may hold data of people. */
const ERROR_CODE = /^[A-Za-z][\w.-]{0,63}$/;

/** Retry-After in milliseconds, as seconds or as a date (compared with the server's own clock); null without a usable one. */
export function retryAfterMs(headers: HttpAnswer['headers']): number | null {
  const value = headers['retry-after']?.trim();
  if (value === undefined) return null;
  const wait = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.parse(headers['date'] ?? '');
  return Number.isNaN(wait) ? null : Math.min(Math.max(0, wait), LONGEST_WAIT_MS);
}

/** What a service's own refusal means. */
export interface Meaning {
  readonly kind: ProviderErrorKind;
  /** Milliseconds to wait; without it what Retry-After says. */
  readonly retryAfterMs?: number;
}

/** How one service speaks, as far as it differs from plain HTTP. */
export interface Speech {
  readonly service: string;
  readonly meaningOf?: (answer: HttpAnswer) => Meaning | null;
  /** What an admin does when a new token is refused too. */
  readonly unauthorized?: string;
}

/** What an answer that is no success means, or null for a 2xx. The one place that gives statuses a meaning. */
export function refusalOf(call: HttpCall, answer: HttpAnswer, speech: Speech): ProviderError | null {
  const { status } = answer;
  if (status >= 200 && status < 300) return null;
  const { kind, retryAfterMs: wait = retryAfterMs(answer.headers) } =
    speech.meaningOf?.(answer) ?? meaningOfStatus(status);
  const said = `${speech.service}: ${call.step}: answered ${status}${codeIn(answer.json)}`;
  const advice = adviceFor(kind, status, call, speech);
  return new ProviderError(kind, advice === undefined ? said : `${said}${advice}`, mayWait(kind) ? wait : null);
}

function meaningOfStatus(status: number): Meaning {
  if (status === 401) return { kind: 'authentication' };
  if (status === 403) return { kind: 'permission' };
  if (status === 429) return { kind: 'rateLimited' };
  return { kind: status === 408 || status >= 500 ? 'unavailable' : 'configuration' };
}

const mayWait = (kind: ProviderErrorKind): boolean => kind === 'rateLimited' || kind === 'unavailable';

function adviceFor(
  kind: ProviderErrorKind,
  status: number,
  { needs, open }: HttpCall,
  { unauthorized }: Speech
): string | undefined {
  if (kind === 'permission' && needs) return `; it needs ${needs}`;
  if (kind === 'authentication' && open !== true && unauthorized) return `; ${unauthorized}`;
  return status < 400 ? ', a redirect: use the address it leads to' : undefined;
}

/** A success in a form that is not the service's own. A page for people comes from something in between. */
export function wrongShape(service: string, call: HttpCall, answer: HttpAnswer): ProviderError {
  const said = `${service}: ${call.step}: answered ${answer.status}`;
  if (answer.json !== undefined) return new ProviderError('data', `${said} in a form that is not known`);
  const isPage = (answer.headers['content-type'] ?? '').includes('html') || answer.text.trimStart().startsWith('<');
  return isPage
    ? new ProviderError('configuration', `${said} with a web page instead of data: is the address right?`)
    : new ProviderError('unavailable', `${said} with something that is not whole`);
}

/** No answer, or half of one. */
export function transportError(service: string, call: HttpCall, error: unknown): ProviderError {
  return new ProviderError('unavailable', `${service}: ${call.step}: no answer (${codeOf(error)})`);
}

function codeIn(json: unknown): string {
  const code = errorCode(json);
  return code !== null && ERROR_CODE.test(code) ? ` (${code})` : '';
}

/** The word for the error in a refusal: `error` (OAuth), `error.code` or `error.status`, or `errorCode`; null without one. */
export function errorCode(json: unknown): string | null {
  const body = fieldsOf(json);
  const error = fieldsOf(body['error']);
  const named = [body['error'], error['code'], error['status'], body['errorCode']];
  return named.find((value) => typeof value === 'string') ?? null;
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : 'connection failed';
}
