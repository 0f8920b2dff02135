import type { ScimAnswer, ScimClient } from './support/scim';
import { ENTERPRISE, GROUP, USER, filtered, membersOf, scimConnector } from './support/scim';
import { startTestApi } from './support/test-api';
import type { TestApi } from './support/test-api';

/** What each client was seen to send, with values of our own (docs/connectors). */
describe('what real clients send', () => {
  let api: TestApi;
  let scim: ScimClient;
  let connectors = 0;
  beforeAll(async () => {
    api = await startTestApi('scim-clients');
  });
  afterAll(() => api.stop());
  beforeEach(async () => {
    connectors += 1;
    scim = await scimConnector(api, `corp-${connectors}`);
  });

  const user = (userName: string, changes: object = {}) =>
    scim.create('/Users', { schemas: [USER], userName, active: true, ...changes });
  const shown = async (id: string) => (await scim.get(`/Users/${id}`)).body;
  const isError = (answer: ScimAnswer, status: number): void => {
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/scim+json');
    expect(answer.body).toMatchObject({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(status),
      detail: expect.stringMatching(/\w/),
    });
  };

  describe('Entra', () => {
    const created = {
      schemas: [USER, ENTERPRISE],
      externalId: 'c6a7-1',
      userName: 'Entra_User_1',
      active: true,
      emails: [{ primary: true, type: 'work', value: 'entra.user@corp.example' }],
      meta: { resourceType: 'User' },
      name: { formatted: 'Given Family', familyName: 'Family', givenName: 'Given' },
      roles: [],
    };

    it('tests the connection with a name that nobody has: 200 and an empty list', async () => {
      const answer = await scim.get(`/Users?filter=userName eq "3f7c1b0e-0000"&aadOptscim062020`);
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
        totalResults: 0,
        itemsPerPage: 0,
        startIndex: 1,
        Resources: [],
      });
    });

    it('creates a person, with a Location and unchanged values', async () => {
      const answer = await scim.post('/Users', created);
      expect(answer.status).toBe(201);
      const { id, meta } = answer.body as { id: string; meta: { location: string; resourceType: string } };
      const { roles: _roles, meta: _meta, schemas: _schemas, ...values } = created;
      expect(answer.body).toMatchObject(values);
      expect(answer.headers.get('location')).toBe(`${scim.base}/Users/${id}`);
      expect(meta).toMatchObject({ resourceType: 'User', location: `${scim.base}/Users/${id}`, version: 'W/"1"' });
    });

    it('creates a person with nulls and a misspelt URN', async () => {
      const answer = await scim.post('/Users', {
        schemas: [USER, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0User'],
        externalId: 'joy',
        userName: 'joy@corp.example',
        active: true,
        addresses: null,
        title: null,
        department: null,
        manager: null,
        name: { familyName: 'Young', givenName: 'Joy' },
      });
      expect(answer.status).toBe(201);
      expect(answer.text).not.toContain('null');
    });

    it('finds people by name in any case, external id without quotes, and address', async () => {
      const id = await scim.create('/Users', created);
      for (const filter of [
        'userName eq "ENTRA_user_1"',
        'UserName Eq "Entra_User_1"',
        'externalId eq c6a7-1',
        'emails[type eq "work"].value eq "Entra.User@corp.example"',
        `id eq "${id}" and active eq "True"`,
      ]) {
        const found = await scim.get(filtered('/Users', filter));
        expect([filter, found.at('totalResults'), found.at('Resources.0.id')]).toEqual([filter, 1, id]);
      }
    });

    it('asks whether somebody has a manager', async () => {
      const id = await user('led', { [ENTERPRISE]: { manager: { value: 'boss' } } });
      const path = `${filtered('/Users', `id eq "${id}" and manager eq "boss"`)}&attributes=id`;
      expect((await scim.get(path)).body['Resources']).toEqual([{ id, schemas: [USER, ENTERPRISE] }]);
      expect((await scim.get(filtered('/Users', `id eq "${id}" and manager eq "x"`))).body['totalResults']).toBe(0);
    });

    it.each<[string, object[], object]>([
      [
        'several values with paths',
        [
          { op: 'Replace', path: 'emails[type eq "work"].value', value: 'new@corp.example' },
          { op: 'Replace', path: 'name.familyName', value: 'New' },
          { op: 'Add', path: 'nickName', value: 'Babs' },
          { op: 'Replace', path: `${ENTERPRISE}:employeeNumber`, value: 'E-9' },
        ],
        {
          emails: [{ type: 'work', value: 'new@corp.example', primary: true }],
          name: { familyName: 'New', givenName: 'Given', formatted: 'Given Family' },
          nickName: 'Babs',
          [ENTERPRISE]: { employeeNumber: 'E-9' },
        },
      ],
      [
        'one value without a path, with dotted keys and URNs',
        [
          {
            op: 'replace',
            value: {
              displayName: 'D',
              'name.givenName': 'G2',
              'name.familyName': 'F2',
              [`${ENTERPRISE}:department`]: 'R',
            },
          },
        ],
        { displayName: 'D', name: { givenName: 'G2', familyName: 'F2' }, [ENTERPRISE]: { department: 'R' } },
      ],
      ['a text for false', [{ op: 'Replace', path: 'active', value: 'False' }], { active: false }],
      [
        'a manager as a list',
        [{ op: 'Add', path: 'manager', value: [{ $ref: 'x', value: 'm' }] }],
        {
          [ENTERPRISE]: { manager: { value: 'm' } },
        },
      ],
      [
        'an address that was not there',
        [{ op: 'Replace', path: 'addresses[type eq "work"].formatted', value: '18/2' }],
        {
          addresses: [{ type: 'work', formatted: '18/2' }],
        },
      ],
    ])('changes %s', async (_, operations, expected) => {
      const id = await scim.create('/Users', created);
      const answer = await scim.patch(`/Users/${id}`, ...operations);
      expect(answer.status).toBe(200);
      expect(await shown(id)).toMatchObject(expected);
    });

    it('removes a manager with an empty value, and clears with "" and null', async () => {
      const id = await user('led', { title: 't', nickName: 'n', [ENTERPRISE]: { manager: { value: 'm' } } });
      await scim.patch(`/Users/${id}`, { op: 'replace', path: `${ENTERPRISE}:manager`, value: { value: '' } });
      await scim.patch(`/Users/${id}`, { op: 'replace', path: 'title', value: '' });
      await scim.patch(`/Users/${id}`, { op: 'replace', path: 'nickName', value: null });
      const body = await shown(id);
      expect(Object.keys(body).sort()).toEqual(['active', 'id', 'meta', 'schemas', 'userName']);
    });

    it('disables, and still finds, who keeps the memberships', async () => {
      const id = await user('gone@corp.example');
      const group = await scim.create('/Groups', { displayName: 'Team', members: [{ value: id }] });
      await scim.patch(`/Users/${id}`, { op: 'Replace', path: 'active', value: false });
      expect((await scim.get(filtered('/Users', 'userName eq "gone@corp.example"'))).at('Resources.0.active')).toBe(
        false
      );
      expect(await membersOf(scim, group)).toEqual([id]);
      await scim.patch(`/Users/${id}`, { op: 'Replace', path: 'active', value: 'True' });
      expect((await shown(id))['active']).toBe(true);
    });

    it('creates groups with a schema of its own, and reads them without members', async () => {
      const schemas = [GROUP, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'];
      const id = await scim.create('/Groups', {
        schemas,
        externalId: 'g-1',
        displayName: 'Team',
        meta: { resourceType: 'Group' },
      });
      const single = await scim.get(`/Groups/${id}?excludedAttributes=members`);
      expect(single.body).toMatchObject({ id, displayName: 'Team', externalId: 'g-1', schemas: [GROUP] });
      expect(single.body).not.toHaveProperty('members');
      const found = await scim.get(`${filtered('/Groups', 'DisplayName eq "TEAM"')}&excludedAttributes=members`);
      expect(found.body['Resources']).toHaveLength(1);
      expect(found.text).not.toContain('members');
    });

    it('adds members, and removes only those that it lists', async () => {
      const [a, b] = [await user('a'), await user('b')];
      const group = await scim.create('/Groups', { displayName: 'Team', members: [] });
      const add = await scim.patch(`/Groups/${group}`, {
        op: 'Add',
        path: 'members',
        value: [
          { $ref: null, value: a },
          { $ref: null, value: b },
        ],
      });
      expect([add.status, add.text]).toEqual([204, '']);
      await scim.patch(`/Groups/${group}`, { op: 'Remove', path: 'members', value: [{ $ref: null, value: a }] });
      expect(await membersOf(scim, group)).toEqual([b]);
      await scim.patch(`/Groups/${group}`, { op: 'remove', path: `members[value eq "${b}"]` });
      expect(await membersOf(scim, group)).toEqual([]);
    });

    it('asks whether somebody is in a group', async () => {
      const group = await scim.create('/Groups', { displayName: 'Team', members: [{ value: 'x' }] });
      const asked = async (member: string) =>
        (await scim.get(filtered('/Groups', `id eq "${group}" and members eq "${member}"`))).body[
          'totalResults'
        ] as number;
      expect([await asked('x'), await asked('y')]).toEqual([1, 0]);
    });

    it('walks pages of five', async () => {
      for (let n = 1; n <= 12; n++) await user(`u${n}`);
      const { body } = await scim.get('/Users?startIndex=6&count=5');
      expect(body).toMatchObject({ totalResults: 12, itemsPerPage: 5, startIndex: 6 });
      expect((body['Resources'] as { userName: string }[]).map(({ userName }) => userName)).toEqual([
        'u6',
        'u7',
        'u8',
        'u9',
        'u10',
      ]);
      expect((await scim.get('/Users?startIndex=0&count=5')).body['startIndex']).toBe(1);
    });

    it('deletes once, then finds nobody', async () => {
      const id = await user('gone');
      expect((await scim.send('DELETE', `/Users/${id}`)).status).toBe(204);
      isError(await scim.send('DELETE', `/Users/${id}`), 404);
      isError(await scim.get(`/Users/${id}`), 404);
      await user('GONE');
    });

    it('finds the schemas of what it maps', async () => {
      const { body } = await scim.get('/Schemas');
      expect((body['Resources'] as { id: string }[]).map(({ id }) => id)).toEqual([USER, ENTERPRISE, GROUP]);
    });

    it('sends truth values as texts within lists, and fills an element by such a filter', async () => {
      const made = await scim.post('/Users', {
        userName: 'edge',
        roles: [{ primary: 'True', display: 'd', value: 'v', type: 't' }],
      });
      expect(made.at('roles.0.primary')).toBe(true);
      const id = await user('edge2');
      const set = (part: string, value: string) => ({ op: 'add', path: `roles[primary eq "True"].${part}`, value });
      await scim.patch(`/Users/${id}`, set('display', 'D'), set('value', 'V'), set('type', 'T'));
      expect((await shown(id))['roles']).toEqual([{ primary: true, display: 'D', value: 'V', type: 'T' }]);
    });
  });

  describe('Okta', () => {
    const ann = {
      schemas: [USER],
      userName: 'ann.lee@corp.example',
      name: { givenName: 'Ann', familyName: 'Lee' },
      emails: [{ primary: true, value: 'ann.lee@corp.example', type: 'work' }],
      displayName: 'Ann Lee',
      locale: 'en-US',
      externalId: '00u1',
      groups: [],
      password: 'x1-Never-Seen',
      active: true,
    };

    it('creates with a password, which nobody sees', async () => {
      const made = await scim.post('/Users', ann);
      expect(made.status).toBe(201);
      const changed = await scim.patch(`/Users/${String(made.at('id'))}`, {
        op: 'replace',
        value: { password: 'x2-Never-Seen' },
      });
      expect(changed.status).toBe(200);
      await scim.patch(`/Users/${String(made.at('id'))}`, { op: 'replace', path: 'password', value: 'x3-Never-Seen' });
      const stored = await api.store.scim.users.get(scim.connectorId, made.body['id'] as string);
      expect(made.text + changed.text + JSON.stringify(stored) + api.logged.join('')).not.toMatch(/x\d-Never-Seen/);
    });

    it('is told of a duplicate: 409 with uniqueness', async () => {
      await scim.create('/Users', ann);
      const again = await scim.post('/Users', { ...ann, userName: 'ANN.LEE@corp.example', externalId: 'other' });
      isError(again, 409);
      expect(again.body['scimType']).toBe('uniqueness');
    });

    it('asks with encoded filters and pages', async () => {
      await scim.create('/Users', ann);
      const { body } = await scim.get(
        '/Users?filter=userName%20eq%20%22ann.lee%40corp.example%22&startIndex=1&count=100'
      );
      expect([body['totalResults'], body['itemsPerPage'], body['startIndex']]).toEqual([1, 1, 1]);
    });

    it('replaces the whole profile, and deactivates by PATCH without a path or by PUT', async () => {
      const id = await scim.create('/Users', ann);
      const { displayName: _displayName, ...rest } = ann;
      const put = await scim.send('PUT', `/Users/${id}`, {
        ...rest,
        id,
        name: { ...ann.name, middleName: 'M' },
        meta: {},
      });
      expect(put.status).toBe(200);
      expect(put.at('name.middleName')).toBe('M');
      expect(put.body).not.toHaveProperty('displayName');
      expect((await scim.patch(`/Users/${id}`, { op: 'replace', value: { active: false } })).body['active']).toBe(
        false
      );
      expect((await scim.send('PUT', `/Users/${id}`, { ...rest, active: true })).body['active']).toBe(true);
    });

    it('sends name and id of a group with every change: members stay', async () => {
      const [a, b] = [await user('a'), await user('b')];
      const group = await scim.create('/Groups', { schemas: [GROUP], displayName: 'Team A', members: [{ value: a }] });
      await scim.patch(`/Groups/${group}`, { op: 'replace', value: { id: group, displayName: 'Team A' } });
      await scim.patch(`/Groups/${group}`, { op: 'replace', value: { externalId: 'e' } });
      expect(await membersOf(scim, group)).toEqual([a]);
      await scim.patch(
        `/Groups/${group}`,
        { op: 'remove', path: `members[value eq "${a}"]` },
        { op: 'add', path: 'members', value: [{ value: b, display: 'b' }] }
      );
      expect(await membersOf(scim, group)).toEqual([b]);
    });

    it('pushes whole lists: by PATCH with and without a path, and by PUT', async () => {
      const [a, b] = [await user('a'), await user('b')];
      const group = await scim.create('/Groups', { displayName: 'Team A', members: [{ value: a }] });
      await scim.patch(`/Groups/${group}`, { op: 'replace', path: 'members', value: [{ value: b, display: 'b' }] });
      expect(await membersOf(scim, group)).toEqual([b]);
      await scim.send('PUT', `/Groups/${group}`, {
        id: group,
        displayName: 'Team A',
        members: [{ value: a }, { value: b }],
      });
      expect(await membersOf(scim, group)).toEqual([a, b].sort());
      await scim.send('PUT', `/Groups/${group}`, { id: group, displayName: 'Team B' });
      expect(await membersOf(scim, group)).toEqual([a, b].sort());
      await scim.patch(`/Groups/${group}`, { op: 'replace', value: { members: [], id: group, displayName: 'Team A' } });
      expect(await membersOf(scim, group)).toEqual([]);
      expect((await scim.patch(`/Groups/${group}`, { op: 'replace', path: 'members', value: [] })).status).toBe(204);
    });

    it('may name somebody who is not known yet: the others are taken, and the name is kept', async () => {
      const a = await user('a');
      const group = await scim.create('/Groups', { displayName: 'Team A' });
      const answer = await scim.patch(`/Groups/${group}`, {
        op: 'add',
        path: 'members',
        value: [{ value: a }, { value: '0000' }],
      });
      expect(answer.status).toBe(204);
      expect(await membersOf(scim, group)).toEqual(['0000', a].sort());
    });

    it('refuses a token that is none with a body, 401', async () => {
      const answer = await scim.get('/Users?count=1', { authorization: 'non-token' });
      isError(answer, 401);
      expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    });

    it('takes application/json, and answers a list with what its test looks for', async () => {
      const made = await scim.send('POST', '/Users', ann, { 'content-type': 'application/json' });
      expect(made.status).toBe(201);
      const listed = await scim.get('/Users?count=1&startIndex=1');
      expect(listed.at('Resources.0')).toMatchObject({
        id: made.body['id'],
        name: ann.name,
        userName: ann.userName,
        active: true,
        emails: [{ value: ann.userName }],
      });
      isError(await scim.get('/Users/010101001010101011001010101011'), 404);
      expect((await scim.get('/Groups')).body['Resources']).toEqual([]);
    });
  });

  describe('OneLogin and JumpCloud', () => {
    it('send signs too many, and URNs of an older version', async () => {
      expect((await scim.get('/Users?filter=userName+eq+%22no-such-user%22&')).body['totalResults']).toBe(0);
      const id = await user('user01');
      const put = await scim.send('PUT', `/Users/${id}?`, {
        schemas: ['urn:scim:schemas:core:2.0', 'urn:scim:schemas:extension:enterprise:2.0'],
        userName: 'user01',
        name: { familyName: 'User 01', givenName: 'Test' },
        'urn:scim:schemas:extension:enterprise:2.0': { department: 'D' },
      });
      expect(put.status).toBe(200);
      expect(put.body).toMatchObject({ active: true, [ENTERPRISE]: { department: 'D' } });
    });

    it('render truth values as texts and ids as null', async () => {
      const made = await scim.post('/Users', {
        schemas: [USER],
        active: 'true',
        emails: [{ value: 'a@corp.example', type: 'work', primary: true }],
        userName: 'a@corp.example',
        id: null,
      });
      expect(made.status).toBe(201);
      expect(made.body).toMatchObject({ active: true, id: expect.stringMatching(/.+/) });
    });

    it('change members through an address with a "?"', async () => {
      const a = await user('a');
      const group = await scim.create('/Groups', { displayName: 'Test Group', members: [] });
      expect(
        (await scim.patch(`/Groups/${group}?`, { op: 'add', path: 'members', value: [{ value: a }] })).status
      ).toBe(204);
      await scim.patch(`/Groups/${group}`, { op: 'remove', path: 'members', value: [{ value: a }] });
      expect(await membersOf(scim, group)).toEqual([]);
      expect((await scim.send('DELETE', `/Groups/${group}`)).status).toBe(204);
      isError(await scim.get(`/Groups/${group}`), 404);
    });
  });
});
