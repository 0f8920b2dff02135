import { anySignal, providerOf, temporaryFolder } from './support';

const USERS = [
  'id,username,email,groups',
  '1,ada,Ada@example.com,dev;ops',
  '2,Grace,grace@example.com,dev',
  '3,twin,same@example.com,',
  '4,other,SAME@example.com,',
  '5,third,same@example.com,',
  '',
].join('\n');

describe('one person of a file', () => {
  const folder = temporaryFolder();

  it.each([
    ['username', 'ADA', ['1']],
    ['username', ' grace ', ['2']],
    ['email', 'ada@EXAMPLE.com', ['1']],
    ['email', 'same@example.com', ['3', '4']],
    ['email', 'ada', []],
    ['username', 'nobody', []],
  ] as const)('is found by %s %s: %j', async (by, value, ids) => {
    const provider = providerOf(folder, { 'users.csv': USERS });
    expect((await provider.findUsers(by, value, anySignal())).map((user) => user.externalId)).toEqual(ids);
  });

  it('is not found by a column that the file lacks', async () => {
    const provider = providerOf(folder, { 'users.csv': 'id,username\n1,ada\n' });
    expect(await provider.findUsers('email', 'ada', anySignal())).toEqual([]);
  });

  it('is found in JSON by what the mapping makes of a number, and not by an empty value', async () => {
    const json = '[{"id":"1","username":1001,"email":""},{"id":"2","username":"x"}]';
    const provider = providerOf(folder, { 'users.json': json });
    expect((await provider.findUsers('username', '1001', anySignal())).map((user) => user.externalId)).toEqual(['1']);
    expect(await provider.findUsers('email', '', anySignal())).toEqual([]);
  });

  it('has the groups that his row names', async () => {
    const provider = providerOf(folder, { 'users.csv': USERS });
    expect(await provider.groupsOf('1', anySignal())).toEqual([
      { externalId: 'dev', name: 'dev', attributes: {} },
      { externalId: 'ops', name: 'ops', attributes: {} },
    ]);
    expect(await provider.groupsOf('3', anySignal())).toEqual([]);
    expect(await provider.groupsOf('none', anySignal())).toEqual([]);
  });

  it('has the groups of the memberships file, with what the groups file says of them', async () => {
    const provider = providerOf(folder, {
      'users.csv': 'id,username\n1,ada\n',
      'groups.csv': 'id,name,kind\ng1,Developers,security\ng2,Operations,mail\ng3,Others,mail\n',
      'memberships.csv': 'group,user\ng3,2\ng2,1\ng1,1\ng1,2\ng2,1\n',
    });
    expect(await provider.groupsOf('1', anySignal())).toEqual([
      { externalId: 'g1', name: 'Developers', attributes: { kind: 'security' } },
      { externalId: 'g2', name: 'Operations', attributes: { kind: 'mail' } },
    ]);
  });

  it('has the same groups as the listings give', async () => {
    const provider = providerOf(folder, { 'users.csv': USERS });
    const { items } = await provider.listMemberships(null, anySignal());
    for (const id of ['1', '2', '3']) {
      const listed = items.flatMap(({ record }) => (record.userId === id ? record.groupId : []));
      const own = await provider.groupsOf(id, anySignal());
      expect(own).toEqual(listed.map((name) => ({ externalId: name, name, attributes: {} })));
    }
  });
});
