import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder, putIntoCache, recentFailure, rememberFailure } from '../../embedded/cache';

const TWO_DAYS_S = 2 * 24 * 3600;

describe('the cache of servers', () => {
  let root: string;
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'rollcall-cache-'));
    env = { ROLLCALL_CACHE_DIR: root };
    folder = join(cacheFolder(env), 'server-1.0');
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  function building(content: string): (temporary: string) => Promise<void> {
    return (temporary) => {
      writeFileSync(join(temporary, 'program'), content);
      return Promise.resolve();
    };
  }

  it('lies where the variable says, else in the cache folder of the user', () => {
    expect(cacheFolder(env)).toBe(join(root, 'rollcall'));
    expect(cacheFolder({ XDG_CACHE_HOME: '/x' })).toBe('/x/rollcall');
    expect(cacheFolder({ ROLLCALL_CACHE_DIR: '', XDG_CACHE_HOME: '' })).toBe(join(homedir(), '.cache', 'rollcall'));
  });

  it('shows a build only when it is whole', async () => {
    await putIntoCache(folder, async (temporary) => {
      await building('a')(temporary);
      expect(existsSync(folder)).toBe(false);
    });

    expect(readFileSync(join(folder, 'program'), 'utf8')).toBe('a');
  });

  it('leaves nothing of a build that failed', async () => {
    await expect(putIntoCache(folder, () => Promise.reject(new Error('no compiler')))).rejects.toThrow('no compiler');

    expect(readdirSync(cacheFolder(env))).toEqual([]);
  });

  it('bears two clones that build at the same time', async () => {
    await Promise.all(['same', 'same', 'same'].map((content) => putIntoCache(folder, building(content))));

    expect(readdirSync(cacheFolder(env))).toEqual(['server-1.0']);
    expect(readFileSync(join(folder, 'program'), 'utf8')).toBe('same');
  });

  it('removes what a killed build has left, but not one under way', async () => {
    await putIntoCache(`${folder}.building-old`, building('half'));
    await putIntoCache(`${folder}.building-new`, building('half'));
    age(`${folder}.building-old`);
    await putIntoCache(folder, building('whole'));

    expect(readdirSync(cacheFolder(env)).sort()).toEqual(['server-1.0', 'server-1.0.building-new']);
  });

  it('remembers a failure for a day', async () => {
    expect(await recentFailure(env, 'download')).toBeNull();
    await rememberFailure(env, 'download', 'no way out');
    expect(await recentFailure(env, 'download')).toBe('no way out');
    age(join(cacheFolder(env), 'failed-download'));
    expect(await recentFailure(env, 'download')).toBeNull();
  });
});

function age(path: string): void {
  const then = Date.now() / 1000 - TWO_DAYS_S;
  utimesSync(path, then, then);
}
