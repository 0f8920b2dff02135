import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { IdentityProvider, Page } from '../../connectors/provider';
import { never } from './reading';

const MEGABYTE = 2 ** 20;

/** How many records a full read delivered, and how the memory of the process grew on the way. */
export interface FullRead {
  readonly users: number;
  readonly groups: number;
  readonly memberships: number;
  readonly incomplete: readonly string[];
  readonly seconds: number;
  /** Megabytes in use at the end of the read above those at the end of the users, after a collection each. */
  readonly growth: number;
}

/** Reads everything and keeps nothing, as a run does whose pages go to the store. */
export async function fullRead(provider: IdentityProvider): Promise<FullRead> {
  const incomplete: string[] = [];
  const began = performance.now();
  const count = async (read: (cursor: string | null) => Promise<Page<unknown>>): Promise<number> => {
    let records = 0;
    for (let cursor: string | null = null, pages = 0; pages === 0 || cursor !== null; pages++) {
      const page = await read(cursor);
      records += page.items.length;
      incomplete.push(...(page.incomplete ?? []));
      cursor = page.cursor;
    }
    return records;
  };
  const users = await count((cursor) => provider.listUsers(cursor, never));
  const before = usedMemory();
  const groups = await count((cursor) => provider.listGroups(cursor, never));
  const memberships = await count((cursor) => provider.listMemberships(cursor, never));
  const growth = usedMemory() - before;
  const seconds = (performance.now() - began) / 1_000;
  return { users, groups, memberships, incomplete, seconds, growth };
}

function usedMemory(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / MEGABYTE;
}

/** One line for people: what was read, and the requests it took against the fewest that the provider allows. */
export function tell(name: string, read: FullRead, requests: number, least: number): void {
  const { users, groups, memberships, seconds, growth } = read;
  const over = ((requests / least - 1) * 100).toFixed(1);
  process.stdout.write(
    `${name}: ${users} users, ${groups} groups, ${memberships} memberships in ${seconds.toFixed(1)} s, ` +
      `${requests} requests (fewest possible ${least}, ${over} % more), memory ${growth.toFixed(1)} MB more at the end\n`
  );
}
