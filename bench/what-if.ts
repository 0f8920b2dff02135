import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jiraTarget, runOnce, startInstallation } from './installation';
import type { Call } from './installation';
import { benchCsv, benchPeople } from './people';

export interface WhatIfBenchOptions {
  readonly users: number;
  readonly groups: number;
}

/** Configurations that are tried, from one that changes nothing to one that changes everybody. */
const TRIED: Readonly<Record<string, object>> = {
  unchanged: {},
  scope: { scope: { requiredGroups: ['group-1', 'group-2'] } },
  renameAll: { mapping: { username: { source: 'username', transforms: [{ type: 'prefix', value: 'x-' }] } } },
  groups: { groups: { include: ['group-1*'], outOfScope: 'remove' } },
};

interface Answer {
  readonly requestId: string;
  readonly people?: number;
  readonly differing?: number;
}
interface Request {
  readonly status: string;
  readonly error: string | null;
  readonly result: Omit<Answer, 'requestId'> | null;
}

/**
 * What-ifs over the snapshot of a run that created generated people. @returns plain JSON: seconds from the request to the
 * answer, and bytes of memory of each process before the first and after the last
 */
export async function benchWhatIf({ users, groups }: WhatIfBenchOptions): Promise<object> {
  const installation = await startInstallation();
  try {
    const { call } = installation;
    const file = join(installation.folder, 'people.csv');
    await writeFile(file, benchCsv(benchPeople(users, groups)));
    await call('POST', '/targets', jiraTarget(await installation.simulate('jira')));
    const config = { id: 'bench', target: 'jira', source: { type: 'file', users: file } };
    await call('POST', '/connectors', config);
    await runOnce(call, 'bench');
    const before = await installation.peakRss();
    const tried: Record<string, object> = {};
    for (const [name, changes] of Object.entries(TRIED)) tried[name] = await timed(call, { ...config, ...changes });
    return {
      bench: 'what-if',
      users,
      groups,
      store: installation.store,
      tried,
      peakRss: { before, after: await installation.peakRss() },
    };
  } finally {
    await installation.stop();
  }
}

const POLL_MS = 50;

async function timed(call: Call, config: object): Promise<object> {
  const began = performance.now();
  const asked = await call<Answer>('POST', '/connectors/bench/what-if', { config });
  const { people = 0, differing = 0 } = asked.people === undefined ? await later(call, asked.requestId) : asked;
  return { seconds: Math.round(performance.now() - began) / 1_000, people, differing };
}

async function later(call: Call, requestId: string): Promise<Omit<Answer, 'requestId'>> {
  for (;;) {
    const { status, error, result } = await call<Request>('GET', `/requests/${requestId}`);
    if (status === 'failed') throw new Error(error ?? 'the what-if failed');
    if (result !== null) return result;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
