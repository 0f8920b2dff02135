import { expiryWarning } from '../connectors/expiry';
import type { IdentityProvider } from '../connectors/provider';
import type { ActivityDeps } from './deps';

/** Measures the last days of a source's credentials, as far as they are known. */
export function measureCredentials({ metrics }: ActivityDeps, connector: string, provider: IdentityProvider): void {
  for (const { credential, expiresAt } of provider.expiries?.() ?? []) {
    metrics.credentialExpires({ connector, credential, at: Date.parse(expiresAt) / 1_000 });
  }
}

/** What a run says of credentials that have ended or end soon. */
export function credentialWarnings(deps: ActivityDeps, provider: IdentityProvider): readonly string[] {
  const today = deps.now().getTime();
  return (provider.expiries?.() ?? []).flatMap((expiry) => expiryWarning(expiry, today) ?? []);
}
