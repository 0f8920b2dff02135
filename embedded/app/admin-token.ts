import { randomBytes } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface AdminToken {
  readonly token: string;
  /** Where a person finds it. */
  readonly place: string;
}

const TOKEN_BYTES = 32;
const OWNER_ONLY = 0o600;

/**
 * The token of the environment, else the one of the data folder, which is made there with mode 0600 the first time.
 * Call it only by the owner of the data folder: two at once would make two.
 */
export async function adminToken(dataDir: string, configured: string | null): Promise<AdminToken> {
  if (configured !== null) return { token: configured, place: 'in ROLLCALL_ADMIN_TOKEN' };
  const place = join(dataDir, 'admin-token');
  const stored = (await readFile(place, 'utf8').catch(() => '')).trim();
  if (stored !== '') {
    await chmod(place, OWNER_ONLY);
    return { token: stored, place };
  }
  const token = randomBytes(TOKEN_BYTES).toString('hex');
  await writeFile(place, `${token}\n`, { mode: OWNER_ONLY });
  await chmod(place, OWNER_ONLY);
  return { token, place };
}
