import { ProviderError } from './errors';
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

/** What an answer that is no success means, or null for a 2xx. The one place that gives statuses a meaning. */
export function refusalOf(service: string, call: HttpCall, answer: HttpAnswer): ProviderError | null {
  const { status } = answer;
  if (status >= 200 && status < 300) return null;
  const said = `${service}: ${call.step}: answered ${status}${codeIn(answer.json)}`;
  if (status === 401) return new ProviderError('authentication', said);
  if (status === 403) return new ProviderError('permission', `${said}${call.needs ? `; it needs ${call.needs}` : ''}`);
  if (status === 429) return new ProviderError('rateLimited', said, retryAfterMs(answer.headers));
  if (status === 408 || status >= 500) return new ProviderError('unavailable', said, retryAfterMs(answer.headers));
  if (status < 400) return new ProviderError('configuration', `${said}, a redirect: use the address it leads to`);
  return new ProviderError('configuration', said);
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
  if (typeof json !== 'object' || json === null || !('error' in json)) return '';
  return typeof json.error === 'string' && ERROR_CODE.test(json.error) ? ` (${json.error})` : '';
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : 'connection failed';
}
