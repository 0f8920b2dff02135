import { join } from 'node:path';
import { anySignal, providerOf, temporaryFolder } from './support';

const folder = temporaryFolder();

describe('the connection test of files', () => {
  it('goes through every file and shows names, never values', async () => {
    const provider = providerOf(folder, {
      'users.csv': 'id,username,email,phone\n1,amara,amara@example.com,\n',
      'groups.csv': 'id,name\n',
      'memberships.json': '[{"group":"g","user":"1"}]',
    });
    const steps = await provider.test(anySignal());
    expect(steps.map(({ name, ok, detail }) => [name, ok, detail])).toEqual([
      ['users file', true, 'users.csv: 51 bytes, readable'],
      ['users columns', true, 'columns found: id, username, email, phone'],
      ['users sample', true, 'the first row has a value for: username, email'],
      ['groups file', true, 'groups.csv: 8 bytes, readable'],
      ['groups columns', true, 'columns found: id, name'],
      ['groups sample', true, 'the file has no rows'],
      ['memberships file', true, 'memberships.json: 26 bytes, readable'],
      ['memberships columns', true, 'JSON: every object has its own'],
      ['memberships sample', true, 'the first row has a value for: group, user'],
    ]);
    expect(JSON.stringify(steps)).not.toContain('amara');
  });

  it('says what is wrong and what to do, and goes on with the next file', async () => {
    const provider = providerOf(folder, { 'users.csv': 'key,name\n1,a\n', 'groups.csv': 'id,name\n1, \n' });
    const steps = await provider.test(anySignal());
    expect(steps.filter(({ ok }) => !ok)).toEqual([
      {
        name: 'users columns',
        ok: false,
        detail: 'users.csv has no column id; columns found: key, name',
        remedy: 'Correct the file as the message says.',
      },
      { name: 'groups sample', ok: false, detail: 'groups.csv line 2: name is empty', remedy: expect.any(String) },
    ]);
  });

  it('says so when a file is not there', async () => {
    const [step] = await providerOf(join(folder, 'none'), {}).test(anySignal());
    expect(step).toMatchObject({ name: 'users file', ok: false, remedy: expect.stringContaining('correct its path') });
  });
});
