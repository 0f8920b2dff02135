/** A credential of a source whose last day is known. */
export interface CredentialExpiry {
  /** "the client secret", "the certificate". */
  readonly credential: string;
  /** ISO time. */
  readonly expiresAt: string;
}

/** From so many days before its end on a credential is warned of. */
export const EXPIRY_WARNING_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * One sentence for a credential that has ended or ends within EXPIRY_WARNING_DAYS; null for all others.
 * @param now epoch milliseconds
 */
export function expiryWarning({ credential, expiresAt }: CredentialExpiry, now: number): string | null {
  const days = Math.floor((Date.parse(expiresAt) - now) / DAY_MS);
  const day = expiresAt.slice(0, 10);
  if (days < 0) return `${credential} of the source ended on ${day}: put a new one in place`;
  if (days > EXPIRY_WARNING_DAYS) return null;
  return `${credential} of the source ends on ${day}, in ${days} ${days === 1 ? 'day' : 'days'}: put a new one in place`;
}
