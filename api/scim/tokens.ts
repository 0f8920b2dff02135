import { createHash, randomBytes } from 'node:crypto';
import { ScimError } from '../../domain/scim/error';
import type { ScimToken, ScimTokenRepository } from '../../store/scim-store';

/** For so long a token that was found is believed without asking the store; a revoked one may work on until then. */
export const BELIEVED_MS = 5_000;
/** Last use is noted once in so long, so that a busy client costs no writes. */
const NOTED_EVERY_MS = 60_000;
const KEPT = 10_000;
const SECRET_BYTES = 32;
const ACCESS_PREFIX = 'rca';
export const ACCESS_SECONDS = 3_600;

/** What tokens are checked with. */
export interface TokenDependencies {
  readonly tokens: ScimTokenRepository;
  /** A keyed digest (store/secrets.ts). */
  readonly digest: (text: string) => string;
  readonly clock: () => Date;
}

/** A new secret, shown once: it is stored as its digest only. */
export const newSecret = (): string => `rcs_${randomBytes(SECRET_BYTES).toString('base64url')}`;
export const digestOf = (secret: string): string => createHash('sha256').update(secret, 'utf8').digest('hex');

export const isExpired = ({ expiresAt }: ScimToken, now: Date): boolean =>
  expiresAt !== null && Date.parse(expiresAt) <= now.getTime();

export function unauthorized(detail: string): ScimError {
  return new ScimError(401, null, detail);
}

interface Believed {
  readonly token: ScimToken | null;
  readonly until: number;
}

/** Checks the tokens of requests; keeps for a moment what the store said. */
export class TokenChecker {
  readonly #believed = new Map<string, Believed>();
  readonly #noted = new Map<string, number>();
  constructor(private readonly deps: TokenDependencies) {}

  /** @throws ScimError 401 unless the header has a valid token of this connector */
  async check(connectorId: string, header: string | undefined): Promise<void> {
    const secret = /^Bearer\s+([\x21-\x7e]{1,1024})\s*$/i.exec(header ?? '')?.[1];
    if (secret === undefined) throw unauthorized('Send the header "Authorization: Bearer <token>".');
    const token = secret.startsWith(`${ACCESS_PREFIX}.`)
      ? await this.#ofAccess(connectorId, secret)
      : await this.#of(digestOf(secret), () => this.deps.tokens.byDigest(digestOf(secret)));
    const isBearer = token?.kind === (secret.startsWith(`${ACCESS_PREFIX}.`) ? 'client' : 'bearer');
    if (token === null || token.connectorId !== connectorId || !isBearer || isExpired(token, this.deps.clock())) {
      throw unauthorized('The token is not valid for this address.');
    }
    await this.#note(token);
  }

  /** A token of the token endpoint; it is valid while the client's secret is. @returns it, with its life in seconds */
  issue(client: ScimToken): { readonly token: string; readonly seconds: number } {
    const expires = Math.floor(this.deps.clock().getTime() / 1_000) + ACCESS_SECONDS;
    return { token: this.#signed(client.connectorId, client.id, String(expires)), seconds: ACCESS_SECONDS };
  }

  #signed(connectorId: string, id: string, expires: string): string {
    const digest = this.deps.digest(`scim access ${connectorId} ${id} ${expires}`);
    return [ACCESS_PREFIX, id, expires, digest].join('.');
  }

  async #ofAccess(connectorId: string, secret: string): Promise<ScimToken | null> {
    const [, id = '', expires = ''] = secret.split('.');
    // Both sides are digests of what only this installation can make: comparing them tells nothing about the key.
    const isOurs = digestOf(this.#signed(connectorId, id, expires)) === digestOf(secret);
    if (!isOurs || Number(expires) * 1_000 <= this.deps.clock().getTime()) return null;
    return this.#of(`client ${connectorId} ${id}`, () => this.deps.tokens.get(connectorId, id));
  }

  async #of(key: string, find: () => Promise<ScimToken | null>): Promise<ScimToken | null> {
    const now = this.deps.clock().getTime();
    const known = this.#believed.get(key);
    if (known !== undefined && known.until > now) return known.token;
    const token = await find();
    if (this.#believed.size >= KEPT) this.#believed.clear();
    this.#believed.set(key, { token, until: now + BELIEVED_MS });
    return token;
  }

  async #note({ id }: ScimToken): Promise<void> {
    const now = this.deps.clock();
    if ((this.#noted.get(id) ?? 0) + NOTED_EVERY_MS > now.getTime()) return;
    this.#noted.set(id, now.getTime());
    await this.deps.tokens.used(id, now.toISOString());
  }
}
