import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { jwtVerify } from 'jose';
import { json, type Answer } from './answer';

interface TokenBookOptions {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly certificate?: string;
  readonly tokenLifetimeSeconds: number;
  readonly now: () => number;
}

/** Who may call: the token endpoint, and the tokens it gave out. */
export interface TokenBook {
  /** @param url of the endpoint, which an assertion has to name */
  readonly issue: (form: Readonly<Record<string, unknown>>, url: string, roles: readonly string[]) => Promise<Answer>;
  readonly isGood: (authorization: string | undefined) => boolean;
  readonly expireAll: () => void;
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const MS_PER_SECOND = 1_000;

export function createTokenBook(options: TokenBookOptions): TokenBook {
  const { clientId, clientSecret, certificate, tokenLifetimeSeconds, now } = options;
  const ends = new Map<string, number>();
  const usedAssertions = new Set<string>();

  const isProved = async (form: Readonly<Record<string, unknown>>, url: string): Promise<boolean> => {
    if (form['client_assertion_type'] !== ASSERTION_TYPE) return form['client_secret'] === clientSecret;
    if (certificate === undefined || typeof form['client_assertion'] !== 'string') return false;
    const { publicKey, raw } = new X509Certificate(certificate);
    try {
      const { payload, protectedHeader } = await jwtVerify(form['client_assertion'], publicKey, {
        ...{ algorithms: ['PS256'], issuer: clientId, subject: clientId, audience: url, typ: 'JWT' },
        currentDate: new Date(now()),
      });
      const thumbprint = createHash('sha256').update(raw).digest('base64url');
      const isFresh = typeof payload.jti === 'string' && !usedAssertions.has(payload.jti);
      usedAssertions.add(payload.jti ?? '');
      return isFresh && protectedHeader['x5t#S256'] === thumbprint;
    } catch {
      return false;
    }
  };

  return {
    issue: async (form, url, roles) => {
      if (form['grant_type'] !== 'client_credentials') return refused(400, 'unsupported_grant_type', 70003, now());
      if (!String(form['scope']).endsWith('/.default')) return refused(400, 'invalid_scope', 70011, now());
      if (form['client_id'] !== clientId) return refused(400, 'unauthorized_client', 700016, now());
      if (!(await isProved(form, url))) return refused(401, 'invalid_client', 7000215, now());
      const exp = Math.floor(now() / MS_PER_SECOND) + tokenLifetimeSeconds;
      const claims = { tid: options.tenantId, appid: clientId, roles, exp };
      const token =
        [{ typ: 'JWT', alg: 'RS256' }, claims].map(encoded).join('.') + `.${randomBytes(12).toString('base64url')}`;
      ends.set(token, exp * MS_PER_SECOND);
      return json({ token_type: 'Bearer', expires_in: tokenLifetimeSeconds, access_token: token });
    },
    isGood: (authorization) => {
      const [, token = ''] = /^Bearer (.+)$/.exec(authorization ?? '') ?? [];
      return (ends.get(token) ?? 0) > now();
    },
    expireAll: () => {
      ends.clear();
    },
  };
}

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

function refused(status: number, error: string, code: number, nowMs: number): Answer {
  const error_description = `AADSTS${code}: The simulator refuses.`;
  const timestamp = new Date(nowMs).toISOString();
  return json({ error, error_description, error_codes: [code], timestamp, trace_id: 't', correlation_id: 'c' }, status);
}
