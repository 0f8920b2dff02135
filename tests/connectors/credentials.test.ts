import { generateKeyPairSync } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { signAssertion } from '../../connectors/clientAssertion';
import { expiryWarning } from '../../connectors/expiry';

describe('a client assertion', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = (type: 'pkcs1' | 'pkcs8') => privateKey.export({ type, format: 'pem' }).toString();
  const now = 1_800_000_000;
  const sign = (type: 'pkcs1' | 'pkcs8') =>
    signAssertion({
      algorithm: 'PS256',
      privateKey: pem(type),
      header: { 'x5t#S256': 'thumb' },
      clientId: 'app',
      audience: 'https://login.example/token',
      now,
    });

  it.each(['pkcs1', 'pkcs8'] as const)('is signed with PS256 by a key in the form %s', async (type) => {
    const token = await sign(type);
    const { payload } = await jwtVerify(token, publicKey, {
      audience: 'https://login.example/token',
      currentDate: new Date(now * 1_000),
    });
    expect(decodeProtectedHeader(token)).toEqual({ typ: 'JWT', alg: 'PS256', 'x5t#S256': 'thumb' });
    expect(payload).toMatchObject({ iss: 'app', sub: 'app', iat: now, exp: now + 300 });
  });

  it('is for one use: each has an id of its own', async () => {
    expect(await sign('pkcs8')).not.toBe(await sign('pkcs8'));
  });
});

describe('the end of a credential', () => {
  const now = Date.parse('2026-11-01T00:00:00Z');
  it.each([
    ['2026-12-02T00:00:00Z', null],
    ['2026-12-01T00:00:00Z', 'in 30 days'],
    ['2026-11-02T12:00:00Z', 'in 1 day:'],
    ['2026-10-31T00:00:00Z', 'ended on 2026-10-31'],
  ])('%s: %s', (expiresAt, expected) => {
    const warning = expiryWarning({ credential: 'the certificate', expiresAt }, now);
    if (expected === null) expect(warning).toBeNull();
    else expect(warning).toContain(expected);
  });
});
