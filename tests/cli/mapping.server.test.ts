import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ADMIN_TOKEN, TARGET, connector, startTestApi } from '../api/support/test-api';
import type { TestApi } from '../api/support/test-api';
import { run } from './support';
import type { Ran } from './support';

const MAPPING = {
  username: {
    transforms: [{ type: 'lowercase' }, { type: 'table', table: { x: 'y' } }],
    whenNoMatch: 'keepUntransformed',
  },
};

describe('rollcall mapping', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi('cli-mapping');
    await api.ask('/api/v1/targets', { body: TARGET });
    await api.ask('/api/v1/connectors', { body: connector('corp', { mapping: MAPPING, scope: { where: 'user.ok' } }) });
  });
  afterAll(() => api.stop());

  const write = (name: string, value: unknown): string => {
    const path = join(api.folder, name);
    writeFileSync(path, JSON.stringify(value));
    return path;
  };
  const rollcall = (...line: readonly string[]): Promise<Ran> =>
    run(['--url', api.url, ...line], { ROLLCALL_TOKEN: ADMIN_TOKEN });

  it('shows what a person becomes, each step, each clause and each group', async () => {
    const person = write('person.json', { id: 'a-1', attributes: { username: 'ADA', ok: true }, groups: ['dev'] });
    const { out, code } = await rollcall(
      'mapping',
      'try',
      'corp',
      '-f',
      person,
      '--group',
      'ops',
      '--attribute',
      'email=bad'
    );
    expect(code).toBe(0);
    expect(out).toMatch(/^standing +invalid: attributeInvalid$/m);
    expect(out).toMatch(/^username +ada +source username: ADA > lowercase: ada > table \(no match\): ada$/m);
    expect(out).toMatch(/^email +invalid: attributeInvalid +source email: bad$/m);
    expect(out).toMatch(/^where +in$/m);
    expect(out).toMatch(/^ops +ops +ops$/m);
  });

  it('tries a file in place of what is stored, and shows JSON', async () => {
    const file = write('try.json', connector('corp', { mapping: { email: { constant: 'all@corp.com' } } }));
    const tried = await rollcall('mapping', 'try', 'corp', '--attribute', 'username=Ada', '--config', file, '--json');
    expect(JSON.parse(tried.out)).toMatchObject({ person: { username: 'Ada', email: 'all@corp.com' }, scope: [] });
  });

  it('names the place in an expression that is wrong: 64', async () => {
    const file = write('wrong.json', connector('corp', { scope: { where: 'user.' } }));
    const { code, told } = await rollcall('mapping', 'try', 'corp', '--config', file);
    expect(code).toBe(64);
    expect(told).toMatch(/scope\.where: .*line 1, column 6/);
  });

  it('saves a configuration that breaks golden users only when told to', async () => {
    const golden = [{ user: { id: 'a-1', attributes: { username: 'ADA' } }, expect: { username: 'ada' } }];
    const file = write('golden.json', connector('corp', { golden }));
    const refused = await rollcall('connectors', 'update', '-f', file);
    expect(refused.code).toBe(64);
    expect(refused.told).toContain('golden[0].expect.username: a-1: expected "ada", but it would be "ADA"');
    expect((await rollcall('connectors', 'update', '-f', file, '--accept-golden')).out).toContain('version 2');
    expect((await rollcall('targets', 'update', '-f', file, '--accept-golden')).code).toBe(64);
  });
});
