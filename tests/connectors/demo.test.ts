import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FILE_PRESET } from '../../connectors/file/definition';
import { createFileProvider } from '../../connectors/file/provider';
import { nameKey } from '../../domain/names';
import { allPages, recordsOf } from './file/support';

const root = resolve(__dirname, '../..');
const path = join(root, 'assets/demo/people.csv');
const provider = createFileProvider({ users: path, groups: null, memberships: null }, FILE_PRESET);

const SCRIPTS = [
  'Latin',
  'Cyrillic',
  'Greek',
  'Arabic',
  'Hebrew',
  'Devanagari',
  'Thai',
  'Han',
  'Hiragana',
  'Katakana',
  'Hangul',
  'Georgian',
];

describe('the demo data', () => {
  it('is 1,000 people in 40 groups, 2 to 6 each', async () => {
    const users = recordsOf(await allPages((cursor, signal) => provider.listUsers(cursor, signal)));
    const groups = recordsOf(await allPages((cursor, signal) => provider.listGroups(cursor, signal)));
    const memberships = recordsOf(await allPages((cursor, signal) => provider.listMemberships(cursor, signal)));
    expect([users.length, groups.length]).toEqual([1000, 40]);
    const counts = users.map(({ externalId }) => memberships.filter(({ userId }) => userId === externalId).length);
    expect([Math.min(...counts), Math.max(...counts)]).toEqual([2, 6]);
    const inactive = users.filter(({ active }) => !active).length;
    expect(inactive).toBeGreaterThan(10);
    expect(inactive).toBeLessThan(40);
  });

  it('has plain usernames and addresses, each once, and names in many scripts', async () => {
    const users = recordsOf(await allPages((cursor, signal) => provider.listUsers(cursor, signal)));
    for (const attribute of ['username', 'email']) {
      const values = users.map(({ attributes }) => attributes[attribute] as string);
      expect(new Set(values.map(nameKey)).size).toBe(1000);
      expect(values.every((value) => /^[a-z0-9.@-]+$/.test(value))).toBe(true);
    }
    const names = users.map(({ attributes }) => attributes['displayName'] as string).join('\n');
    expect(SCRIPTS.filter((script) => !new RegExp(`\\p{Script=${script}}`, 'u').test(names))).toEqual([]);
    expect(names).toMatch(/İ/);
    expect(names).toMatch(/ı/);
    expect(names).toMatch(/ß/);
  });

  it('is made again byte for byte by its script', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-demo-'));
    const out = join(folder, 'people.csv');
    execFileSync(process.execPath, [join(root, 'scripts/make-demo-data.mjs'), '--out', out]);
    const same = readFileSync(out).equals(readFileSync(path));
    rmSync(folder, { recursive: true });
    expect(same).toBe(true);
  });
});
