import { signAssertion } from '../clientAssertion';
import { ProviderError } from '../errors';
import type { HttpCall, HttpClient } from '../http';
import { errorCode } from '../httpErrors';
import type { Token } from '../token';
import type { GoogleSettings, ServiceAccount } from './settings';
import { tokenShape } from './shapes';

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const SCOPE = 'https://www.googleapis.com/auth/admin.directory';
/** What reading needs; members of groups are part of the second. */
export const SCOPES = [`${SCOPE}.user.readonly`, `${SCOPE}.group.readonly`] as const;
const MS_PER_SECOND = 1_000;

/**
 * A token for the administrator, on the word of the service account.
 * @throws ProviderError permission when the domain has not delegated the scopes, authentication for any other refusal
 */
export async function requestToken(
  http: HttpClient,
  settings: GoogleSettings,
  { clientEmail, privateKey, keyId }: ServiceAccount,
  signal: AbortSignal
): Promise<Token> {
  const assertion = await signAssertion({
    ...{ algorithm: 'RS256', privateKey, header: keyId === null ? {} : { kid: keyId }, clientId: clientEmail },
    audience: settings.tokenUrl,
    claims: { sub: settings.adminEmail, scope: SCOPES.join(' ') },
    now: Math.floor(Date.now() / MS_PER_SECOND),
  });
  const call: HttpCall = {
    step: 'log in as the service account',
    path: new URL(settings.tokenUrl).pathname,
    form: { grant_type: GRANT_TYPE, assertion },
    open: true,
  };
  const answer = await http.send(call, signal);
  const refusal = answer.status < 400 ? null : refusalOf(errorCode(answer.json));
  if (refusal !== null) throw refusal;
  const { access_token, expires_in } = http.bodyOf(call, answer, tokenShape);
  return { value: access_token, lifetimeMs: expires_in * MS_PER_SECOND };
}

function refusalOf(code: string | null): ProviderError | null {
  const said = `Google: log in as the service account: refused (${code ?? ''})`;
  switch (code) {
    case 'unauthorized_client':
    case 'invalid_scope':
    case 'access_denied':
      return new ProviderError(
        'permission',
        `${said}; it needs delegation of ${SCOPES.join(' and ')} to its client id`
      );
    case 'invalid_grant':
    case 'invalid_client':
      return new ProviderError('authentication', `${said}: is its key still there, and adminEmail an administrator?`);
    default:
      return null;
  }
}
