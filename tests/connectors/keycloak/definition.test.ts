import { keycloakDefinition } from '../../../connectors/keycloak/definition';
import { mapAttribute } from '../../../domain/mapping';
import { never, simulations } from './support';

const started = simulations();
const settings = {
  ...{ baseUrl: 'https://id.example.com/auth/', realm: 'corp', clientId: 'rollcall', clientSecret: 's' },
};
const problem = (changes: Readonly<Record<string, unknown>>): string =>
  keycloakDefinition.settings.safeParse({ ...settings, ...changes }).error?.issues[0]?.message ?? 'none';

describe('the settings of keycloak', () => {
  it('are complete after reading, and reading them again changes nothing', () => {
    const read = keycloakDefinition.settings.parse(settings);
    expect(read).toEqual({
      ...settings,
      ...{ baseUrl: 'https://id.example.com/auth', allowHttp: false, subGroupMembers: 'own' },
    });
    expect(keycloakDefinition.settings.parse(read)).toEqual(read);
  });

  it.each([
    [{ baseUrl: 'http://id.example.com' }, 'unencrypted'],
    [{ baseUrl: 'id.example.com' }, 'must be an address'],
    [{ baseUrl: 'https://u:p@id.example.com' }, 'must not hold credentials'],
    [{ baseUrl: 'https://id.example.com/realms/corp' }, 'must end before /realms'],
    [{ realm: 'a/b' }, 'slash'],
    [{ realm: '..' }, 'is not a name'],
    [{ clientSecret: '' }, ''],
    [{ roles: true }, 'not built yet'],
    [{ subGroupMembers: 'all' }, 'own, parents'],
    [{ clientSecrets: 'x' }, 'did you mean "clientSecret"?'],
  ])('refuse %j', (changes, words) => {
    expect(problem(changes)).not.toBe('none');
    expect(problem(changes)).toContain(words);
  });

  it.each([
    { baseUrl: 'http://127.0.0.1:8080' },
    { baseUrl: 'http://localhost:8080' },
    { baseUrl: 'http://id.example.com', allowHttp: true },
    { roles: false },
  ])('allow %j', (changes) => {
    expect(problem(changes)).toBe('none');
  });

  it('keep the secret secret, and are another source with another server or realm (rules 1.1)', () => {
    expect(keycloakDefinition.secrets).toEqual(['clientSecret']);
    expect(keycloakDefinition.identityKeys).toEqual(['baseUrl', 'realm']);
    const identityOf = (changes: Readonly<Record<string, unknown>>) =>
      keycloakDefinition.create(keycloakDefinition.settings.parse({ ...settings, ...changes })).identity();
    expect(identityOf({})).toBe(identityOf({ clientId: 'other', clientSecret: 'other' }));
    expect(identityOf({})).not.toBe(identityOf({ realm: 'other' }));
    expect(identityOf({})).not.toContain(settings.clientSecret + settings.clientId);
  });
});

describe('the preset of keycloak', () => {
  it('makes an account of a user without any mapping', async () => {
    const { provider, sim } = await started();
    const given = { email: 'anna@corp.example', firstName: 'Anna', lastName: 'Bell' };
    await sim.change({ users: [{ username: 'anna', ...given }, { username: 'bo' }] });
    const mapped = (await provider().listUsers(null, never)).items.map(({ record }) =>
      (['username', 'email', 'displayName'] as const).map((name) =>
        mapAttribute(name, keycloakDefinition.preset[name], record)
      )
    );
    expect(
      mapped.map((attributes) =>
        attributes.map((attribute) => (attribute.kind === 'value' ? attribute.text : attribute.kind))
      )
    ).toEqual([
      ['anna', 'anna@corp.example', 'Anna Bell'],
      ['bo', 'keep', 'bo'],
    ]);
  });
});

describe('the connection test', () => {
  const names = (steps: readonly { readonly name: string; readonly ok: boolean }[]) =>
    steps.map(({ name, ok }) => `${name} ${ok ? 'ok' : 'failed'}`);

  it('goes through server, login, users, groups, memberships and a sample, with names of attributes only', async () => {
    const { provider } = await started({ users: 30, groups: 4 });
    const steps = await provider().test(never);
    expect(names(steps)).toEqual(['server ok', 'login ok', 'users ok', 'groups ok', 'memberships ok', 'sample ok']);
    expect(steps[2]?.detail).toBe('30 users');
    expect(steps[5]?.detail).toContain('department, email');
    expect(JSON.stringify(steps)).not.toContain('@example.com');
  });

  it('says that users have no attributes of their own', async () => {
    const { provider, sim } = await started();
    await sim.change({ users: [{ username: 'anna' }] });
    expect((await provider().test(never)).at(-1)).toMatchObject({
      ok: true,
      remedy: expect.stringContaining('User profile'),
    });
  });

  it.each([
    [['query-users', 'query-groups'] as const, ['users failed', 'groups failed']],
    [['query-groups'] as const, ['users failed', 'groups failed']],
    [[] as const, ['users failed', 'groups failed']],
  ])('with the roles %j fails where they lack, and names the role', async (roles, failures) => {
    const { provider } = await started({ users: 3, groups: 2, roles });
    const steps = await provider().test(never);
    expect(names(steps)).toEqual(['server ok', 'login ok', ...failures]);
    for (const { remedy } of steps.slice(2)) expect(remedy).toContain('view-users');
  });

  it('stops where the next steps tell nothing', async () => {
    const { provider } = await started();
    expect(names(await provider({ realm: 'gone' }).test(never))).toEqual(['server failed']);
    expect(names(await provider({ clientSecret: 'wrong' }).test(never))).toEqual(['server ok', 'login failed']);
    const [unreachable] = await provider({ baseUrl: 'http://127.0.0.1:1' }).test(never);
    expect(unreachable?.remedy).toContain('reachable');
  });
});
