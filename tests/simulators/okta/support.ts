import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { SignJWT, type JWTPayload } from 'jose';
import { createOktaControl, type OktaControl } from '../../../simulators/okta/controlClient';
import { DEFAULT_CLIENT_ID, type OktaSimulatorOptions } from '../../../simulators/okta/options';
import { startOktaSimulator } from '../../../simulators/okta/start';

export const KEY_ID = 'key-1';
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const PRIVATE_KEY = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
export const REGISTERED_KEYS = [
  { kid: KEY_ID, publicKey: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString() },
];
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** The answer of a simulated Okta. Header lines of one name stay apart. */
export interface Answered {
  readonly status: number;
  readonly body: unknown;
  readonly header: (name: string) => string | null;
  readonly links: readonly string[];
  /** Path and query of the next page. */
  readonly next: string | null;
}

export interface SimulatedOkta {
  readonly url: string;
  readonly sim: OktaControl;
  get(path: string, authorization?: string): Promise<Answered>;
  rows(path: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  token(changes?: TokenChanges): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }>;
}

export interface TokenChanges {
  readonly claims?: JWTPayload;
  readonly kid?: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly assertion?: string;
}

/** Starts as many as a test asks for; everything is stopped after each test. */
export function oktas(): (options?: OktaSimulatorOptions) => Promise<SimulatedOkta> {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });
  return async (options = {}) => {
    const okta = await startOktaSimulator({ keys: REGISTERED_KEYS, ...options });
    stops.push(okta.stop);
    const get = (path: string, authorization = 'SSWS sim-token') => ask(`${okta.url}${path}`, authorization);
    return {
      url: okta.url,
      sim: createOktaControl(okta.url),
      get,
      rows: async (path) => (await get(path)).body as readonly Readonly<Record<string, unknown>>[],
      token: (changes) => askToken(okta.url, changes),
    };
  };
}

async function ask(url: string, authorization: string): Promise<Answered> {
  const answer = await fetch(url, { headers: { authorization } });
  const text = await answer.text();
  const links = (answer.headers.get('link') ?? '').split(', ').filter((link) => link !== '');
  const next = links.map((link) => /^<https?:\/\/[^/]+(.*)>; rel="next"$/.exec(link)?.[1]).find((path) => path);
  return {
    status: answer.status,
    body: JSON.parse(text) as unknown,
    header: (name) => answer.headers.get(name),
    links,
    next: next ?? null,
  };
}

export async function signed(audience: string, claims: JWTPayload = {}, kid = KEY_ID): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const usual = { iss: DEFAULT_CLIENT_ID, sub: DEFAULT_CLIENT_ID, aud: audience, jti: randomUUID(), exp: now + 300 };
  return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: 'RS256', kid }).sign(pair.privateKey);
}

async function askToken(url: string, { claims, kid, form, assertion }: TokenChanges = {}) {
  const audience = `${url}/oauth2/v1/token`;
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    scope: 'okta.users.read',
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: assertion ?? (await signed(audience, claims, kid)),
    ...form,
  });
  const answer = await fetch(audience, { method: 'POST', body });
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> };
}
