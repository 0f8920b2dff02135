export type ProviderErrorKind =
  'configuration' | 'authentication' | 'permission' | 'data' | 'rateLimited' | 'unavailable' | 'cursorExpired';

/** A failure of an identity provider, translated to Temporal at one place (activities/errors.ts). Messages hold no personal data. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  constructor(
    readonly kind: ProviderErrorKind,
    message: string,
    /** Milliseconds the provider asked to wait. */
    readonly retryAfterMs: number | null = null,
    options?: ErrorOptions
  ) {
    super(message, options);
  }
}
