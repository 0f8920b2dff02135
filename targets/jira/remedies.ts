import type { TargetErrorKind } from '../target';

/** What an administrator can do about failures of which more is known than their kind. */
export const REMEDY = {
  address:
    'Check baseUrl: the address at which Jira itself answers, with its context path, such as https://jira.example.com/jira.',
  redirect:
    'Give the address that Jira is redirected to, or let /rest pass the single sign-on or proxy before Jira without a login.',
  token:
    'Create a new personal access token for the account (Profile > Personal access tokens), enter it as auth.token, and mind the day on which it expires.',
  password: 'Check auth.username and auth.password by logging in once in a browser, or use a personal access token.',
  basicDisabled: 'Create a personal access token for the account and set auth to { type: pat, token: ... }.',
  tokenTooEarly: 'Use auth: { type: basic, username: ..., password: ... } with this version, or Jira 8.14 or later.',
  tls: 'Enter the authority that signed the certificate of Jira as tls.ca; where Jira asks for a client certificate, enter tls.cert and tls.key.',
  blocked: 'Exempt the account from rate limiting (Administration > System > Rate limiting > Exemptions).',
  xsrf: 'Let the proxy before Jira pass the headers of the request as they are.',
  forbiddenBefore: 'Let this machine through the proxy, firewall or allowlist before Jira.',
} as const;

/** What an administrator can do about a failed step of the connection test. */
export function remedyFor(kind: TargetErrorKind): string {
  switch (kind) {
    case 'authentication':
      return REMEDY.token;
    case 'permission':
    case 'readOnly':
      return 'Give the account the global permission "Jira Administrators".';
    case 'rateLimited':
      return 'Try again in a minute, and exempt the account from rate limiting (Administration > System > Rate limiting).';
    case 'ambiguous':
      return 'Check that Jira is up and that this machine reaches baseUrl (name, port, firewall, proxy).';
    case 'configuration':
    case 'notFound':
    case 'exists':
    case 'invalid':
      return REMEDY.address;
  }
}
