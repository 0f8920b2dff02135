import { rmSync } from 'node:fs';
import { keptServers } from './servers-kept';

/** Stops what global-setup.ts has started and removes its data. */
async function stopServers(): Promise<void> {
  const kept = keptServers();
  await kept?.servers.stop();
  if (kept !== undefined) {
    rmSync(kept.dataDir, { recursive: true, force: true });
  }
}

export = stopServers;
