import type { FaultSubject } from '../support/faults';

/** One request below /v1.0, on its own or within a batch. */
export interface GraphCall {
  readonly method: string;
  /** 'GET /groups/{id}/members', as statistics and faults name it. */
  readonly endpoint: string;
  /** Below the version. */
  readonly path: string;
  readonly id: string;
  readonly query: URLSearchParams;
  /** Whether `ConsistencyLevel: eventual` was sent. */
  readonly isEventual: boolean;
  readonly body: unknown;
  /** The address that links begin with. */
  readonly base: string;
}

const ROUTES: readonly (readonly [method: string, pattern: RegExp, name: string])[] = [
  ['GET', /^\/users$/, '/users'],
  ['GET', /^\/users\/\$count$/, '/users/$count'],
  ['GET', /^\/users\/delta$/, '/users/delta'],
  ['GET', /^\/users\/([^/]+)$/, '/users/{id}'],
  ['GET', /^\/users\/([^/]+)\/memberOf$/, '/users/{id}/memberOf'],
  ['GET', /^\/users\/([^/]+)\/transitiveMemberOf$/, '/users/{id}/transitiveMemberOf'],
  ['GET', /^\/groups$/, '/groups'],
  ['GET', /^\/groups\/\$count$/, '/groups/$count'],
  ['GET', /^\/groups\/delta$/, '/groups/delta'],
  ['GET', /^\/groups\/([^/]+)$/, '/groups/{id}'],
  ['GET', /^\/groups\/([^/]+)\/members$/, '/groups/{id}/members'],
  ['GET', /^\/groups\/([^/]+)\/transitiveMembers$/, '/groups/{id}/transitiveMembers'],
  ['POST', /^\/directoryObjects\/getByIds$/, '/directoryObjects/getByIds'],
  ['POST', /^\/\$batch$/, '/$batch'],
];

export interface RawCall {
  readonly method: string;
  /** Path and query below the version. */
  readonly url: string;
  readonly isEventual: boolean;
  readonly body: unknown;
  readonly base: string;
}

/** Null where there is no such resource. */
export function graphCall({ method, url, ...rest }: RawCall): GraphCall | null {
  const [path = '', search = ''] = url.split('?');
  for (const [verb, pattern, name] of ROUTES) {
    const found = verb === method ? pattern.exec(path) : null;
    if (found === null) continue;
    const id = decodeURIComponent(found[1] ?? '');
    return { method, path, id, endpoint: `${method} ${name}`, query: new URLSearchParams(search), ...rest };
  }
  return null;
}

export const subjectOf = ({ method, path, endpoint }: GraphCall): FaultSubject => ({
  method,
  path,
  endpoint,
  users: [],
});
