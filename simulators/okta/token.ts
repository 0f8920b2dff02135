import { importSPKI, jwtVerify, decodeProtectedHeader, errors, type JWTPayload } from 'jose';
import { json, type Answer } from '../support/answer';
import type { Simulator } from './simulator';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'];
const MOST_ASSERTION_SECONDS = 3_600;
const MS_PER_SECOND = 1_000;

export type Form = Readonly<Record<string, unknown>>;

/** A refusal of the token endpoint: RFC 6749, not the shape of the management API. */
class TokenRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    description: string
  ) {
    super(description);
  }
}

/** The org authorization server: client credentials with an assertion that the service app signed. */
export async function tokenAnswer(simulator: Simulator, form: Form, dpop: string | undefined): Promise<Answer> {
  try {
    await checkAssertion(simulator, form);
    const scopes = scopesOf(simulator, form);
    if (simulator.dpop && dpop === undefined) {
      throw new TokenRefusal(400, 'invalid_dpop_proof', 'The DPoP proof JWT header is missing.');
    }
    const token = simulator.newToken(scopes);
    const expires_in = simulator.tokenLifetimeSeconds;
    return json(200, { token_type: 'Bearer', expires_in, access_token: token, scope: scopes.join(' ') });
  } catch (error) {
    if (!(error instanceof TokenRefusal)) throw error;
    return json(error.status, { error: error.code, error_description: error.message });
  }
}

function scopesOf(simulator: Simulator, form: Form): readonly string[] {
  const { scope } = form;
  const asked = (typeof scope === 'string' ? scope : '').split(' ').filter((one) => one !== '');
  const refused = asked.find((one) => !simulator.scopes.has(one));
  if (asked.length === 0 || refused !== undefined) {
    throw new TokenRefusal(400, 'invalid_scope', 'One or more scopes are not configured for the authorization server.');
  }
  return asked;
}

async function checkAssertion(simulator: Simulator, form: Form): Promise<void> {
  if (form['grant_type'] !== 'client_credentials') {
    throw new TokenRefusal(400, 'unsupported_grant_type', 'The authorization grant type is not supported.');
  }
  if (form['client_assertion_type'] !== ASSERTION_TYPE || typeof form['client_assertion'] !== 'string') {
    throw new TokenRefusal(
      401,
      'invalid_client',
      'Client Credentials requests to the Org Authorization Server must use the private_key_jwt token_endpoint_auth_method.'
    );
  }
  checkClaims(simulator, await verified(simulator, form['client_assertion']));
}

async function verified(simulator: Simulator, assertion: string): Promise<JWTPayload> {
  try {
    const { kid, alg = '' } = decodeProtectedHeader(assertion);
    const key = simulator.keys.find((one) => one.kid === kid);
    if (key === undefined)
      throw new TokenRefusal(401, 'invalid_client', 'The client_assertion token has an unknown kid.');
    const { payload } = await jwtVerify(assertion, await importSPKI(key.publicKey, alg), {
      algorithms: ALGORITHMS,
      currentDate: new Date(simulator.now()),
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired)
      throw new TokenRefusal(401, 'invalid_client', 'The client_assertion token is expired.');
    if (error instanceof TokenRefusal) throw error;
    throw new TokenRefusal(401, 'invalid_client', 'The client_assertion signature is invalid.');
  }
}

function checkClaims(simulator: Simulator, claims: JWTPayload): void {
  const refuse = (description: string): never => {
    throw new TokenRefusal(401, 'invalid_client', description);
  };
  const { iss, sub, aud, exp, jti } = claims;
  if (iss !== simulator.clientId || sub !== iss)
    refuse("The issuer and subject of the client_assertion must be the client's id.");
  if (aud !== simulator.tokenUrl()) refuse('The audience of the client_assertion is invalid.');
  if (exp === undefined) return refuse('The client_assertion has no exp.');
  if (exp > simulator.now() / MS_PER_SECOND + MOST_ASSERTION_SECONDS)
    refuse('The client_assertion expires too far in the future.');
  if (jti === undefined) return;
  if (simulator.assertionsSeen.has(jti)) refuse('The client_assertion was used before.');
  simulator.assertionsSeen.add(jti);
}
