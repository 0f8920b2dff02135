import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from '../support/faults';
import type { HeldAnswer } from '../support/held';
import type { ChangeInput, FaultsInput } from './control/schemas';
import type { GroupView, SimulatorStats, StatePage, UserView } from './control/view';
import type { FaultKind } from './http/faultKinds';

/** The control plane of a simulator, also of one in another process. */
export interface SimulatorControl {
  readonly stats: () => Promise<SimulatorStats>;
  /** All users, page by page. */
  readonly users: () => Promise<readonly UserView[]>;
  readonly groups: () => Promise<readonly GroupView[]>;
  readonly addFault: (fault: FaultsInput) => Promise<Fault<FaultKind>>;
  readonly faults: () => Promise<readonly Fault<FaultKind>[]>;
  readonly removeFaults: () => Promise<void>;
  readonly held: () => Promise<readonly HeldAnswer[]>;
  /** Resolves as soon as this many answers are held; rejects when that takes too long. */
  readonly waitUntilHeld: (count: number, timeoutMs: number) => Promise<readonly HeldAnswer[]>;
  /** Lets one held answer go, or all; answers how many. */
  readonly release: (id?: number) => Promise<number>;
  readonly change: (changes: ChangeInput) => Promise<StatePage['totals']>;
  readonly reset: (only?: 'stats' | 'faults' | 'state') => Promise<void>;
}

const HELD_POLL_MS = 20;

export function createSimulatorControl(controlUrl: string): SimulatorControl {
  const get = (path: string): Promise<unknown> => request(controlUrl, 'GET', path);
  const post = (path: string, body: unknown): Promise<unknown> => request(controlUrl, 'POST', path, body);
  const held = async (): Promise<readonly HeldAnswer[]> =>
    ((await get('/held')) as { held: readonly HeldAnswer[] }).held;

  return {
    held,
    stats: async () => (await get('/stats')) as SimulatorStats,
    users: () => allUsers(get),
    groups: async () => ((await get('/groups')) as { groups: readonly GroupView[] }).groups,
    addFault: async (fault) => firstOf(((await post('/faults', fault)) as FaultList).faults),
    faults: async () => ((await get('/faults')) as FaultList).faults,
    removeFaults: async () => {
      await request(controlUrl, 'DELETE', '/faults');
    },
    waitUntilHeld: (count, timeoutMs) => waitUntilHeld(held, count, timeoutMs),
    release: async (id) => ((await post('/release', id === undefined ? {} : { id })) as { released: number }).released,
    change: async (changes) => (await post('/users', changes)) as StatePage['totals'],
    reset: async (only) => {
      await post('/reset', only === undefined ? {} : { only });
    },
  };
}

interface FaultList {
  readonly faults: readonly Fault<FaultKind>[];
}

function firstOf<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined) throw new Error('the simulator answered with an empty list');
  return first;
}

async function allUsers(get: (path: string) => Promise<unknown>): Promise<readonly UserView[]> {
  const users: UserView[] = [];
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? '' : `?cursor=${encodeURIComponent(cursor)}`;
    const page = (await get(`/state${query}`)) as StatePage;
    for (const user of page.users) users.push(user);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return users;
}

async function waitUntilHeld(
  held: () => Promise<readonly HeldAnswer[]>,
  count: number,
  timeoutMs: number
): Promise<readonly HeldAnswer[]> {
  const deadlineMs = Date.now() + timeoutMs;
  for (;;) {
    const answers = await held();
    if (answers.length >= count) return answers;
    if (Date.now() > deadlineMs) {
      throw new Error(`only ${answers.length} of ${count} answers were held after ${timeoutMs} ms`);
    }
    await wait(HELD_POLL_MS);
  }
}

async function request(controlUrl: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${controlUrl}/_sim${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  });
  const content = await response.text();
  if (!response.ok) throw new Error(`${method} /_sim${path} answered ${response.status}: ${content}`);
  return content === '' ? undefined : JSON.parse(content);
}
