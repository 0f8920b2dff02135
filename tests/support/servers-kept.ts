import type { EmbeddedServers } from '../../embedded/servers';

/** What set-up leaves for teardown. */
interface Kept {
  readonly servers: EmbeddedServers;
  readonly dataDir: string;
}

const KEY = Symbol.for('rollcall.test.servers');
const shared = globalThis as { [KEY]?: Kept };

/** Jest loads set-up and teardown as separate module trees, so only the process itself is common to both. */
export function keepServers(kept: Kept): void {
  shared[KEY] = kept;
}

export function keptServers(): Kept | undefined {
  return shared[KEY];
}
