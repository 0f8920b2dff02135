import type { TargetErrorKind } from '../target';

/** What an administrator can do about a failed step of the connection test. */
export function remedyFor(kind: TargetErrorKind): string {
  switch (kind) {
    case 'authentication':
      return 'Create a personal access token for the account (Profile > Personal access tokens) and enter it as auth.token; with Basic, log in once in a browser.';
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
      return 'Check baseUrl: the address at which Jira itself answers, with its context path, such as https://jira.example.com/jira.';
  }
}
