import { errors, importSPKI, jwtVerify, type JWTPayload } from 'jose';
import { json, type Answer } from '../support/answer';
import type { Simulator } from './simulator';

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const MOST_ASSERTION_SECONDS = 3_600;
const MS_PER_SECOND = 1_000;

export type Form = Readonly<Record<string, unknown>>;

/** A refusal of the token endpoint: RFC 6749, not the shape of the API. */
class TokenRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    description: string
  ) {
    super(description);
  }
}

/** A token for whom the service account stands for, if the domain has delegated all the scopes. */
export async function tokenAnswer(simulator: Simulator, form: Form): Promise<Answer> {
  try {
    const { grant_type, assertion } = form;
    if (grant_type !== GRANT_TYPE || typeof assertion !== 'string') {
      throw new TokenRefusal(400, 'unsupported_grant_type', 'Invalid grant_type');
    }
    const { subject, scopes } = delegated(simulator, await verified(simulator, assertion));
    const expires_in = simulator.tokenLifetimeSeconds;
    return json(200, { access_token: simulator.newToken(subject, scopes), expires_in, token_type: 'Bearer' });
  } catch (error) {
    if (!(error instanceof TokenRefusal)) throw error;
    return json(error.status, { error: error.code, error_description: error.message });
  }
}

async function verified(simulator: Simulator, assertion: string): Promise<JWTPayload> {
  const grant = (description: string): TokenRefusal => new TokenRefusal(400, 'invalid_grant', description);
  const { publicKey, clientEmail } = simulator;
  if (publicKey === null) throw grant('Invalid JWT Signature.');
  try {
    const options = { algorithms: ['RS256'], currentDate: new Date(simulator.now()) };
    const { payload } = await jwtVerify(assertion, await importSPKI(publicKey, 'RS256'), options);
    if (payload.iss !== clientEmail) throw grant('Invalid grant: account not found');
    if (payload.aud !== simulator.tokenUrl()) throw new TokenRefusal(401, 'invalid_client', 'Invalid audience.');
    const { iat = 0, exp = Number.POSITIVE_INFINITY } = payload;
    const now = simulator.now() / MS_PER_SECOND;
    if (exp - iat > MOST_ASSERTION_SECONDS || exp > now + MOST_ASSERTION_SECONDS) {
      throw grant('Invalid JWT: Token must be a short-lived token (60 minutes)');
    }
    return payload;
  } catch (error) {
    if (error instanceof TokenRefusal) throw error;
    throw grant(error instanceof errors.JWTExpired ? 'Invalid JWT: Token is expired.' : 'Invalid JWT Signature.');
  }
}

function delegated(simulator: Simulator, claims: JWTPayload): { subject: string; scopes: readonly string[] } {
  const scope = claims['scope'];
  const scopes = (typeof scope === 'string' ? scope : '').split(' ').filter((one) => one !== '');
  if (scopes.length === 0) throw new TokenRefusal(400, 'invalid_scope', 'Empty or missing scope not allowed.');
  if (!scopes.every((one) => simulator.scopes.has(one))) {
    throw new TokenRefusal(
      401,
      'unauthorized_client',
      'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.'
    );
  }
  const subject = claims.sub?.toLowerCase() ?? '';
  if (!simulator.isKnown(subject)) throw new TokenRefusal(400, 'invalid_grant', 'Invalid email or User ID');
  return { subject, scopes };
}
