import { ASSERTION_TYPE, signAssertion } from '../clientAssertion';
import { ProviderError } from '../errors';
import type { HttpCall, HttpClient } from '../http';
import { errorCode } from '../httpErrors';
import { createTokenSource, type Token, type TokenSource } from '../token';
import { algorithmOf, type OktaSettings } from './settings';
import { tokenShape } from './shapes';

/** What reading needs; another scope is asked for apart, so that an app without it still reads. */
export const READ_SCOPES = 'okta.users.read okta.groups.read';
export const ROLE_SCOPE = 'okta.roles.read';

const MS_PER_SECOND = 1_000;
/** How an app that demands DPoP refuses a request without a proof, and one whose proof has no nonce. */
const DPOP_CODES: ReadonlySet<string> = new Set(['invalid_dpop_proof', 'use_dpop_nonce']);

export const DPOP_REMEDY =
  'the app demands DPoP, which Rollcall does not do: switch off "Require Demonstrating Proof of Possession (DPoP) header in ' +
  'token requests" on the tab General of the app';

/** A service app: its id, and the private half of a key that is registered with it. */
export interface ServiceApp {
  readonly clientId: string;
  readonly keyId: string;
  readonly privateKey: string;
}

/** The service app of the settings; null where they have an API token. */
export function serviceAppOf({ clientId, keyId, privateKey }: OktaSettings): ServiceApp | null {
  if (clientId === null || keyId === null || privateKey === null) return null;
  return { clientId, keyId, privateKey };
}

/** An API token is used as it is, and stays what it is when it is refused. */
export const apiTokenSource = (token: string): TokenSource => ({
  get: () => Promise.resolve(token),
  drop: () => undefined,
});

export interface AppTokens {
  /** For messages and calls; itself without a token. */
  readonly http: () => HttpClient;
  readonly baseUrl: string;
  readonly app: ServiceApp;
  readonly scope: string;
}

/** Tokens of the org's own authorization server, for an assertion that is signed anew each time. */
export const appTokenSource = (tokens: AppTokens, now?: () => number): TokenSource =>
  createTokenSource((signal) => requestToken(tokens, signal), now);

/** @throws ProviderError configuration when DPoP is demanded, permission without the scopes, authentication else */
export async function requestToken({ http, baseUrl, app, scope }: AppTokens, signal: AbortSignal): Promise<Token> {
  const assertion = await signAssertion({
    algorithm: algorithmOf(app.privateKey),
    privateKey: app.privateKey,
    header: { kid: app.keyId },
    clientId: app.clientId,
    audience: `${baseUrl}/oauth2/v1/token`,
    now: Math.floor(Date.now() / MS_PER_SECOND),
  });
  const call: HttpCall = {
    step: 'log in as the service app',
    path: '/oauth2/v1/token',
    form: {
      grant_type: 'client_credentials',
      scope,
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: assertion,
    },
    open: true,
  };
  const answer = await http().send(call, signal);
  const refusal = refusalOf(errorCode(answer.json), scope);
  if (answer.status >= 400 && refusal !== null) throw refusal;
  const { access_token, expires_in } = http().bodyOf(call, answer, tokenShape);
  return { value: access_token, lifetimeMs: expires_in * MS_PER_SECOND };
}

/** The refusals of the token endpoint that come as 400 and mean something else than a wrong request. */
function refusalOf(code: string | null, scope: string): ProviderError | null {
  const said = `Okta: log in as the service app: refused (${code ?? ''})`;
  if (code === null) return null;
  if (DPOP_CODES.has(code)) return new ProviderError('configuration', `${said}: ${DPOP_REMEDY}`);
  if (code === 'invalid_scope') return new ProviderError('permission', `${said}; it needs the scopes ${scope}`);
  return ['invalid_client', 'unauthorized_client', 'invalid_grant'].includes(code)
    ? new ProviderError('authentication', said)
    : null;
}
