import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createConfigSchema } from '../../config/schema';
import { ConfigurationError } from '../../config/errors';
import { loadConfigFile } from '../../config/file';
import { providerDefinitions } from '../../connectors/registry';
import { checkSchedule } from '../../domain/schedule';
import { schema } from './support';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-config-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const path = join(folder, 'rollcall.yaml');

async function load(text: string | Buffer, env: Record<string, string> = {}) {
  writeFileSync(path, text);
  return loadConfigFile({ path, env, schema });
}

async function refusal(text: string | Buffer, env: Record<string, string> = {}): Promise<ConfigurationError> {
  const error: unknown = await load(text, env).then(
    () => new Error('nothing was refused'),
    (reason: unknown) => reason
  );
  if (error instanceof ConfigurationError) return error;
  throw error;
}

const TARGETS = `targets:
  - { id: jira, type: jira, baseUrl: https://jira.example.com, auth: { type: pat, token: '\${JIRA_TOKEN}' } }
`;
const ENV = { JIRA_TOKEN: 's3cret-token' };

describe('loadConfigFile', () => {
  it('reads targets, connectors and settings', async () => {
    const file = await load(
      `${TARGETS}connectors: [{ id: a, target: jira, source: { type: file, users: p.csv } }]\n`,
      ENV
    );
    expect(file.targets[0]?.auth).toEqual({ type: 'pat', token: 's3cret-token' });
    expect(file.connectors[0]?.source).toMatchObject({ users: '/srv/p.csv' });
    expect(file.settings).toEqual({ retention: { runs: 30, days: 90 } });
  });

  it('reads JSON too, and an empty file as one with nothing in it', async () => {
    expect((await load('{"settings": {"retention": {"runs": 5}}}')).settings.retention).toEqual({ runs: 5, days: 90 });
    expect((await load('# nothing yet\n')).connectors).toEqual([]);
  });

  it('names the path and the line of everything that is wrong', async () => {
    const text = `${TARGETS}connectors:
  - id: people
    target: jira
    source: { type: file, users: p.csv }
    schedule:
      cronn: '0 2 * * *'
    match: { adopt: sometimes }
`;
    const { issues, message } = await refusal(text, ENV);
    expect(issues).toEqual([
      { path: 'connectors[0].schedule.cronn', message: 'unknown key; did you mean "cron"?', line: 8 },
      { path: 'connectors[0].match.adopt', message: 'must be one of ask, auto, never', line: 9 },
    ]);
    expect(message.split('\n')[0]).toBe('line 8: connectors[0].schedule.cronn: unknown key; did you mean "cron"?');
  });

  it('refuses an id that stands twice', async () => {
    const connectors = `connectors:
  - { id: a, target: jira, source: { type: file, users: p.csv } }
  - { id: a, target: jira, source: { type: file, users: q.csv } }
`;
    expect((await refusal(TARGETS + connectors, ENV)).issues).toEqual([
      { path: 'connectors[1].id', message: 'is already the id of connectors[0]', line: 5 },
    ]);
  });

  it('refuses a connector whose target is not in the file', async () => {
    const connectors = 'connectors: [{ id: a, target: jria, source: { type: file, users: p.csv } }]\n';
    expect((await refusal(TARGETS + connectors, ENV)).issues).toEqual([
      { path: 'connectors[0].target', message: 'names no target; targets of the file: jira', line: 3 },
    ]);
  });

  it('says so when the file is not there or not text', async () => {
    await expect(loadConfigFile({ path: join(folder, 'none.yaml'), env: {}, schema })).rejects.toThrow(
      'none.yaml does not exist or is not readable'
    );
    await expect(load(Buffer.from([0x61, 0xff, 0xfe]))).rejects.toThrow('rollcall.yaml is not UTF-8 text');
  });
});

describe('YAML that cannot be read', () => {
  it.each([
    ['targets: []\ntargets: []\n', 2, 'the same key stands twice in one section'],
    ["settings: {}\nconnectors: [\n  'hunter2\n", 4, 'closing quote'],
    ['settings:\n\tretention: {}\n', 2, 'tabs cannot indent YAML: use spaces'],
    ['a: *hunter2\n', undefined, 'names an anchor that is not defined'],
    ['settings: {}\n---\nsettings: {}\n', 2, 'only one document'],
    ['settings: !secret hunter2\n', 1, 'is not valid YAML'],
    ['settings: {}\n  hunter2: 1\n', 2, ''],
  ])('is refused with its line and without its text: %j', async (text, line, words) => {
    const { issues, message } = await refusal(text);
    expect(issues[0]?.line).toBe(line);
    expect(message).toContain(words);
    expect(message).not.toContain('hunter2');
  });

  it('does not blow up on aliases of aliases', async () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) => `l${n + 1}: &l${n + 1} [${Array(9).fill(`*l${n}`).join(', ')}]`
    );
    await expect(load(['l0: &l0 [x]', ...levels].join('\n'))).rejects.toThrow('has more than 100 aliases');
  });
});

describe('variables in a file', () => {
  const settings = (value: string) => `settings: { retention: { runs: ${value} } }\n`;

  it('are put in as text, whole or within a text, and $$ is a plain $', async () => {
    const text = `targets:
  - { id: jira, type: jira, baseUrl: 'https://\${HOST}/\${PATH_1}', auth: { type: basic, username: 'a$b$$c', password: '$\${NO}' } }
`;
    const file = await load(text, { HOST: 'jira.example.com', PATH_1: 'x' });
    expect(file.targets[0]).toMatchObject({
      baseUrl: 'https://jira.example.com/x',
      auth: { username: 'a$b$c', password: '${NO}' },
    });
  });

  it('cannot bring structure with them', async () => {
    const { issues } = await refusal(settings('"${EVIL}"'), { EVIL: '{ runs: 1 }' });
    expect(issues).toEqual([{ path: 'settings.retention.runs', message: 'must be a number', line: 1 }]);
  });

  it('are not put in twice', async () => {
    const text = TARGETS.replace('JIRA_TOKEN', 'OUTER');
    const file = await load(text, { OUTER: '${INNER}', INNER: 'x' });
    expect(file.targets[0]?.auth).toMatchObject({ token: '${INNER}' });
  });

  it.each([
    ['${MISSING_ONE}', 'the environment variable MISSING_ONE is not set'],
    ['${ROLLCALL_ADMIN_TOKEN}', 'must not use ${ROLLCALL_ADMIN_TOKEN}: variables ROLLCALL_* belong to Rollcall itself'],
    ['${not a name}', 'has ${ without a variable name and }; write $$ for a plain $'],
    ['${OPEN', 'has ${ without a variable name and }; write $$ for a plain $'],
    ['${}', 'has ${ without a variable name and }; write $$ for a plain $'],
  ])('are refused: %s', async (text, message) => {
    expect((await refusal(settings(`'${text}'`), { ROLLCALL_ADMIN_TOKEN: 'x' })).issues).toEqual([
      { path: 'settings.retention.runs', message, line: 1 },
    ]);
  });

  it('never show their value in a message', async () => {
    const text = "connectors: [{ id: a, target: b, source: { type: '${TYPE}' }, match: { adopt: '${TYPE}' } }]\n";
    const { message } = await refusal(text, { TYPE: 'inactivity' });
    expect(message).not.toContain('inactivity');
    expect(message).toContain('${TYPE}');
  });
});

describe('rollcall.example.yaml', () => {
  it('is a valid configuration of the demo file', async () => {
    const root = resolve(__dirname, '../..');
    const example = createConfigSchema({
      definitions: providerDefinitions({ baseDirectory: root }),
      checkSchedule,
      now: () => Date.parse('2026-03-01T00:00:00Z'),
    });
    const file = await loadConfigFile({
      path: join(root, 'rollcall.example.yaml'),
      env: { JIRA_TOKEN: 'x' },
      schema: example,
    });
    expect(file.connectors[0]?.mode).toBe('observe');
    expect(readFileSync(String(file.connectors[0]?.source['users']), 'utf8')).toMatch(/^id,username,/);
  });
});
