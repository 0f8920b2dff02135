import { generateKeyPairSync } from 'node:crypto';
import { oktaDefinition } from '../../../connectors/okta/definition';
import { mapAttribute } from '../../../domain/mapping';
import { API_TOKEN, never, SERVICE_APP, simulations } from './support';

const started = simulations();
const settings = { baseUrl: 'https://corp.okta.com/', ...SERVICE_APP };
const issueOf = (changes: Readonly<Record<string, unknown>>): string => {
  const issue = oktaDefinition.settings.safeParse({ ...settings, ...changes }).error?.issues[0];
  return issue === undefined ? 'none' : `${issue.path.join('.')} ${issue.message}`;
};
const pem = (type: 'ec' | 'ed25519', namedCurve = 'P-256'): string => {
  const { privateKey } = type === 'ec' ? generateKeyPairSync('ec', { namedCurve }) : generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
};

describe('the settings of okta', () => {
  it('are complete after reading, and reading them again changes nothing', () => {
    const read = oktaDefinition.settings.parse(settings);
    expect(read).toEqual({
      ...{ baseUrl: 'https://corp.okta.com', ...SERVICE_APP, privateKey: SERVICE_APP.privateKey.trim() },
      ...{ apiToken: null, allowHttp: false, pending: 'inactive', deprovisioned: false },
      ...{ groupTypes: ['OKTA_GROUP', 'APP_GROUP'], excludeApps: [], memberCounts: 'check', quotaShare: 50 },
    });
    expect(oktaDefinition.settings.parse(read)).toEqual(read);
  });

  it.each([
    [{ baseUrl: 'http://corp.okta.com' }, 'baseUrl would send secrets unencrypted'],
    [{ baseUrl: 'https://corp-admin.okta.com' }, 'leave out "-admin"'],
    [{ baseUrl: 'https://corp.okta.com/api/v1' }, 'address of the org alone'],
    [{ privateKey: 'secret' }, 'privateKey must be a private key as PEM'],
    [{ privateKey: pem('ed25519') }, 'RSA or EC P-256'],
    [{ privateKey: pem('ec', 'P-384') }, 'RSA or EC P-256'],
    [{ apiToken: 'x' }, 'apiToken and a service app exclude each other'],
    [{ keyId: null }, 'keyId is missing'],
    [{ clientId: null, keyId: null, privateKey: null }, 'clientId is missing'],
    [{ groupTypes: [] }, 'groupTypes'],
    [{ groupTypes: ['AD_GROUP'] }, 'OKTA_GROUP, APP_GROUP, BUILT_IN'],
    [{ pending: 'maybe' }, 'active, inactive'],
    [{ quotaShare: 0 }, 'quotaShare'],
    [{ apiTokn: 'x' }, 'did you mean "apiToken"?'],
  ])('refuse %j', (changes, words) => {
    expect(issueOf(changes)).toContain(words);
  });

  it.each([
    { privateKey: pem('ec') },
    { privateKey: SERVICE_APP.privateKey.replaceAll('\n', '\\n') },
    API_TOKEN,
    { baseUrl: 'http://127.0.0.1:8087' },
    { baseUrl: 'http://corp.example.com', allowHttp: true },
  ])('allow %#', (changes) => {
    expect(issueOf(changes)).toBe('none');
  });

  it('keep secrets secret, and are another source with another org (rules 1.1)', () => {
    expect(oktaDefinition.secrets).toEqual(['privateKey', 'apiToken']);
    expect(oktaDefinition.identityKeys).toEqual(['baseUrl']);
    const identityOf = (changes: Readonly<Record<string, unknown>>) =>
      oktaDefinition.create(oktaDefinition.settings.parse({ ...settings, ...changes })).identity();
    expect(identityOf({})).toBe(identityOf(API_TOKEN));
    expect(identityOf({})).not.toBe(identityOf({ baseUrl: 'https://other.okta.com' }));
  });

  it('share one budget an org, whatever the credential', () => {
    const budgetOf = (changes: Readonly<Record<string, unknown>>) =>
      oktaDefinition.budget?.(oktaDefinition.settings.parse({ ...settings, ...changes }))?.connection;
    expect(budgetOf({})).toBe(budgetOf(API_TOKEN));
    expect(budgetOf({})).not.toBe(budgetOf({ baseUrl: 'https://other.okta.com' }));
  });
});

describe('the preset of okta', () => {
  it('makes an account of a user without any mapping', async () => {
    const { provider, sim } = await started();
    await sim.change({
      users: [
        { login: 'anna@corp.example', profile: { firstName: 'Anna', lastName: 'Bell', email: 'a.bell@corp.example' } },
        { login: 'bo@corp.example', profile: { email: null } },
        { login: 'cy@corp.example', profile: { displayName: 'Cy the Great', firstName: 'Cy' } },
      ],
    });
    const { items } = await provider().listUsers(null, never);
    const mapped = items.map(({ record }) =>
      (['username', 'email', 'displayName'] as const).map((name) => {
        const attribute = mapAttribute(name, oktaDefinition.preset[name], record);
        return attribute.kind === 'value' ? attribute.text : attribute.kind;
      })
    );
    expect(mapped).toEqual([
      ['anna@corp.example', 'a.bell@corp.example', 'Anna Bell'],
      ['bo@corp.example', 'keep', 'bo@corp.example'],
      ['cy@corp.example', 'cy@corp.example', 'Cy the Great'],
    ]);
  });
});

describe('the connection test', () => {
  const names = (steps: readonly { readonly name: string; readonly ok: boolean }[]) =>
    steps.map(({ name, ok }) => `${name} ${ok ? 'ok' : 'failed'}`);

  it.each([
    ['a service app', {}],
    ['an API token', API_TOKEN],
  ])('goes through all steps with %s, with names of attributes only', async (_what, credential) => {
    const { provider } = await started({ users: 30, groups: 4 });
    const steps = await provider(credential).test(never);
    const expected = ['server ok', 'login ok', 'users ok', 'groups ok', 'memberships ok', 'role ok', 'sample ok'];
    expect(names(steps)).toEqual(expected);
    expect(steps.at(-1)?.detail).toContain('department, displayName, email');
    expect(steps.map(({ remedy }) => remedy)).toEqual(expected.map(() => null));
    expect(JSON.stringify(steps)).not.toContain('@example.com');
  });

  it('warns of a role that sees a part of the org only', async () => {
    const { provider } = await started({ users: 30, groups: 4, role: 'HELP_DESK_ADMIN' });
    const role = (await provider().test(never)).find(({ name }) => name === 'role');
    expect(role).toMatchObject({ ok: true, detail: 'Help Desk Administrator; the group Everyone is not seen' });
    expect(role?.remedy).toContain('Read-Only Administrator, without limits');
  });

  it('says when the role cannot be seen, and which scope shows it', async () => {
    const { provider } = await started({ users: 3, scopes: ['okta.users.read', 'okta.groups.read'] });
    const role = (await provider().test(never)).find(({ name }) => name === 'role');
    expect(role).toMatchObject({ ok: true, remedy: expect.stringContaining('okta.roles.read') });
  });

  it.each([
    ['a key that is not registered', { keyId: 'other' }, 'public key with the id other'],
    ['a client that is not registered', { clientId: 'other' }, 'public key'],
    ['an API token that is not one', { ...API_TOKEN, apiToken: 'revoked' }, 'Create another API token'],
  ])('stops at %s', async (_what, changes, remedy) => {
    const { provider } = await started();
    const steps = await provider(changes).test(never);
    expect(names(steps)).toEqual(['server ok', 'login failed']);
    expect(steps[1]?.remedy).toContain(remedy);
  });

  it('names the scopes that lack, and how to switch off DPoP', async () => {
    const { provider, sim } = await started({ scopes: ['okta.users.read'] });
    expect((await provider().test(never))[1]).toMatchObject({
      detail: expect.stringContaining('okta.groups.read'),
      remedy: expect.stringContaining('Okta API Scopes'),
    });
    await sim.change({ scopes: ['okta.users.read', 'okta.groups.read'], dpop: true });
    expect((await provider().test(never))[1]).toMatchObject({
      detail: expect.stringContaining('Require Demonstrating Proof of Possession'),
      remedy: expect.stringContaining('Switch DPoP off'),
    });
  });

  it('says what is refused and what is temporary', async () => {
    const { provider, sim } = await started({ users: 3, groups: 1 });
    await sim.addFault({ kind: 'forbidden', match: { endpoint: 'GET /api/v1/users' } });
    await sim.addFault({ kind: 'rate-limit', match: { endpoint: 'GET /api/v1/groups' } });
    const [, , users, groups] = await provider().test(never);
    expect(users?.remedy).toContain('Give an admin role that sees users');
    expect(groups?.remedy).toBe('Test again later.');
  });

  it('ends where nobody answers', async () => {
    const { provider } = await started();
    const [unreachable] = await provider({ baseUrl: 'http://127.0.0.1:1' }).test(never);
    expect(unreachable).toMatchObject({ ok: false, remedy: expect.stringContaining('reachable') });
  });
});
