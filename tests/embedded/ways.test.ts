import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedServerError } from '../../embedded/errors';
import { mongoWays } from '../../embedded/mongo';
import { temporalWays } from '../../embedded/temporal-binary';
import { bothFound, firstThatWorks } from '../../embedded/ways';
import type { Way } from '../../embedded/ways';

function works(name: string): Way<string> {
  return { name, find: () => Promise.resolve(`by ${name}`) };
}

function fails(name: string, reason: string): Way<string> {
  return { name, find: () => Promise.reject(new Error(reason)) };
}

describe('firstThatWorks', () => {
  it('takes the first way that works and tries none after it', async () => {
    const later = jest.fn(() => Promise.resolve('late'));
    const attempt = await firstThatWorks(
      'server',
      [fails('PATH', 'not found'), works('cache'), { name: 'build', find: later }],
      ''
    );

    expect(attempt).toEqual({ found: 'by cache', by: 'cache' });
    expect(later).not.toHaveBeenCalled();
  });

  it('says why each way failed and what to install', async () => {
    const attempt = await firstThatWorks(
      'MongoDB',
      [fails('PATH', 'not found'), fails('Java', 'no mvn')],
      'Install Java.'
    );

    expect(attempt).toEqual({
      problem: 'No MongoDB could be had:\n  - PATH: not found\n  - Java: no mvn\n  Install Java.',
    });
  });
});

describe('bothFound', () => {
  it('puts the problems of both into one message', () => {
    const both = (): unknown => bothFound({ problem: 'no Temporal: install A' }, { problem: 'no MongoDB: install B' });

    expect(both).toThrow(EmbeddedServerError);
    expect(both).toThrow('no Temporal: install A\nno MongoDB: install B');
  });

  it('names only the one that is missing', () => {
    expect(() => bothFound({ found: 'x', by: 'PATH' }, { problem: 'no MongoDB' })).toThrow(/^no MongoDB$/);
  });
});

describe('the ways on this machine', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-ways-'));
    env = { PATH: join(folder, 'bin'), ROLLCALL_CACHE_DIR: folder };
    mkdirSync(join(folder, 'bin'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function install(name: string, script: string): string {
    const path = join(folder, 'bin', name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  it('take `temporal` from the PATH if it runs', async () => {
    const path = install('temporal', 'exit 0');

    expect(await firstThatWorks('server', temporalWays(env, jest.fn()).slice(0, 1), '')).toMatchObject({ found: path });
    install('temporal', 'exit 1');
    expect(await firstThatWorks('server', temporalWays(env, jest.fn()).slice(0, 1), '')).toHaveProperty('problem');
  });

  it('try a mongod before the server on Java', async () => {
    const path = install('mongod', 'exit 0');

    expect(await firstThatWorks('server', mongoWays(folder, env, jest.fn()), '')).toMatchObject({
      found: { kind: 'mongod', command: path },
    });
  });

  it('stay with the kind of store that the data folder has', () => {
    const names = (): string[] => mongoWays(folder, env, jest.fn()).map((way) => way.name);

    expect(names()).toHaveLength(4);
    mkdirSync(join(folder, 'mongod'));
    expect(names()).not.toContain('embedded server on Java');
    writeFileSync(join(folder, 'store.mv'), '');
    expect(names()).toEqual(['embedded server on Java']);
  });

  it('name what is missing for the server on Java', async () => {
    const java = mongoWays(folder, env, jest.fn()).slice(-1);

    expect(await firstThatWorks('server', java, '')).toMatchObject({
      problem: expect.stringContaining('`java` is not'),
    });
    install('java', `echo 'openjdk version "11.0.2" 2019-01-15' >&2`);
    expect(await firstThatWorks('server', java, '')).toMatchObject({ problem: expect.stringContaining('found 11') });
    install('java', `echo 'openjdk version "21.0.2" 2024-01-16' >&2`);
    expect(await firstThatWorks('server', java, '')).toMatchObject({
      problem: expect.stringContaining('`mvn` is not'),
    });
  });
});
