import type { IncomingHttpHeaders } from 'node:http';
import { hashPassword } from '../model/users';
import { findUser, type JiraUser } from '../model/state';
import type { Simulator } from '../simulator';
import { html, json, type Answer, type Headers } from './answer';
import { authenticationFailurePage } from './html';
import type { Access } from './call';

/** Who calls, or why the call ends here. */
export interface Identity {
  readonly user: JiraUser | null;
  readonly headers: Headers;
  readonly refusal?: Answer;
}

const ANONYMOUS: Identity = { user: null, headers: {} };

/**
 * Basic with a Jira password, or a personal access token as Bearer. A wrong password is refused on every endpoint, open
 * ones included; a bad token is refused, or makes the caller anonymous where that is enough.
 */
export function authenticate(simulator: Simulator, headers: IncomingHttpHeaders, access: Access): Identity {
  const [scheme = '', credentials = ''] = (headers.authorization ?? '').split(' ', 2);
  switch (scheme.toLowerCase()) {
    case 'basic':
      return withPassword(simulator, credentials);
    case 'bearer':
      return simulator.version.personalAccessTokens ? withToken(simulator, credentials, access) : ANONYMOUS;
    default:
      return ANONYMOUS;
  }
}

function withPassword(simulator: Simulator, credentials: string): Identity {
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  const name = decoded.slice(0, Math.max(colon, 0));
  const { failedLogins, options, baseUrl } = simulator;
  const lowerName = name.toLowerCase();
  const failures = failedLogins.get(lowerName) ?? 0;
  if (options.captchaAfter !== undefined && failures >= options.captchaAfter) return captcha(baseUrl());
  const user = findUser(simulator.state, name);
  if (user?.active !== true || user.passwordHash !== hashPassword(decoded.slice(colon + 1))) {
    failedLogins.set(lowerName, failures + 1);
    return authenticationFailed();
  }
  failedLogins.delete(lowerName);
  return loggedIn(simulator, user);
}

function withToken(simulator: Simulator, credentials: string, access: Access): Identity {
  const token = simulator.state.tokens.get(credentials);
  const user = token === undefined ? undefined : simulator.state.usersByKey.get(token.userKey);
  const expired = typeof token?.expiresAt === 'string' && Date.parse(token.expiresAt) <= simulator.now();
  if (user?.active === true && !expired) return loggedIn(simulator, user);
  if (access === 'anyone' && simulator.behaviour.badTokenOnOpenEndpoint === 'anonymous') return ANONYMOUS;
  const body = { message: 'Client must be authenticated to access this resource.', 'status-code': 401 };
  return { user: null, headers: {}, refusal: json(401, body) };
}

/** 401 with a page: the form every client of a mistyped password sees. */
export function authenticationFailed(): Identity {
  const reason = 'AUTHENTICATED_FAILED';
  const headers = { 'X-Seraph-LoginReason': reason, 'WWW-Authenticate': 'OAuth realm="jira"' };
  return { user: null, headers, refusal: html(401, authenticationFailurePage(reason)) };
}

function captcha(baseUrl: string): Identity {
  const reason = 'AUTHENTICATION_DENIED';
  const headers = {
    'X-Seraph-LoginReason': reason,
    'X-Authentication-Denied-Reason': `CAPTCHA_CHALLENGE; login-url=${baseUrl}/login.jsp`,
  };
  return { user: null, headers, refusal: html(403, authenticationFailurePage(reason)) };
}

/** The session of a user stays the same until it is ended. */
function loggedIn(simulator: Simulator, user: JiraUser): Identity {
  const { sessions } = simulator.state;
  const session = sessions.get(user.key) ?? simulator.newSessionId();
  sessions.set(user.key, session);
  const path = simulator.contextPath === '' ? '/' : simulator.contextPath;
  const headers = {
    'X-Seraph-LoginReason': 'OK',
    'X-ASESSIONID': session.slice(0, 8).toLowerCase(),
    'Set-Cookie': [
      `JSESSIONID=${session}; Path=${path}; HttpOnly`,
      `atlassian.xsrf.token=${session.slice(-8)}_lin; Path=${path}`,
    ],
  };
  return { user, headers };
}
