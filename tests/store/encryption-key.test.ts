import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EncryptionKeyError, loadEncryptionKey } from '../../store/encryption-key';

describe('loadEncryptionKey', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-key-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const file = () => join(folder, 'data', 'encryption-key');
  const embedded = () => loadEncryptionKey({ dataDir: join(folder, 'data'), embedded: true });
  const configured = (value: string) => loadEncryptionKey({ dataDir: folder, configured: value, embedded: false });

  it('takes the same key in hex, base64 and base64url', async () => {
    const bytes = randomBytes(32);
    const forms = [bytes.toString('hex'), bytes.toString('base64'), ` ${bytes.toString('base64url')}\n`];
    for (const form of forms) expect((await configured(form)).bytes).toEqual(bytes);
    expect(new Set(await Promise.all(forms.map(async (form) => (await configured(form)).id))).size).toBe(1);
  });

  it('gives every key an id that tells nothing of it', async () => {
    const [a, b] = [randomBytes(32), randomBytes(32)].map((bytes) => bytes.toString('hex'));
    const ids = [(await configured(a!)).id, (await configured(b!)).id];
    expect(ids[0]).toMatch(/^[0-9a-f]{12}$/);
    expect(ids[0]).not.toBe(ids[1]);
    expect(a).not.toContain(ids[0]);
  });

  it.each([
    'short',
    'not base64 at all, but a sentence',
    randomBytes(31).toString('base64'),
    randomBytes(33).toString('hex'),
  ])('refuses %j without repeating it', async (value) => {
    const error: unknown = await configured(value).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EncryptionKeyError);
    expect(String(error)).toContain('ROLLCALL_ENCRYPTION_KEY must hold 32 bytes in base64 or hex');
    expect(String(error)).not.toContain(value);
  });

  it('must be configured elsewhere than on the embedded default', async () => {
    const loading = loadEncryptionKey({ dataDir: folder, embedded: false });
    await expect(loading).rejects.toThrow('ROLLCALL_ENCRYPTION_KEY is not set');
    await expect(configured('')).rejects.toThrow(EncryptionKeyError);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is generated once into the data folder, for its owner only', async () => {
    const first = await embedded();
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(first.bytes).toHaveLength(32);
    expect(await embedded()).toEqual(first);
    expect(readdirSync(join(folder, 'data'))).toEqual(['encryption-key']);
  });

  it('is one and the same for processes that start at once', async () => {
    const ids = (await Promise.all(Array.from({ length: 6 }, embedded))).map(({ id }) => id);
    expect(new Set(ids).size).toBe(1);
  });

  it('closes a key file that others may read, and refuses a broken one without a new key', async () => {
    await embedded();
    chmodSync(file(), 0o644);
    await embedded();
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    writeFileSync(file(), 'broken');
    await expect(embedded()).rejects.toThrow(EncryptionKeyError);
    expect(readFileSync(file(), 'utf8')).toBe('broken');
  });
});
