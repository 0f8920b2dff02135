import { z } from 'zod';
import { ProviderError } from '../errors';
import type { HttpAnswer, HttpCall, HttpClient } from '../http';
import { nextQuery } from './link';
import { errorShape } from './shapes';

/** One page of a list, and the query of the next one; null on the last page. */
export interface OktaPage<T> {
  readonly rows: readonly T[];
  readonly next: string | null;
}

/** A list: how it is called, what its first page is asked with, and what a row looks like. */
export interface OktaList<T> {
  readonly call: HttpCall;
  readonly query: Readonly<Record<string, string>>;
  readonly row: z.ZodType<T>;
}

/** Okta's own word that something is not there; what stands in front of it answers a 404 in other forms. */
const ABSENT = 'E0000007';
const BAD_REQUEST = 400;
const FORBIDDEN = 403;
const NOT_FOUND = 404;

/**
 * One page; null when Okta says that what has the list is gone.
 * @throws ProviderError cursorExpired when a page that was named before is refused as a wrong request
 */
export async function pageOrGone<T>(
  http: HttpClient,
  { call, query, row }: OktaList<T>,
  next: string | null,
  signal: AbortSignal
): Promise<OktaPage<T> | null> {
  const sent: HttpCall = next === null ? { ...call, query } : { ...call, path: `${call.path}${next}` };
  const answer = await http.send(sent, signal);
  if (isAbsent(answer)) return null;
  if (next !== null && answer.status === BAD_REQUEST) {
    throw new ProviderError('cursorExpired', `Okta: ${call.step}: the place in the list is not known any more`);
  }
  const rows = http.bodyOf(call, answer, z.array(row));
  return { rows, next: nextQuery(answer, `Okta: ${call.step}`) };
}

/** One page of a list that is always there. */
export async function pageOf<T>(
  http: HttpClient,
  list: OktaList<T>,
  next: string | null,
  signal: AbortSignal
): Promise<OktaPage<T>> {
  const page = await pageOrGone(http, list, next, signal);
  if (page !== null) return page;
  throw new ProviderError('configuration', `Okta: ${list.call.step}: there is no such list at this address`);
}

/** A single record by its id. What is not certain is `unknown`: it must never cost anybody his account. */
export async function lookUp<T extends { readonly id: string }>(
  http: HttpClient,
  call: HttpCall,
  { shape, id }: { readonly shape: z.ZodType<T>; readonly id: string },
  signal: AbortSignal
): Promise<T | 'absent' | 'unknown'> {
  const answer = await http.send(call, signal);
  if (isAbsent(answer)) return 'absent';
  if (answer.status === FORBIDDEN || answer.status === NOT_FOUND) return 'unknown';
  const record = http.bodyOf(call, answer, shape);
  // An id that is somebody's login leads to that user.
  return record.id === id ? record : 'unknown';
}

function isAbsent({ status, json }: HttpAnswer): boolean {
  if (status !== NOT_FOUND) return false;
  const said = errorShape.safeParse(json);
  return said.success && said.data.errorCode === ABSENT;
}
