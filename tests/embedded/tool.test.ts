import { findOnPath, runTool } from '../../embedded/tool';

const LIMIT_MS = 20_000;

function shell(script: string): { command: string; args: string[]; env: NodeJS.ProcessEnv; limitMs: number } {
  return { command: '/bin/sh', args: ['-c', script], env: process.env, limitMs: LIMIT_MS };
}

describe('runTool', () => {
  it('gives the lines of both outputs', async () => {
    const lines = await runTool(shell('echo one; echo two >&2'));

    expect(lines.sort()).toEqual(['one', 'two']);
  });

  it('fails with the last lines', async () => {
    await expect(runTool(shell('echo cannot compile; exit 3'))).rejects.toThrow(
      /sh ended with code 3\s+cannot compile/
    );
  });

  it('ends a tool that takes too long, with all that it has started', async () => {
    const began = Date.now();

    await expect(runTool({ ...shell('sleep 30 & sleep 30'), limitMs: 300 })).rejects.toThrow('stopped after 0.3 s');
    expect(Date.now() - began).toBeLessThan(LIMIT_MS);
  });

  it('ends a tool that is silent for too long, not one that tells its progress', async () => {
    const telling = 'for i in 1 2 3 4 5; do echo $i; sleep 0.2; done';

    expect(await runTool({ ...shell(telling), silenceLimitMs: 800 })).toHaveLength(5);
    await expect(runTool({ ...shell(`${telling}; sleep 30`), silenceLimitMs: 800 })).rejects.toThrow('without a sign');
  });

  it('fails when there is no such program', async () => {
    await expect(runTool({ ...shell(''), command: '/no/such/program' })).rejects.toThrow('did not start');
  });
});

describe('findOnPath', () => {
  it('finds what the shell would find', () => {
    expect(findOnPath('sh', { PATH: '/nowhere:/bin' })).toBe('/bin/sh');
    expect(findOnPath('sh', { PATH: '/nowhere' })).toBeNull();
    expect(findOnPath('sh', {})).toBeNull();
  });
});
