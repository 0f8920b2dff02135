import type { Request } from 'express';
import type { FaultSubject } from '../../support/faults';
import { findUser } from '../model/state';
import type { Simulator } from '../simulator';
import { nameOf, pathPrefixOf, queryOf, type Endpoint } from './call';

/** Parameters that name a user. */
const QUERY_NAMES = ['username', 'key', 'userKey', 'userName'];
const BODY_NAMES = ['name', 'userKey', 'lead', 'username'];

/** The path as faults see it, and everybody that the request names. */
export function subjectOf(simulator: Simulator, endpoint: Endpoint, request: Request): FaultSubject {
  const query = queryOf(request);
  const params = request.params as Readonly<Record<string, string>>;
  const named = [...QUERY_NAMES.map((name) => query.get(name)), params['username'], ...namesIn(request)];
  const users = new Set<string>();
  for (const value of named) {
    if (typeof value !== 'string' || value === '') continue;
    users.add(value.toLowerCase());
    const user = findUser(simulator.state, value) ?? simulator.state.usersByKey.get(value);
    if (user !== undefined) users.add(user.lowerName).add(user.key.toLowerCase());
  }
  const path = `${pathPrefixOf(endpoint)}${request.path}`;
  return { method: request.method, path, endpoint: nameOf(endpoint), users: [...users] };
}

/** What the body names; the body of a property is anybody's own and names nobody. */
function namesIn(request: Request): readonly unknown[] {
  if (!Buffer.isBuffer(request.body) || request.path.startsWith('/user/properties')) return [];
  const body = parse(request.body);
  if (typeof body !== 'object' || body === null) return [];
  const fields = body as Readonly<Record<string, unknown>>;
  const many: unknown = fields['usernames'];
  return [...BODY_NAMES.map((name) => fields[name]), ...(Array.isArray(many) ? (many as unknown[]) : [])];
}

function parse(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    return undefined;
  }
}
