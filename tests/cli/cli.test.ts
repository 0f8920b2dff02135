import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at, explainProblem } from '../../cli/client';
import { readConfigFile } from '../../cli/config-file';
import { countsText } from '../../cli/show';
import { displayWidth, facts, printable, table } from '../../cli/table';
import { exitCodeOf } from '../../cli/wait';
import { emptyCounts } from '../../domain/counts';
import { run } from './support';

describe('table', () => {
  it('aligns columns as they are seen, in every script', () => {
    const lines = table(
      ['NAME', 'N'],
      [
        ['Zoë', '1'],
        ['山田太郎', '2'],
        ['Zoe\u0308', '3'],
      ]
    ).split('\n');
    expect(lines).toEqual(['NAME      N', 'Zoë       1', '山田太郎  2', 'Zoe\u0308       3']);
  });

  it('takes what steers a terminal out of names', () => {
    expect(printable('a\u001b[31mred\u202eb\nc')).toBe('a [31mred b c');
  });

  it.each([
    ['abc', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['', 0],
    ['🦊', 2],
  ])('%p is %d wide', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it('shows facts with their values aligned', () => {
    expect(
      facts([
        ['a', '1'],
        ['longer', '2'],
      ])
    ).toBe('a       1\nlonger  2');
  });
});

describe('paths', () => {
  it('encode what they are made of', () => {
    expect(at('runs', 'a/b?c', 'plan')).toBe('/runs/a%2Fb%3Fc/plan');
  });
});

describe('countsText', () => {
  it('names what is not zero, in words', () => {
    expect(countsText({ ...emptyCounts(), created: 2, membershipsAdded: 5 })).toBe('2 created, 5 memberships added');
    expect(countsText(emptyCounts())).toBe('nothing to do');
  });
});

describe('exit codes of a run that was waited for', () => {
  it.each([
    ['succeeded', 0],
    ['planned', 0],
    ['approved', 0],
    ['held', 2],
    ['partial', 2],
    ['failed', 1],
    ['cancelled', 1],
  ] as const)('%s: %d', (status, code) => {
    expect(exitCodeOf(status)).toBe(code);
  });
});

describe('explainProblem', () => {
  it('gives each wrong field a line', () => {
    const errors = [
      { path: 'schedule.cron', message: 'is wrong' },
      { path: '', message: 'is empty' },
    ];
    const problem = { type: 't', title: 'Not valid', status: 422, detail: 'Look.', errors };
    expect(explainProblem(problem)).toBe('Not valid (422): Look.\n  schedule.cron: is wrong\n  is empty');
  });
});

describe('readConfigFile', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-cli-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const file = (text: string): string => {
    const path = join(folder, 'config.yaml');
    writeFileSync(path, text);
    return path;
  };

  it('reads YAML and fills in variables within values', async () => {
    const path = file('id: jira\nauth: { type: pat, token: "${JIRA_TOKEN}" }\nlist: ["a-${X}-b"]\n');
    const read = await readConfigFile(path, { JIRA_TOKEN: 'pat-1', X: 'y' });
    expect(read).toEqual({ id: 'jira', auth: { type: 'pat', token: 'pat-1' }, list: ['a-y-b'] });
  });

  it('never lets a variable change the structure of the file', async () => {
    const read = await readConfigFile(file('id: "${NAME}"\n'), { NAME: 'x"\nallowHttp: true' });
    expect(read).toEqual({ id: 'x"\nallowHttp: true' });
  });

  it.each([
    ['${NOT_SET}', 'NOT_SET'],
    ['${ROLLCALL_ADMIN_TOKEN}', 'ROLLCALL_ADMIN_TOKEN'],
  ])('refuses %s', async (value, name) => {
    const reading = readConfigFile(file(`id: "${value}"\n`), { ROLLCALL_ADMIN_TOKEN: 'secret' });
    await expect(reading).rejects.toMatchObject({ exitCode: 64, message: expect.stringContaining(name) });
  });

  it.each(['- a\n- b\n', 'just text', '', 'a: [1,\n'])('refuses the file %p', async (text) => {
    await expect(readConfigFile(file(text), {})).rejects.toMatchObject({ exitCode: 64 });
  });

  it('refuses a file that is not there', async () => {
    await expect(readConfigFile(join(folder, 'none.yaml'), {})).rejects.toMatchObject({ exitCode: 64 });
  });
});

describe('rollcall', () => {
  const env = { ROLLCALL_TOKEN: 'token-of-a-test' };

  it.each([
    [['runs', 'lst']],
    [['no-such-command']],
    [['approve', 'corp-1']],
    [['runs', 'list', '--limit', 'many']],
    [['approve', 'corp-1', '--hash', 'x', '--seqs', 'a']],
    [['run']],
    [['--url', 'localhost:1', 'runs', 'list']],
  ])('%j is wrong usage: 64', async (line) => {
    const { code, told } = await run(line, env);
    expect(code).toBe(64);
    expect(told).not.toBe('');
  });

  it('shows its help', async () => {
    const { code, out } = await run(['--help'], {});
    expect(code).toBe(0);
    expect(out).toContain('ROLLCALL_TOKEN_FILE');
  });

  it('asks for a token when there is none', async () => {
    const { code, told } = await run(['runs', 'list'], {});
    expect(code).toBe(64);
    expect(told).toContain('ROLLCALL_TOKEN');
  });

  it('says what to check when nobody listens, or somebody else does', async () => {
    const server = createServer((_request, response) => response.end('<html>hello</html>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const wrong = await run(['--url', url, 'runs', 'list'], env);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(wrong).toMatchObject({ code: 1, told: expect.stringContaining('check --url') });
    const away = await run(['--url', url, 'runs', 'list'], env);
    expect(away).toMatchObject({ code: 1, told: expect.stringContaining('cannot reach') });
  });
});
