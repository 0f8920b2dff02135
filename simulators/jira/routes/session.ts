import { randomBytes } from 'node:crypto';
import { empty, errors, json, Refusal, type Answer } from '../http/answer';
import { callerOf, parseObjectBody, refuse, say, textField, type Call, type Endpoint } from '../http/call';
import { withPassword } from '../http/authenticate';
import { isoTime } from '../http/time';
import type { Simulator } from '../simulator';

const DAY_MS = 24 * 60 * 60 * 1000;
const TOKEN_BYTES = 32;

/** Logs in with a password; the cookie of the answer is good for later requests. */
function postSession(call: Call, simulator: Simulator): Answer {
  const body = parseObjectBody(call);
  const username = textField(call, body, 'username') ?? '';
  const failedLoginCount = simulator.failedLogins.get(username.toLowerCase()) ?? 0;
  const identity = withPassword(simulator, username, textField(call, body, 'password') ?? '');
  const { user } = identity;
  if (user === null) {
    const isDenied = identity.headers['X-Authentication-Denied-Reason'] !== undefined;
    const { status, body: content, ...rest } = errors(isDenied ? 403 : 401, [say(call, 'loginFailed')]);
    throw new Refusal({ ...rest, status, body: content, headers: identity.headers });
  }
  const value = simulator.state.sessions.get(user.key) ?? '';
  const previous = user.lastLoginMs === null ? {} : { previousLoginTime: isoTime(user.lastLoginMs) };
  return json(
    200,
    { session: { name: 'JSESSIONID', value }, loginInfo: { failedLoginCount, loginCount: 1, ...previous } },
    identity.headers
  );
}

function deleteSession(call: Call, simulator: Simulator): Answer {
  const { key } = callerOf(call);
  simulator.state.sessions.delete(key);
  simulator.effects.count('sessionsEnded', key);
  return empty(204);
}

/** A personal access token of the caller; what it is, is shown once. Without a duration in days it never expires. */
function postToken(call: Call, simulator: Simulator): Answer {
  const user = callerOf(call);
  const body = parseObjectBody(call);
  const name = textField(call, body, 'name') ?? '';
  if (name.trim() === '') throw refuse(call, 400, 'wrongType', 'name');
  const days = body['expirationDuration'] ?? null;
  if (days !== null && (typeof days !== 'number' || days <= 0))
    throw refuse(call, 400, 'wrongType', 'expirationDuration');
  const nowMs = simulator.now();
  const expiresAt = days === null ? null : new Date(nowMs + days * DAY_MS).toISOString();
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  simulator.state.tokens.set(token, { token, userKey: user.key, expiresAt });
  return json(201, {
    id: simulator.state.tokens.size,
    name,
    createdAt: isoTime(nowMs),
    ...(expiresAt === null ? {} : { expiringAt: isoTime(Date.parse(expiresAt)) }),
    rawToken: token,
  });
}

export const SESSION_ENDPOINTS: readonly Endpoint[] = [
  { api: 'session', method: 'POST', path: '/session', access: 'anyone', handle: postSession },
  { api: 'session', method: 'DELETE', path: '/session', access: 'loggedIn', handle: deleteSession },
  {
    api: 'tokens',
    method: 'POST',
    path: '/tokens',
    access: 'loggedIn',
    offered: ({ version }) => version.personalAccessTokens,
    handle: postToken,
  },
];
