import fc from 'fast-check';
import { toAnswer, type JiraCall } from '../../../targets/jira/answer';
import { refusalOf, transportError, wrongShape } from '../../../targets/jira/errors';

const READ: JiraCall = { step: 'read an account', method: 'GET', path: '/user' };
const WRITE: JiraCall = { step: 'update an account', method: 'PUT', path: '/user' };
const CONTEXT = { baseUrl: 'https://jira.example.com/jira', auth: 'pat', jitter: 0 } as const;

const TOMCAT_429 =
  '<!doctype html><html lang="en"><head><title>HTTP Status 429 – Too Many Requests</title></head><body>Message: Rate limit exceeded.</body></html>';
const LOGIN_FAILURE = '<html><body>Basic Authentication Failure - Reason : AUTHENTICATED_FAILED</body></html>';
const HTML = { 'content-type': 'text/html;charset=UTF-8' };
const JSON_TYPE = { 'content-type': 'application/json;charset=UTF-8' };
const refused = (messages: readonly string[], errors: Readonly<Record<string, string>> = {}) =>
  JSON.stringify({ errorMessages: messages, errors });

type Case = readonly [
  name: string,
  status: number,
  headers: Record<string, string>,
  body: string,
  kind: string,
  says: RegExp,
];

const RECORDED: readonly Case[] = [
  [
    'rate limit page of Tomcat',
    429,
    {
      ...HTML,
      'retry-after': '0',
      'x-ratelimit-limit': '5',
      'x-ratelimit-fillrate': '5',
      'x-ratelimit-interval-seconds': '1',
    },
    TOMCAT_429,
    'rateLimited',
    /too many requests/,
  ],
  [
    'block all requests',
    429,
    { ...HTML, 'x-ratelimit-limit': '0', 'retry-after': '9223372036854775807' },
    TOMCAT_429,
    'configuration',
    /blocked by administrator/,
  ],
  [
    'wrong password',
    401,
    { ...HTML, 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' },
    LOGIN_FAILURE,
    'authentication',
    /token/,
  ],
  [
    'wrong password as an empty 200',
    200,
    { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' },
    '',
    'authentication',
    /token/,
  ],
  [
    'no credentials',
    401,
    JSON_TYPE,
    refused(['You are not authenticated. Authentication required to perform this operation.']),
    'authentication',
    /token/,
  ],
  [
    'no credentials at another layer',
    401,
    JSON_TYPE,
    '{"message":"Client must be authenticated to access this resource.","status-code":401}',
    'authentication',
    /token/,
  ],
  [
    'expired token where anonymous may read',
    200,
    { ...JSON_TYPE, 'x-ausername': 'anonymous' },
    '[]',
    'authentication',
    /token/,
  ],
  [
    'CAPTCHA with 403',
    403,
    {
      'x-seraph-loginreason': 'AUTHENTICATION_DENIED',
      'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=https://jira.example.com/jira/login.jsp',
    },
    '',
    'authentication',
    /CAPTCHA.*https:\/\/jira\.example\.com\/jira\/login\.jsp/,
  ],
  [
    'CAPTCHA with 401 and a foreign login URL',
    401,
    { 'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE; login-url=https://evil.example.net/login.jsp' },
    '',
    'authentication',
    /CAPTCHA.*https:\/\/jira\.example\.com\/jira\/login\.jsp/,
  ],
  [
    'Basic disabled',
    403,
    HTML,
    'Basic Authentication has been disabled on this instance.',
    'authentication',
    /access token/,
  ],
  ['XSRF', 403, { 'content-type': 'text/plain' }, 'XSRF check failed', 'configuration', /XSRF/],
  ['not an administrator', 403, JSON_TYPE, refused(['Nur für Administratoren']), 'permission', /sync account/],
  ['a firewall', 403, HTML, '<html>Forbidden</html>', 'configuration', /not by Jira itself/],
  ['user unknown, English', 404, JSON_TYPE, refused(["The user named 'x' does not exist"]), 'notFound', /not found/],
  [
    'user unknown, German',
    404,
    JSON_TYPE,
    refused(["Der Benutzer namens 'x' existiert nicht"]),
    'notFound',
    /not found/,
  ],
  [
    'wrong context path',
    404,
    HTML,
    '<html><title>Dead link</title></html>',
    'configuration',
    /nothing answers as Jira/,
  ],
  [
    'path unknown to the REST layer',
    404,
    JSON_TYPE,
    '{"message":"null for uri: https://jira.example.com/rest/api/2/usr","status-code":404}',
    'configuration',
    /nothing answers as Jira/,
  ],
  [
    'redirect to single sign-on',
    302,
    { location: 'https://sso.example.com/saml?user=fred' },
    '',
    'configuration',
    /redirected to https:\/\/sso\.example\.com:/,
  ],
  [
    'redirect within the host',
    301,
    { location: '/jira/login.jsp' },
    '',
    'configuration',
    /redirected to https:\/\/jira\.example\.com:/,
  ],
  [
    'nothing to change',
    400,
    JSON_TYPE,
    refused(['error.no.value.found.to.be.changed']),
    'invalid',
    /error\.no\.value\.found\.to\.be\.changed/,
  ],
  [
    'wrong fields',
    400,
    JSON_TYPE,
    refused([], { emailAddress: 'You must specify a valid email address.' }),
    'invalid',
    /emailAddress/,
  ],
  [
    'read-only directory as 400: no text tells it, the state does',
    400,
    JSON_TYPE,
    refused(["We can't rename users from external directories."]),
    'invalid',
    /refused/,
  ],
  ['internal error', 500, JSON_TYPE, refused(['Internal server error']), 'ambiguous', /failed/],
  ['proxy without a Jira behind it', 502, HTML, '<html>Bad Gateway</html>', 'ambiguous', /failed/],
  ['maintenance', 503, { ...HTML, 'retry-after': '120' }, '<html>Maintenance</html>', 'ambiguous', /failed/],
];

describe('what an answer of Jira means', () => {
  it.each(RECORDED)('%s', (_name, status, headers, body, kind, says) => {
    const error = refusalOf(toAnswer(status, headers, body), WRITE, CONTEXT);
    expect(error).toMatchObject({ kind, status });
    expect(error?.message).toMatch(says);
    expect(error?.message).toMatch(/^update an account: /);
  });

  it('a wait that a failing Jira asks for is handed on', () => {
    expect(refusalOf(toAnswer(503, { 'retry-after': '120' }, ''), READ, CONTEXT)).toMatchObject({
      retryAfterMs: 120_000,
    });
  });

  it('a success is no refusal, nor is an anonymous answer where everybody may ask', () => {
    expect(refusalOf(toAnswer(200, { ...JSON_TYPE, 'x-seraph-loginreason': 'OK' }, '{}'), READ, CONTEXT)).toBeNull();
    expect(refusalOf(toAnswer(200, { 'x-ausername': 'anonymous' }, '{}'), { ...READ, open: true }, CONTEXT)).toBeNull();
  });

  it('a failed login with Basic speaks of name and password', () => {
    const error = refusalOf(toAnswer(401, HTML, LOGIN_FAILURE), READ, { ...CONTEXT, auth: 'basic' });
    expect(error?.message).toMatch(/user name and password/);
  });

  it('an unexpected success is ambiguous for a write and a wrong set-up for a read', () => {
    const page = toAnswer(200, HTML, '<html>Log in</html>');
    expect(wrongShape(page, WRITE).kind).toBe('ambiguous');
    expect(wrongShape(page, READ)).toMatchObject({ kind: 'configuration' });
    expect(wrongShape(page, READ).message).toMatch(/context path/);
  });

  it.each([
    ['ECONNRESET', 'ambiguous'],
    ['UND_ERR_SOCKET', 'ambiguous'],
    ['ENOTFOUND', 'ambiguous'],
    ['time-out', 'ambiguous'],
    ['CERT_HAS_EXPIRED', 'configuration'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'configuration'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'configuration'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'configuration'],
  ])('a request that ends with %s is %s', (code, kind) => {
    expect(transportError(code, WRITE)).toMatchObject({ kind, status: null });
  });

  it('no text of an answer gets into a message: it is localized and names people', () => {
    const person = fc.string({ minLength: 12 }).map((text) => `Fred <${text}> @example.com`);
    const status = fc.constantFrom(400, 401, 403, 404, 409, 413, 429, 500, 503, 302);
    fc.assert(
      fc.property(status, person, (code, text) => {
        const headers = { ...JSON_TYPE, location: `https://sso.example.com/${encodeURIComponent(text)}` };
        const error = refusalOf(toAnswer(code, headers, refused([text], { [text]: text })), WRITE, CONTEXT);
        expect(error?.message).not.toContain('Fred');
      })
    );
  });
});
