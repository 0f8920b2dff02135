import { generateKeyPairSync } from 'node:crypto';
import { SignJWT, type JWTPayload } from 'jose';
import { createGoogleControl, type GoogleControl } from '../../../simulators/google/controlClient';
import { BASE } from '../../../simulators/google/endpoints';
import {
  DEFAULT_ADMIN,
  DEFAULT_CLIENT_EMAIL,
  DEFAULT_SCOPES,
  type GoogleSimulatorOptions,
} from '../../../simulators/google/options';
import { startGoogleSimulator } from '../../../simulators/google/start';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const PRIVATE_KEY = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
export const PUBLIC_KEY = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

export type Body = Readonly<Record<string, unknown>>;

export interface SimulatedGoogle {
  readonly url: string;
  readonly sim: GoogleControl;
  token(claims?: JWTPayload, grantType?: string): Promise<{ readonly status: number; readonly body: Body }>;
  /** Below the base of the API, as the administrator unless another token is given. */
  get(path: string, bearer?: string): Promise<{ readonly status: number; readonly body: Body }>;
}

/** Starts as many as a test asks for; everything is stopped after each test. */
export function googles(): (options?: GoogleSimulatorOptions) => Promise<SimulatedGoogle> {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });
  return async (options = {}) => {
    const google = await startGoogleSimulator({ publicKey: PUBLIC_KEY, ...options });
    stops.push(google.stop);
    const token: SimulatedGoogle['token'] = (claims, grantType) => askToken(google.url, claims, grantType);
    let own: string | null = null;
    const get: SimulatedGoogle['get'] = async (path, bearer) => {
      own ??= (await token()).body['access_token'] as string;
      const authorization = `Bearer ${bearer ?? own}`;
      const answer = await fetch(`${google.url}${BASE}${path}`, { headers: { authorization } });
      return { status: answer.status, body: (await answer.json()) as Body };
    };
    return { url: google.url, sim: createGoogleControl(google.url), token, get };
  };
}

async function askToken(url: string, claims: JWTPayload = {}, grantType = GRANT_TYPE) {
  const now = Math.floor(Date.now() / 1_000);
  const usual = {
    ...{ iss: DEFAULT_CLIENT_EMAIL, sub: DEFAULT_ADMIN, aud: `${url}/token`, scope: DEFAULT_SCOPES.join(' ') },
    ...{ iat: now, exp: now + 300 },
  };
  const assertion = await new SignJWT({ ...usual, ...claims })
    .setProtectedHeader({ alg: 'RS256' })
    .sign(pair.privateKey);
  const body = new URLSearchParams({ grant_type: grantType, assertion });
  const answer = await fetch(`${url}/token`, { method: 'POST', body });
  return { status: answer.status, body: (await answer.json()) as Body };
}
