import { ConfigurationError } from '../../config/errors';

/** What a check needs of an identity provider (connectors/provider.ts). */
export interface CheckableSource {
  test(
    signal: AbortSignal
  ): Promise<readonly { readonly ok: boolean; readonly detail: string; readonly remedy: string | null }[]>;
  listUsers(cursor: string | null, signal: AbortSignal): Promise<{ readonly cursor: string | null }>;
  close(): Promise<void>;
}

const isProviderError = (error: unknown): error is Error => error instanceof Error && error.name === 'ProviderError';

/**
 * Reads a file of users to its end, so that a wrong row is told before anything is started.
 * @throws ConfigurationError
 */
export async function checkUsersFile(source: CheckableSource): Promise<void> {
  const { signal } = new AbortController();
  try {
    const wrong = (await source.test(signal)).filter(({ ok }) => !ok);
    if (wrong.length > 0) {
      throw new ConfigurationError(
        wrong.map(({ detail, remedy }) => ({ path: '', message: remedy === null ? detail : `${detail}. ${remedy}` }))
      );
    }
    let cursor: string | null = null;
    do {
      cursor = (await source.listUsers(cursor, signal)).cursor;
    } while (cursor !== null);
  } catch (error) {
    if (!isProviderError(error)) throw error;
    throw new ConfigurationError([{ path: '', message: error.message }], { cause: error });
  } finally {
    await source.close();
  }
}
