import { BlockList, isIP } from 'node:net';
import type { Request } from 'express';
import { hashPassword } from '../model/users';
import { findUser, type JiraUser } from '../model/state';
import { DEFAULT_CROWD_APPLICATION, type CrowdApplication } from '../options';
import type { Simulator } from '../simulator';
import { html, json, type Answer, type Headers } from './answer';
import { authenticationFailurePage, forbiddenPage } from './html';
import type { Access } from './call';

/** Who calls, or why the call ends here. */
export interface Identity {
  readonly user: JiraUser | null;
  readonly headers: Headers;
  readonly refusal?: Answer;
}

const ANONYMOUS: Identity = { user: null, headers: {} };
const SESSION = /(?:^|;\s*)JSESSIONID=([0-9A-F]+)/;

/**
 * Basic with a Jira password, a personal access token as Bearer, or the cookie of a session. A wrong password is
 * refused on every endpoint, open ones included; a bad token is refused, or makes the caller anonymous where that is
 * enough. Before tokens came (8.14) a Bearer header says nothing to Jira: the caller is anonymous.
 */
export function authenticate(simulator: Simulator, request: Request, access: Access): Identity {
  if (access === 'application') return authenticateApplication(simulator, request);
  const { authorization, cookie } = request.headers;
  const [scheme = '', credentials = ''] = (authorization ?? '').split(' ', 2);
  switch (scheme.toLowerCase()) {
    case 'basic': {
      if (simulator.options.basicDisabled === true) return basicDisabled();
      const { name, password } = decode(credentials);
      return withPassword(simulator, name, password);
    }
    case 'bearer':
      return simulator.version.personalAccessTokens ? withToken(simulator, credentials, access) : ANONYMOUS;
    default:
      return withSession(simulator, SESSION.exec(cookie ?? '')?.[1]);
  }
}

function decode(credentials: string): { readonly name: string; readonly password: string } {
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return { name: decoded.slice(0, Math.max(colon, 0)), password: decoded.slice(colon + 1) };
}

/** The text is one that was recorded on a Confluence. */
function basicDisabled(): Identity {
  const refusal = html(403, 'Basic Authentication has been disabled on this instance');
  return { user: null, headers: {}, refusal };
}

/** Counts failures; after too many of them even the right password is refused until somebody solves the CAPTCHA. */
export function withPassword(simulator: Simulator, name: string, password: string): Identity {
  const { failedLogins, options } = simulator;
  const lowerName = name.toLowerCase();
  const failures = failedLogins.get(lowerName) ?? 0;
  if (options.captchaAfter !== undefined && failures >= options.captchaAfter) return captcha(simulator);
  const user = findUser(simulator.state, name);
  if (user?.active !== true || user.passwordHash !== hashPassword(password)) {
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

function withSession(simulator: Simulator, session: string | undefined): Identity {
  if (session === undefined) return ANONYMOUS;
  const [key] = [...simulator.state.sessions].find(([, id]) => id === session) ?? [];
  const user = key === undefined ? undefined : simulator.state.usersByKey.get(key);
  return user?.active === true ? loggedIn(simulator, user) : ANONYMOUS;
}

/** The address first, then the credentials of the application; no user of Jira is one. */
function authenticateApplication(simulator: Simulator, request: Request): Identity {
  const application = simulator.options.crowdApplication ?? DEFAULT_CROWD_APPLICATION;
  if (!mayCallFrom(application, request.socket.remoteAddress ?? '')) {
    return { user: null, headers: {}, refusal: html(403, forbiddenPage()) };
  }
  const [scheme = '', credentials = ''] = (request.headers.authorization ?? '').split(' ', 2);
  const { name, password } = decode(credentials);
  const isRight = scheme.toLowerCase() === 'basic' && name === application.name && password === application.password;
  if (isRight) return ANONYMOUS;
  const headers = { 'WWW-Authenticate': 'Basic realm="Crowd REST Service"' };
  return { user: null, headers, refusal: html(401, authenticationFailurePage('application')) };
}

function mayCallFrom({ allowed }: CrowdApplication, address: string): boolean {
  if (allowed === undefined) return true;
  const list = new BlockList();
  for (const entry of allowed) {
    const [base = '', bits] = entry.split('/', 2);
    const family = isIP(base) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(base, family);
    else list.addSubnet(base, Number(bits), family);
  }
  return isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** 401 with a page: the form every client of a mistyped password sees. */
export function authenticationFailed(): Identity {
  const reason = 'AUTHENTICATED_FAILED';
  const headers = { 'X-Seraph-LoginReason': reason, 'WWW-Authenticate': 'OAuth realm="jira"' };
  return { user: null, headers, refusal: html(401, authenticationFailurePage(reason)) };
}

function captcha({ behaviour, baseUrl }: Simulator): Identity {
  const reason = 'AUTHENTICATION_DENIED';
  const headers = {
    'X-Seraph-LoginReason': reason,
    'X-Authentication-Denied-Reason': `CAPTCHA_CHALLENGE; login-url=${baseUrl()}/login.jsp`,
  };
  return { user: null, headers, refusal: html(behaviour.captchaStatus, authenticationFailurePage(reason)) };
}

/** The session of a user stays the same until it is ended. */
function loggedIn(simulator: Simulator, user: JiraUser): Identity {
  const { sessions } = simulator.state;
  const session = sessions.get(user.key) ?? simulator.newSessionId();
  if (!sessions.has(user.key)) user.lastLoginMs = simulator.now();
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
