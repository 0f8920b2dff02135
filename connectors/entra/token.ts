import { ASSERTION_TYPE, certificateThumbprint, signAssertion } from '../clientAssertion';
import { ProviderError } from '../errors';
import type { HttpCall, HttpClient } from '../http';
import type { Token } from '../token';
import type { EntraSettings } from './settings';
import { tokenErrorShape, tokenShape } from './shapes';

const MS_PER_SECOND = 1_000;
/** Statuses that the log-in gives to whoever may not come in. */
const REFUSED = [400, 401];

/**
 * A new token of the application, by its secret or by an assertion signed with the key of its certificate.
 * @throws ProviderError authentication, with Microsoft's own code (AADSTS...)
 */
export async function requestToken(login: HttpClient, settings: EntraSettings, signal: AbortSignal): Promise<Token> {
  const path = `/${encodeURIComponent(settings.tenantId)}/oauth2/v2.0/token`;
  const call: HttpCall = {
    step: 'log in as the application',
    path,
    form: {
      grant_type: 'client_credentials',
      client_id: settings.clientId,
      scope: `${settings.graphUrl}/.default`,
      ...(await proofOf(settings, `${settings.loginUrl}${path}`)),
    },
    open: true,
  };
  const answer = await login.send(call, signal);
  const refusal = tokenErrorShape.safeParse(answer.json);
  if (REFUSED.includes(answer.status) && refusal.success) {
    const { error, error_codes: codes = [] } = refusal.data;
    const code = codes[0] === undefined ? '' : `, AADSTS${codes[0]}`;
    throw new ProviderError('authentication', `Entra ID: ${call.step}: answered ${answer.status} (${error}${code})`);
  }
  const { access_token, expires_in } = login.bodyOf(call, answer, tokenShape);
  return { value: access_token, lifetimeMs: expires_in * MS_PER_SECOND };
}

async function proofOf(settings: EntraSettings, audience: string): Promise<Readonly<Record<string, string>>> {
  const { clientId, clientSecret, certificate, privateKey } = settings;
  if (certificate === null || privateKey === null) return { client_secret: clientSecret ?? '' };
  const assertion = await signAssertion({
    algorithm: 'PS256',
    privateKey,
    header: { 'x5t#S256': certificateThumbprint(certificate) },
    clientId,
    audience,
    now: Math.floor(Date.now() / MS_PER_SECOND),
  });
  return { client_assertion_type: ASSERTION_TYPE, client_assertion: assertion };
}

/** The application permissions that a token holds; null where it does not show them. */
export function permissionsIn(token: string): readonly string[] | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    const { roles } = claims as { readonly roles?: unknown };
    return Array.isArray(roles) ? roles.filter((role) => typeof role === 'string').sort() : null;
  } catch {
    return null;
  }
}
