import { randomUUID, X509Certificate, createHash, createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';

/** The value of `client_assertion_type` (RFC 7523, 2.2). */
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
export const ASSERTION_ALGORITHMS = ['PS256', 'RS256', 'ES256'] as const;

export interface AssertionInput {
  readonly algorithm: (typeof ASSERTION_ALGORITHMS)[number];
  /** PEM, PKCS#8 or PKCS#1. */
  readonly privateKey: string;
  /** What names the key to the other side: `kid`, or `x5t#S256` of a certificate. */
  readonly header: Readonly<Record<string, string>>;
  /** `iss` and `sub` are the client's own id unless these say otherwise. */
  readonly clientId: string;
  readonly audience: string;
  /** Further claims, and others than the usual ones. */
  readonly claims?: Readonly<Record<string, string>>;
  /** Epoch seconds. */
  readonly now: number;
}

/** Both clocks may differ by a minute; longer lives help only who steals one. */
const LIFETIME_SECONDS = 300;
const CLOCK_SECONDS = 60;

/** A signed statement that this is the client, in place of a secret (RFC 7523); each is for one use. */
export async function signAssertion(input: AssertionInput): Promise<string> {
  const { algorithm, header, clientId, audience, claims = {}, now } = input;
  const statement = { iss: clientId, sub: clientId, aud: audience, jti: randomUUID(), ...claims };
  return new SignJWT({ ...statement, iat: now, nbf: now - CLOCK_SECONDS, exp: now + LIFETIME_SECONDS })
    .setProtectedHeader({ typ: 'JWT', ...header, alg: algorithm })
    .sign(createPrivateKey(input.privateKey));
}

/** How a certificate is named in an assertion: base64url of the SHA-256 of its DER form. */
export function certificateThumbprint(certificate: string): string {
  return createHash('sha256').update(new X509Certificate(certificate).raw).digest('base64url');
}

/** The end of a certificate's validity. */
export function certificateEnd(certificate: string): Date {
  return new Date(new X509Certificate(certificate).validTo);
}
