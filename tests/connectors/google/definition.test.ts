import { generateKeyPairSync } from 'node:crypto';
import { googleDefinition } from '../../../connectors/google/definition';
import { mapAttribute } from '../../../domain/mapping';
import { keyFileWith, never, SERVICE_ACCOUNT_KEY, simulations } from './support';

const started = simulations();
const settings = { serviceAccountKey: SERVICE_ACCOUNT_KEY, adminEmail: 'admin@corp.example' };
const issueOf = (changes: Readonly<Record<string, unknown>>): string => {
  const issue = googleDefinition.settings.safeParse({ ...settings, ...changes }).error?.issues[0];
  return issue === undefined ? 'none' : `${issue.path.join('.')} ${issue.message}`;
};
const ecKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });

describe('the settings of google', () => {
  it('are complete after reading, and reading them again changes nothing', () => {
    const read = googleDefinition.settings.parse(settings);
    expect(read).toEqual({
      ...settings,
      ...{ customer: null, domain: null, nested: 'flatten', photos: false, memberCounts: 'check', quotaShare: 50 },
      ...{ baseUrl: 'https://admin.googleapis.com', tokenUrl: 'https://oauth2.googleapis.com/token', allowHttp: false },
    });
    expect(googleDefinition.settings.parse(read)).toEqual(read);
  });

  it.each([
    [{ serviceAccountKey: 'secret' }, 'whole JSON key file'],
    [{ serviceAccountKey: keyFileWith({ type: 'authorized_user' }) }, 'whole JSON key file'],
    [{ serviceAccountKey: keyFileWith({ private_key: ecKey }) }, 'whole JSON key file'],
    [{ adminEmail: 'admin' }, 'adminEmail must be an address'],
    [{ customer: 'corp' }, 'customer must be a customer id'],
    [{ domain: 'corp' }, 'domain must be a domain'],
    [{ customer: 'C01abc', domain: 'corp.example' }, 'exclude each other'],
    [{ baseUrl: 'http://google.example' }, 'baseUrl would send secrets unencrypted'],
    [{ tokenUrl: 'http://google.example/token' }, 'tokenUrl would send secrets unencrypted'],
    [{ nested: 'all' }, 'flatten, ignore'],
    [{ quotaShare: 101 }, 'quotaShare'],
    [{ adminMail: 'a@b' }, 'did you mean "adminEmail"?'],
  ])('refuse %j', (changes, words) => {
    expect(issueOf(changes)).toContain(words);
  });

  it.each([
    { baseUrl: 'http://localhost:1' },
    { domain: 'corp.example' },
    { customer: 'C01abc' },
    { nested: 'ignore' },
  ])('allow %j', (changes) => {
    expect(issueOf(changes)).toBe('none');
  });

  it('keep the key secret, and are another source with another customer or domain (rules 1.1)', () => {
    expect(googleDefinition.secrets).toEqual(['serviceAccountKey']);
    expect(googleDefinition.identityKeys).toEqual(['baseUrl', 'customer', 'domain']);
    const identityOf = (changes: Readonly<Record<string, unknown>>) =>
      googleDefinition.create(googleDefinition.settings.parse({ ...settings, ...changes })).identity();
    expect(identityOf({})).toBe(identityOf({ adminEmail: 'other@corp.example' }));
    expect(identityOf({})).not.toBe(identityOf({ adminEmail: 'admin@other.example' }));
    expect(identityOf({})).not.toBe(identityOf({ domain: 'corp.example' }));
    expect(identityOf({})).not.toContain('admin@');
  });

  it('share one budget an administrator and project', () => {
    const budgetOf = (changes: Readonly<Record<string, unknown>>) =>
      googleDefinition.budget?.(googleDefinition.settings.parse({ ...settings, ...changes }))?.connection;
    expect(budgetOf({})).toBe(budgetOf({ adminEmail: 'Admin@corp.example', domain: 'corp.example' }));
    expect(budgetOf({})).not.toBe(budgetOf({ adminEmail: 'other@corp.example' }));
    expect(budgetOf({})).not.toContain('corp.example');
  });
});

describe('the preset of google', () => {
  it('makes an account of a user without any mapping', async () => {
    const { provider, sim } = await started();
    await sim.change({
      users: [{ email: 'anna@example.com', givenName: 'Anna', familyName: 'Bell' }, { email: 'bo@example.com' }],
    });
    const { items } = await provider().listUsers(null, never);
    const mapped = items.map(({ record }) =>
      (['username', 'email', 'displayName'] as const).map((name) => {
        const attribute = mapAttribute(name, googleDefinition.preset[name], record);
        return attribute.kind === 'value' ? attribute.text : attribute.kind;
      })
    );
    expect(mapped).toEqual([
      ['anna@example.com', 'anna@example.com', 'Anna Bell'],
      ['bo@example.com', 'bo@example.com', 'bo@example.com'],
    ]);
  });
});

describe('the connection test', () => {
  const names = (steps: readonly { readonly name: string; readonly ok: boolean }[]) =>
    steps.map(({ name, ok }) => `${name} ${ok ? 'ok' : 'failed'}`);

  it('goes through login, users, groups, memberships and a sample, with names of attributes only', async () => {
    const { provider } = await started({ users: 30, groups: 4 });
    const steps = await provider().test(never);
    expect(names(steps)).toEqual(['login ok', 'users ok', 'groups ok', 'memberships ok', 'sample ok']);
    expect(steps.at(-1)?.detail).toContain('department, employeeNumber');
    expect(JSON.stringify(steps)).not.toContain('@example.com');
  });

  it.each([
    ['without delegation', { scopes: [] }, {}, 'Domain-wide delegation'],
    [
      'for an administrator who is none',
      {},
      { adminEmail: 'nobody@example.com' },
      'adminEmail is a user of the domain',
    ],
    [
      'with the key of another account',
      {},
      { serviceAccountKey: keyFileWith({ client_email: 'x@y' }) },
      'has this key',
    ],
  ])('stops %s, with the remedy', async (_what, options, changes, remedy) => {
    const { provider } = await started(options);
    const steps = await provider(changes).test(never);
    expect(names(steps)).toEqual(['login failed']);
    expect(steps[0]?.remedy).toContain(remedy);
  });

  it('tells a permission that lacks from too many requests, although both are 403', async () => {
    const { provider, sim } = await started({ users: 3, groups: 1 });
    await sim.addFault({ kind: 'api-disabled', match: { endpoint: 'GET /users' } });
    await sim.addFault({ kind: 'user-rate', match: { endpoint: 'GET /groups' } });
    const [, users, groups] = await provider().test(never);
    expect(users).toMatchObject({ ok: false, remedy: expect.stringContaining('Enable the Admin SDK API') });
    expect(groups).toMatchObject({ ok: false, remedy: 'Test again later.' });
  });

  it('ends where nobody answers', async () => {
    const { provider } = await started();
    const [unreachable] = await provider({ tokenUrl: 'http://127.0.0.1:1/token' }).test(never);
    expect(unreachable).toMatchObject({ ok: false, remedy: expect.stringContaining('reachable') });
  });
});
