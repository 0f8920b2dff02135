import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimDataFolder } from '../../embedded/data-folder';

const NO_PROCESS = 2 ** 22 + 1;

describe('claimDataFolder', () => {
  let folder: string;
  let other: ChildProcess | null;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-data-'));
    other = null;
  });
  afterEach(() => {
    other?.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  function claim(owner: number | undefined, servers: readonly (number | undefined)[], ownerStarted = Date.now()): void {
    writeFileSync(join(folder, 'servers.json'), JSON.stringify({ owner, ownerStarted, servers }));
  }

  it('refuses a folder that a living process has, and names it', async () => {
    other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    claim(other.pid, []);

    await expect(claimDataFolder(folder, jest.fn())).rejects.toThrow(`in use by process ${String(other.pid)}`);
  });

  it('refuses a folder that this process has', async () => {
    await claimDataFolder(folder, jest.fn());

    await expect(claimDataFolder(folder, jest.fn())).rejects.toThrow(`in use by process ${process.pid}`);
  });

  it('takes the folder when the number of its owner is another process by now', async () => {
    claim(process.pid, [], Date.now() - 3_600_000);

    await expect(claimDataFolder(folder, jest.fn())).resolves.toBeDefined();
  });

  it('takes the folder of a dead process', async () => {
    claim(NO_PROCESS, [NO_PROCESS]);

    await expect(claimDataFolder(folder, jest.fn())).resolves.toBeDefined();
  });

  it('stops servers that a dead process has left on the folder, and no others', async () => {
    other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', folder]);
    const foreign = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const ended = once(other, 'exit');
    const report = jest.fn();
    claim(NO_PROCESS, [other.pid, foreign.pid]);
    await claimDataFolder(folder, report);

    await ended;
    expect(report).toHaveBeenCalledWith(expect.stringContaining('server of an earlier run'));
    expect(foreign.exitCode ?? foreign.signalCode).toBeNull();
    foreign.kill('SIGKILL');
  });

  it('is free again after release', async () => {
    const claimed = await claimDataFolder(folder, jest.fn());
    await claimed.note([NO_PROCESS]);
    await claimed.release();

    await expect(claimDataFolder(folder, jest.fn())).resolves.toBeDefined();
  });
});
