import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { JiraSimulatorOptions } from '../../../simulators/jira/options';
import { ADMIN, person, startTestJira } from './support';

describe('data file', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'jira-simulator-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('keeps the state across restarts', async () => {
    const dataFile = join(folder, 'data', 'jira.json');
    const first = await startTestJira({ dataFile });
    await first.post('/user', { ...person('Fred'), password: 'secret' });
    await first.post('/group', { name: 'G' });
    await first.post('/group/user?groupname=g', { name: 'fred' });
    await first.put('/user/properties/id?username=fred', { a: [1] });
    await first.put('/user?username=fred', { active: false });
    await first.del('/user?username=member');
    await first.control.change({ projects: [{ key: 'ABC', lead: 'fred' }] });
    const before = await first.control.users();
    await first.stop();
    const second = await startTestJira({ dataFile, users: 10 });
    expect(await second.control.users()).toEqual(before);
    const members = await second.get('/group/member?groupname=g&includeInactiveUsers=true');
    expect(members.body).toMatchObject({ total: 1, values: [{ name: 'Fred', active: false }] });
    expect((await second.post('/user', person('member'))).body).toMatchObject({ key: 'JIRAUSER10100' });
    const created = await second.post('/user', person('next'));
    expect((created.body as { key: string }).key).toBe('JIRAUSER10300');
    await second.stop();
  });

  it('keeps directories, nested groups, pictures, organizations, components and attributes too', async () => {
    const options: JiraSimulatorOptions = {
      dataFile: join(folder, 'jira.json'),
      directories: 'ldap-second',
      applications: ['jira-software', 'jira-servicedesk'],
    };
    const first = await startTestJira(options);
    await first.control.change({
      groups: [{ name: 'outer', children: ['inner'] }],
      users: [{ name: 'twin', inBothDirectories: true, groups: ['inner'] }],
      projects: [{ key: 'ABC', lead: 'twin', components: [{ name: 'UI', lead: 'twin' }] }],
      organizations: [{ name: 'Customers', members: ['twin'] }],
    });
    const avatar = { ...ADMIN, 'Content-Type': 'image/png', 'X-Atlassian-Token': 'no-check' };
    await first.post('/user/avatar/temporary?username=twin', Buffer.from('png'), { headers: avatar });
    const confirmed = await first.post('/user/avatar?username=twin', {});
    await first.put('/user/avatar?username=twin', { id: (confirmed.body as { id: string }).id });
    const looks = ['/group/member?groupname=outer', '/user/duplicated/list', '/project/ABC', '/user?username=twin'];
    const before = await Promise.all(looks.map((path) => first.get(path)));
    const users = await first.control.users();
    const { url } = first;
    await first.stop();
    const second = await startTestJira(options);
    const after = await Promise.all(looks.map((path) => second.get(path)));
    expect(after.map((reply) => reply.text.replaceAll(second.url, url))).toEqual(before.map((reply) => reply.text));
    expect(await second.control.users()).toEqual(users);
    await second.stop();
    await expect(startTestJira({ ...options, directories: 'internal' })).rejects.toThrow(
      'a directory that is not there'
    );
  });

  it('may be one from before there were directories', async () => {
    const dataFile = join(folder, 'jira.json');
    const old = {
      format: 1,
      ids: { block: 10200, used: 3 },
      groups: ['g'],
      users: [
        {
          key: 'JIRAUSER10000',
          name: 'fred',
          displayName: 'Fred',
          emailAddress: 'f@example.com',
          active: true,
          passwordHash: null,
          locale: null,
          groups: ['g'],
          properties: {},
        },
      ],
      deletedUsers: [],
      projects: [{ key: 'ABC', leadKey: 'JIRAUSER10000' }],
      tokens: [],
    };
    await writeFile(dataFile, JSON.stringify(old));
    const jira = await startTestJira({ dataFile });
    expect(await jira.control.users()).toMatchObject([{ name: 'fred', groups: ['g'], leads: ['ABC'], directoryId: 1 }]);
    await jira.stop();
  });

  it('is written soon after a change, so that a kill loses next to nothing', async () => {
    const dataFile = join(folder, 'jira.json');
    const jira = await startTestJira({ dataFile });
    await jira.post('/user', person('fred'));
    await wait(500);
    expect(await readFile(dataFile, 'utf8')).toContain('"fred"');
    await jira.stop();
  });

  it('is not touched when it is something else', async () => {
    const dataFile = join(folder, 'letter.txt');
    await writeFile(dataFile, 'Dear diary');
    await expect(startTestJira({ dataFile })).rejects.toThrow('is not a snapshot of a simulator');
    expect(await readFile(dataFile, 'utf8')).toBe('Dear diary');
  });
});
