import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { EncryptionKey } from '../../store/encryption-key';
import { createSecretBox, keepMasked, maskSecrets, openSecrets, sealSecrets, SecretError } from '../../store/secrets';

const key = (id: string): EncryptionKey => ({ id, bytes: randomBytes(32) });
const KEY = key('k1');
const box = createSecretBox([KEY]);
const CONTEXT = 'connector:corp';
const PATHS = [
  ['source', 'clientSecret'],
  ['source', 'account'],
  ['missing', 'secret'],
];
const config = {
  id: 'corp',
  source: { type: 'x', clientSecret: 'hunter2', account: { privateKey: 'pem', n: 1 }, user: 'ann' },
  groups: { map: { 'a.b': ['g'] } },
};
const sealed = sealSecrets(config, PATHS, box, CONTEXT);

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof SecretError) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('secrets of a configuration', () => {
  it('are not readable once sealed, and come back whole', () => {
    expect(JSON.stringify(sealed)).not.toMatch(/hunter2|pem/);
    expect(sealed['groups']).toEqual(config.groups);
    expect(openSecrets(sealed, box, CONTEXT)).toEqual(config);
  });

  it('are sealed differently every time', () => {
    expect(sealSecrets(config, PATHS, box, CONTEXT)).not.toEqual(sealed);
  });

  it('stay as they are when sealed already, absent or null', () => {
    expect(sealSecrets(sealed, PATHS, box, CONTEXT)).toEqual(sealed);
    const none = { source: { clientSecret: null } };
    expect(sealSecrets(none, PATHS, box, CONTEXT)).toEqual(none);
  });

  it('round-trip for any text and any JSON', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()), (secret) => {
        fc.pre(secret !== null && secret !== '(secret)' && JSON.stringify(secret) !== '{}');
        const written = JSON.parse(JSON.stringify({ token: secret })) as typeof config;
        fc.pre(!JSON.stringify(written).includes('$sealed'));
        const once = sealSecrets(written, [['token']], box, CONTEXT);
        expect(openSecrets(once, box, CONTEXT)).toEqual(written);
      })
    );
  });

  it('within lists are sealed by their place', () => {
    const servers = { servers: [{ token: 'one' }, { token: 'two' }] };
    const both = sealSecrets(servers, [['servers', '1', 'token']], box, CONTEXT);
    expect(JSON.stringify(both)).toContain('one');
    expect(JSON.stringify(both)).not.toContain('two');
    expect(openSecrets(both, box, CONTEXT)).toEqual(servers);
  });

  it('open in their own record and place only', () => {
    expect(messageOf(() => openSecrets(sealed, box, 'connector:other'))).toMatch(/belongs to another place/);
    const source = sealed['source'] as typeof config.source;
    const moved = { ...sealed, source: { ...source, user: source.clientSecret } };
    expect(messageOf(() => openSecrets(moved, box, CONTEXT))).toMatch(/'source\.user' was changed/);
  });

  it('do not open when a single character was changed', () => {
    const text = box.seal('hunter2', { recordId: CONTEXT, path: ['p'] });
    const parts = text.split('.');
    for (let part = 2; part < parts.length; part++) {
      const first = parts[part]!.startsWith('A') ? 'B' : 'A';
      const changed = parts.map((each, at) => (at === part ? first + each.slice(1) : each)).join('.');
      expect(() => box.open(changed, { recordId: CONTEXT, path: ['p'] })).toThrow(SecretError);
    }
  });

  it.each(['', 'v1', 'v1.k1.a.b', 'v2.k1.a.b.c', 'v1.k1.AAAA.AAAA.AAAA', 'hunter2'])(
    'refuse a text like %j',
    (text) => {
      expect(() => box.open(text, { recordId: CONTEXT, path: ['p'] })).toThrow(SecretError);
    }
  );

  it('name the key that is missing, and neither key nor value', () => {
    const other = createSecretBox([key('k2')]);
    const message = messageOf(() => openSecrets(sealed, other, CONTEXT));
    expect(message).toContain("'source.clientSecret' was encrypted with key k1, which is not configured");
    expect(message).not.toMatch(/hunter2/);
    const sameId = createSecretBox([{ ...key('k1') }]);
    expect(messageOf(() => openSecrets(sealed, sameId, CONTEXT))).not.toMatch(/hunter2/);
  });

  it('sealed under an old key open beside a new one, which seals from now on', () => {
    const rotated = createSecretBox([key('k2'), KEY]);
    expect(openSecrets(sealed, rotated, CONTEXT)).toEqual(config);
    expect(rotated.seal('x', { recordId: CONTEXT, path: [] })).toMatch(/^v1\.k2\./);
    expect(() => createSecretBox([])).toThrow(SecretError);
  });
});

describe('masking', () => {
  it('shows "(secret)" in place of every secret and nothing else', () => {
    expect(maskSecrets(sealed)).toEqual({
      ...config,
      source: { type: 'x', clientSecret: '(secret)', account: '(secret)', user: 'ann' },
    });
  });

  it('keeps the stored secrets when they are sent back masked, and takes new ones', () => {
    const sent = { ...config, id: 'renamed', source: { ...config.source, clientSecret: '(secret)', account: 'new' } };
    const saved = sealSecrets(keepMasked(sent, sealed), PATHS, box, CONTEXT);
    expect(openSecrets(saved, box, CONTEXT)).toEqual({
      ...sent,
      source: { ...sent.source, clientSecret: 'hunter2' },
    });
  });

  it('refuses the mask where no secret is stored, and leaves it where no secret belongs', () => {
    const sent = { source: { clientSecret: '(secret)' }, name: '(secret)' };
    const kept = keepMasked(sent, { source: {} });
    expect(kept).toEqual(sent);
    expect(messageOf(() => sealSecrets(kept, PATHS, box, CONTEXT))).toMatch(/'source\.clientSecret'.*no stored secret/);
    expect(sealSecrets({ name: '(secret)' }, PATHS, box, CONTEXT)).toEqual({ name: '(secret)' });
  });
});
