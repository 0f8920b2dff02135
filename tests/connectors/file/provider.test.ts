import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileDefinition } from '../../../connectors/file/definition';
import { LOOK_UP_LIMIT } from '../../../connectors/provider';
import { allPages, anySignal, csvText, providerOf, recordsOf, refusal, temporaryFolder } from './support';

const folder = temporaryFolder();

const PEOPLE = `id,username,email,givenName,surname,active,groups
1001,amara,amara@example.com,Amara,Nwosu,true,team-a;team-b
1002,Björn,bjorn@example.com,Björn,,no,
1003,chen,chen@example.com,,,YES, team-b ;;team-b;Ωμέγα
`;

describe('users', () => {
  it('have every column but id, active and groups as an attribute, and a full name', async () => {
    const provider = providerOf(folder, { 'users.csv': PEOPLE });
    const page = await provider.listUsers(null, anySignal());
    expect(page.cursor).toBeNull();
    expect(page.items[0]).toEqual({
      place: 'users.csv line 2',
      record: {
        externalId: '1001',
        active: true,
        attributes: {
          username: 'amara',
          email: 'amara@example.com',
          givenName: 'Amara',
          surname: 'Nwosu',
          fullName: 'Amara Nwosu',
        },
      },
    });
    expect(page.items.map(({ record }) => record.active)).toEqual([true, false, true]);
    expect(page.items.map(({ record }) => record.attributes['fullName'])).toEqual(['Amara Nwosu', 'Björn', undefined]);
  });

  it('keep a column fullName of their own', async () => {
    const provider = providerOf(folder, { 'users.csv': 'id,username,givenName,fullName\n1,a,Ann,Dr Ann\n' });
    expect((await provider.listUsers(null, anySignal())).items[0]?.record.attributes['fullName']).toBe('Dr Ann');
  });

  it('are active where there is no column active', async () => {
    const provider = providerOf(folder, { 'users.csv': 'id,username\n1,a\n' });
    expect((await provider.listUsers(null, anySignal())).items[0]?.record.active).toBe(true);
  });

  it('come from JSON with values of every kind', async () => {
    const users = [
      { id: 7, username: 'a', active: false, groups: ['x', 'y', 'x'], address: { city: 'Köln' }, tags: [1, null] },
      { id: ' 8 ', username: 'b', active: 1, groups: 'x;z' },
      { id: '9', username: 'c' },
    ];
    const provider = providerOf(folder, { 'users.json': JSON.stringify(users) });
    const { items } = await provider.listUsers(null, anySignal());
    expect(items.map(({ record }) => [record.externalId, record.active])).toEqual([
      ['7', false],
      ['8', true],
      ['9', true],
    ]);
    expect(items[0]?.record.attributes).toEqual({ username: 'a', address: { city: 'Köln' }, tags: [1, null] });
    const memberships = await provider.listMemberships(null, anySignal());
    expect(memberships.items.map(({ record }) => `${record.groupId}:${record.userId}`)).toEqual([
      'x:7',
      'y:7',
      'x:8',
      'z:8',
    ]);
  });

  it('may be none', async () => {
    for (const files of [{ 'users.csv': 'id,username\n' }, { 'users.json': ' [ ] ' }]) {
      expect(await providerOf(folder, files).listUsers(null, anySignal())).toEqual({ items: [], cursor: null });
    }
  });

  it('are read whatever the delimiter', async () => {
    for (const delimiter of [',', ';', '\t']) {
      const text = csvText(
        [
          ['id', 'username', 'title, full'],
          ['1', 'a', 'x,y;z'],
        ],
        { delimiter }
      );
      const { items } = await providerOf(folder, { 'users.csv': text }).listUsers(null, anySignal());
      expect(items[0]?.record.attributes).toEqual({ username: 'a', 'title, full': 'x,y;z' });
    }
  });

  it('promise that an id stands once, and name the line of each for whoever checks it', async () => {
    const provider = providerOf(folder, { 'users.csv': 'id,username\n1,a\n 1 ,b\n' });
    expect(provider.capabilities.refusesDuplicates).toBe(true);
    const { items } = await provider.listUsers(null, anySignal());
    expect(items.map(({ record, place }) => [record.externalId, place])).toEqual([
      ['1', 'users.csv line 2'],
      ['1', 'users.csv line 3'],
    ]);
  });
});

describe('groups and memberships', () => {
  it('are those of the column groups, with their name as id', async () => {
    const provider = providerOf(folder, { 'users.csv': PEOPLE });
    const groups = await provider.listGroups(null, anySignal());
    expect(groups.items).toEqual([
      { record: { externalId: 'team-a', name: 'team-a', attributes: {} }, place: 'users.csv line 2' },
      { record: { externalId: 'team-b', name: 'team-b', attributes: {} }, place: 'users.csv line 2' },
      { record: { externalId: 'Ωμέγα', name: 'Ωμέγα', attributes: {} }, place: 'users.csv line 4' },
    ]);
    const memberships = await provider.listMemberships(null, anySignal());
    expect(memberships.items.map(({ record }) => `${record.groupId}:${record.userId}`)).toEqual([
      'team-a:1001',
      'team-b:1001',
      'team-b:1003',
      'Ωμέγα:1003',
    ]);
  });

  it('are none without a column groups', async () => {
    const provider = providerOf(folder, { 'users.csv': 'id,username\n1,a\n' });
    expect((await provider.listGroups(null, anySignal())).items).toEqual([]);
    expect((await provider.listMemberships(null, anySignal())).items).toEqual([]);
  });

  it('come from files of their own, a membership of somebody unknown included', async () => {
    const provider = providerOf(folder, {
      'users.csv': 'id,username\n1,a\n',
      'groups.csv': 'id,name,note\ng1,Team A,x\ng2,Team B,\n',
      'memberships.json': '[{"group": "g1", "user": 1}, {"group": "g9", "user": "77"}]',
    });
    expect(recordsOf([await provider.listGroups(null, anySignal())])[0]).toEqual({
      externalId: 'g1',
      name: 'Team A',
      attributes: { note: 'x' },
    });
    expect(recordsOf([await provider.listMemberships(null, anySignal())])).toEqual([
      { groupId: 'g1', userId: '1' },
      { groupId: 'g9', userId: '77' },
    ]);
  });

  it('are named by the memberships file where there is no groups file', async () => {
    const provider = providerOf(folder, {
      'users.csv': 'id,username\n1,a\n',
      'memberships.csv': 'group,user\nb,1\na,1\nb,2\n',
    });
    expect(recordsOf([await provider.listGroups(null, anySignal())]).map(({ name }) => name)).toEqual(['b', 'a']);
  });

  it('are refused when they are given twice', async () => {
    for (const users of ['users.csv', 'users.json']) {
      const text = users.endsWith('csv') ? PEOPLE : '[{"id":"1","groups":["a"]}]';
      const provider = providerOf(folder, { [users]: text, 'memberships.csv': 'group,user\n' });
      expect(await refusal(provider.listUsers(null, anySignal()))).toMatchObject({
        kind: 'data',
        message: expect.stringContaining('the memberships come from memberships.csv: leave one of the two out'),
      });
    }
  });
});

describe('pages', () => {
  const people = Array.from({ length: 1234 }, (_, n) => [
    `p${n}`,
    `user${n}`,
    'line\r\nbreak "ж"',
    Array.from({ length: n % 7 === 0 ? 90 : n % 3 }, (_none, g) => `g${(n + g) % 640}`).join(';'),
  ]);
  const csv = csvText([['id', 'username', 'note', 'groups'], ...people], { newline: '\r\n' });
  const json = JSON.stringify(
    people.map(([id, username, note, groups]) => ({ id, username, note, groups })),
    null,
    1
  );

  it.each([
    ['users.csv', csv],
    ['users.json', json],
  ])('of %s go on in another process at every cursor and give everything once', async (name, text) => {
    const fresh = () => providerOf(folder, { [name]: text });
    const one = fresh();
    const users = await allPages((cursor, signal) => one.listUsers(cursor, signal));
    expect(users.map(({ items }) => items.length)).toEqual([500, 500, 234]);
    expect(recordsOf(users).map(({ externalId }) => externalId)).toEqual(people.map(([id]) => id));

    const memberships = await allPages((cursor, signal) => one.listMemberships(cursor, signal));
    const expected = people.flatMap(([id, , , groups]) =>
      (groups ?? '')
        .split(';')
        .filter(Boolean)
        .map((g) => `${g}:${id}`)
    );
    expect(recordsOf(memberships).map(({ groupId, userId }) => `${groupId}:${userId}`)).toEqual(expected);
    expect(Math.max(...memberships.map(({ items }) => items.length))).toBe(500);

    const groups = await allPages((cursor, signal) => one.listGroups(cursor, signal));
    expect(groups.map(({ items }) => items.length)).toEqual([500, 140]);
  });

  it('go on by a provider that has read nothing before', async () => {
    writeFileSync(join(folder, 'users.csv'), csv);
    const { definition, settings } = definitionOf();
    const one = definition.create(settings);
    for (const list of ['listUsers', 'listGroups', 'listMemberships'] as const) {
      const [first, second] = await allPages<object>((cursor, signal) => one[list](cursor, signal));
      expect(await definition.create(settings)[list](first?.cursor ?? null, anySignal())).toEqual(second);
    }
  });

  it('hold nothing of the file in their cursor', async () => {
    const page = await providerOf(folder, { 'users.csv': csv }).listUsers(null, anySignal());
    expect(page.cursor).toMatch(/^[\d.-]+$/);
  });

  it('read on past rows without groups to the end', async () => {
    const rows = Array.from({ length: 12_000 }, (_, n) => [String(n), `u${n}`, n === 11_999 ? 'last' : '']);
    const provider = providerOf(folder, { 'users.csv': csvText([['id', 'username', 'groups'], ...rows]) });
    const pages = await allPages((cursor, signal) => provider.listMemberships(cursor, signal));
    expect(recordsOf(pages)).toEqual([{ groupId: 'last', userId: '11999' }]);
  });
});

describe('a file that changes', () => {
  const rows = (count: number) =>
    csvText([['id', 'username'], ...Array.from({ length: count }, (_, n) => [String(n), `u${n}`])]);

  it.each(['written over', 'replaced'])('between two pages is refused when it is %s', async (how) => {
    const provider = providerOf(folder, { 'users.csv': rows(700) });
    const { cursor } = await provider.listUsers(null, anySignal());
    if (how === 'replaced') {
      writeFileSync(join(folder, 'new.csv'), rows(700));
      renameSync(join(folder, 'new.csv'), join(folder, 'users.csv'));
    } else {
      writeFileSync(join(folder, 'users.csv'), rows(699));
    }
    expect(await refusal(provider.listUsers(cursor, anySignal()))).toEqual({
      kind: 'cursorExpired',
      message: 'file users.csv changed between two pages: it has to be read again from the start',
    });
  });

  it('is read again from the start without a cursor, groups included', async () => {
    const provider = providerOf(folder, { 'users.csv': 'id,username,groups\n1,a,x\n' });
    await provider.listGroups(null, anySignal());
    writeFileSync(join(folder, 'users.csv'), 'id,username,groups\n1,a,y;z\n');
    expect(recordsOf([await provider.listGroups(null, anySignal())]).map(({ name }) => name)).toEqual(['y', 'z']);
  });

  it('does not take the cursor of anything else', async () => {
    const provider = providerOf(folder, { 'users.csv': rows(3) });
    for (const cursor of ['', 'x', '0.1.0', '1.1.0.1-1-1']) {
      expect((await refusal(provider.listUsers(cursor, anySignal()))).kind).toBe('cursorExpired');
    }
  });
});

describe('look-ups', () => {
  it('find by id, and call absent only what the whole file lacks', async () => {
    const provider = providerOf(folder, { 'users.csv': PEOPLE });
    const answers = await provider.lookUpUsers(['1003', '1', 'toString', '1001'], anySignal());
    expect([...answers.keys()]).toEqual(['1003', '1', 'toString', '1001']);
    expect(answers.get('1')).toBe('absent');
    expect(answers.get('toString')).toBe('absent');
    expect(answers.get('1003')).toMatchObject({ found: { externalId: '1003', active: true } });
    expect([...(await provider.lookUpGroups(['team-b', 'team-z'], anySignal()))]).toEqual([
      ['team-b', 'present'],
      ['team-z', 'absent'],
    ]);
  });

  it('find groups of a groups file by id', async () => {
    const provider = providerOf(folder, { 'users.csv': PEOPLE, 'groups.json': '[{"id":1,"name":"One"}]' });
    expect((await provider.lookUpGroups(['1', 'One'], anySignal())).get('1')).toBe('present');
    expect((await provider.lookUpGroups(['1', 'One'], anySignal())).get('One')).toBe('absent');
  });

  it('say nothing on a file that is cut off', async () => {
    const provider = providerOf(folder, { 'users.csv': `${PEOPLE}1004,"dora` });
    expect((await refusal(provider.lookUpUsers(['1004'], anySignal()))).kind).toBe('data');
  });

  it('take a bounded number of ids', async () => {
    const provider = providerOf(folder, { 'users.csv': PEOPLE });
    const ids = Array.from({ length: LOOK_UP_LIMIT + 1 }, (_, n) => String(n));
    await expect(provider.lookUpUsers(ids, anySignal())).rejects.toThrow(RangeError);
    expect((await provider.lookUpUsers([], anySignal())).size).toBe(0);
  });
});

describe('a file provider', () => {
  it('counts nothing and tells its files apart by their paths', async () => {
    const provider = providerOf(folder, { 'users.csv': PEOPLE });
    expect(await provider.counts(anySignal())).toEqual({});
    expect(provider.identity()).toBe(`file:["${folder}/users.csv",null,null]`);
    await provider.close();
  });

  it('stops when it is told to', async () => {
    const provider = providerOf(folder, { 'users.csv': PEOPLE });
    await expect(provider.listUsers(null, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(providerOf(folder, { 'users.json': '[]' }).listUsers(null, stopped)).rejects.toThrow('stopped');
  });
});

function definitionOf() {
  const definition = fileDefinition(folder);
  return { definition, settings: definition.settings.parse({ users: 'users.csv' }) };
}
