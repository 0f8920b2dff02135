import { json, type Answer } from '../http/answer';
import { flagParameter, type Call, type Endpoint } from '../http/call';
import { directoryById } from '../model/directories';
import type { JiraState } from '../model/state';
import type { Simulator } from '../simulator';

/** The answer is kept this long unless `flush` is asked for (JRASERVER-68797). */
const KEPT_MS = 10 * 60 * 1000;

interface Account {
  readonly directoryId: number;
  readonly directoryName: string;
  readonly userActive: boolean;
}

interface Found {
  readonly atMs: number;
  readonly users: Readonly<Record<string, readonly Account[]>>;
}

const kept = new WeakMap<JiraState, Found>();

/** Names that more than one directory has, each with its accounts in the order of the directories. */
function duplicatedUsers(call: Call, simulator: Simulator): Found['users'] {
  const { state } = simulator;
  const last = kept.get(state);
  const nowMs = simulator.now();
  if (last !== undefined && nowMs - last.atMs < KEPT_MS && !flagParameter(call, 'flush', false)) return last.users;
  const found = { atMs: nowMs, users: findDuplicated(simulator) };
  kept.set(state, found);
  return found.users;
}

function findDuplicated({ state, directories }: Simulator): Found['users'] {
  const account = ({ directoryId, active }: { readonly directoryId: number; readonly active: boolean }): Account => ({
    directoryId,
    directoryName: directoryById(directories, directoryId).name,
    userActive: active,
  });
  const entries = [...state.shadows].map(([name, shadows]) => {
    const visible = state.usersByName.get(name);
    return [name, [...(visible === undefined ? [] : [visible]), ...shadows].map(account)] as const;
  });
  return Object.fromEntries(entries);
}

export const DUPLICATED_ENDPOINTS: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/user/duplicated/count',
    access: 'administrator',
    offered: ({ version }) => version.duplicatedUsers,
    handle: (call, simulator) => json(200, { count: Object.keys(duplicatedUsers(call, simulator)).length }),
  },
  {
    method: 'GET',
    path: '/user/duplicated/list',
    access: 'administrator',
    offered: ({ version }) => version.duplicatedUsers,
    handle: (call, simulator): Answer => json(200, duplicatedUsers(call, simulator)),
  },
];
