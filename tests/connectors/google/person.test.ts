import type { IdentityProvider } from '../../../connectors/provider';
import { never, simulations } from './support';

const started = simulations();
const ABSENT = '100000000000000000000';
const email = 'Ada.Bell@example.com';

async function idOf(provider: IdentityProvider): Promise<string> {
  const [found] = await provider.findUsers('username', email, never);
  return found!.externalId;
}
const namesOf = (groups: readonly { readonly name: string }[] | 'unknown'): readonly string[] | 'unknown' =>
  groups === 'unknown' ? groups : groups.map(({ name }) => name).sort();

describe('one person of a domain', () => {
  it.each([
    ['username', 'ADA.bell@example.com', [email]],
    ['email', ' Ada.Bell@example.com ', [email]],
    ['email', 'ada@example.com', []],
    ['email', "o'neill@example.com", []],
    ['username', 'ada', []],
    ['email', ' ', []],
  ] as const)('is found by %s %s: %j, by the address of her own and no alias', async (by, value, expected) => {
    const { provider, sim } = await started({ users: 20 });
    await sim.change({ users: [{ email, aliases: ['ada@example.com'] }] });
    const found = await provider().findUsers(by, value, never);
    expect(found.map(({ attributes }) => attributes['primaryEmail'])).toEqual(expected);
  });

  it('has the groups above her own where nested groups count, each level in a request a group', async () => {
    const { provider, sim } = await started();
    await sim.change({
      users: [{ email, groups: ['inner@example.com', 'other@example.com'] }],
      groups: [
        { email: 'middle@example.com', groups: ['inner@example.com'] },
        { email: 'outer@example.com', groups: ['middle@example.com', 'other@example.com'] },
      ],
    });
    const id = await idOf(provider());
    expect(namesOf(await provider().groupsOf(id, never))).toEqual(['inner', 'middle', 'other', 'outer']);
    expect(namesOf(await provider({ nested: 'ignore' }).groupsOf(id, never))).toEqual(['inner', 'other']);
  });

  it('has unknown groups when gone, and without the permission', async () => {
    const { provider, sim } = await started();
    expect(await provider().groupsOf(ABSENT, never)).toBe('unknown');
    await sim.addFault({ kind: 'forbidden', match: { endpoint: 'GET /groups' } });
    expect(await provider().groupsOf(ABSENT, never)).toBe('unknown');
  });
});

describe('looking up by id', () => {
  it('tells found, absent and unknown apart; who was deleted is absent', async () => {
    const { provider, sim } = await started();
    await sim.change({ users: [{ email, suspended: true }], groups: [{ email: 'team@example.com' }] });
    const id = await idOf(provider());
    const found = await provider().lookUpUsers([id, ABSENT, email], never);
    expect(found.get(id)).toMatchObject({ found: { externalId: id, active: false } });
    expect([found.get(ABSENT), found.get(email)]).toEqual(['absent', 'unknown']);
    expect((await provider().lookUpGroups([ABSENT], never)).get(ABSENT)).toBe('absent');
    await sim.change({ users: [{ email, delete: true }] });
    expect((await provider().lookUpUsers([id], never)).get(id)).toBe('absent');
  });

  it.each(['forbidden', 'html-404'] as const)('takes %s for unknown', async (kind) => {
    const { provider, sim } = await started();
    await sim.addFault({ kind, match: { method: 'GET' } });
    expect((await provider().lookUpUsers([ABSENT], never)).get(ABSENT)).toBe('unknown');
    expect((await provider().lookUpGroups([ABSENT], never)).get(ABSENT)).toBe('unknown');
  });

  it.each(['http500', 'user-rate', 'quota', 'drop', 'html-200'] as const)('never answers after %s', async (kind) => {
    const { provider, sim } = await started();
    await sim.addFault({ kind, match: { method: 'GET' } });
    await expect(provider().lookUpUsers([ABSENT], never)).rejects.toMatchObject({ name: 'ProviderError' });
    await expect(provider().lookUpUsers(new Array(201).fill('x'), never)).rejects.toThrow(RangeError);
  });
});
