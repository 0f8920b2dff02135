import type { ScimToken, ScimTokenRepository } from '../../store/scim-store';
import { digestOf, isExpired } from './tokens';
import type { TokenChecker } from './tokens';
import type { ScimReply } from './call';

interface OauthDependencies {
  readonly tokens: ScimTokenRepository;
  readonly checker: TokenChecker;
  readonly clock: () => Date;
}
export interface TokenRequest {
  readonly connectorId: string;
  readonly form: ReadonlyMap<string, string>;
  readonly authorization: string | undefined;
}

const reply = (status: number, body: object, headers: Readonly<Record<string, string>> = {}): ScimReply => ({
  status,
  body: JSON.stringify(body),
  headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers },
});

/** The token endpoint: a client shows id and secret and gets a token for an hour (RFC 6749 4.4). */
export async function answerTokenRequest(deps: OauthDependencies, request: TokenRequest): Promise<ScimReply> {
  const { connectorId, form, authorization } = request;
  if (form.get('grant_type') !== 'client_credentials') {
    const error = form.has('grant_type') ? 'unsupported_grant_type' : 'invalid_request';
    return reply(400, { error, error_description: 'grant_type must be client_credentials, in a form' });
  }
  const { id, secret } = basic(authorization) ?? { id: form.get('client_id'), secret: form.get('client_secret') };
  const client = secret === undefined ? null : await deps.tokens.byDigest(digestOf(secret));
  if (client === null || !isClient(client, connectorId, id) || isExpired(client, deps.clock())) {
    const headers = { 'WWW-Authenticate': 'Basic realm="rollcall scim"' };
    return reply(401, { error: 'invalid_client', error_description: 'client id or secret is not valid' }, headers);
  }
  const { token, seconds } = deps.checker.issue(client);
  return reply(200, { access_token: token, token_type: 'Bearer', expires_in: seconds });
}

const isClient = (client: ScimToken, connectorId: string, id: string | undefined): boolean =>
  client.kind === 'client' && client.connectorId === connectorId && client.id === id;

/** Id and secret as RFC 6749 2.3.1 has them in the header; null where there is no such header. */
function basic(header: string | undefined): { readonly id: string; readonly secret: string } | null {
  const encoded = /^Basic\s+([A-Za-z0-9+/=_-]{1,4096})\s*$/i.exec(header ?? '')?.[1];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) return null;
  return { id: decoded(text.slice(0, colon)), secret: decoded(text.slice(colon + 1)) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
