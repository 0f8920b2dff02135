import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import pLimit from 'p-limit';
import { createTarget } from '../targets/registry';
import { CONCURRENCY, jiraTarget, runOnce, startInstallation } from './installation';
import type { Call } from './installation';
import { benchCsv, benchPeople } from './people';
import type { BenchPerson } from './people';

export interface SyncBenchOptions {
  readonly users: number;
  readonly groups: number;
  /** What the simulated Jira takes for every call, milliseconds; a real one takes tens. */
  readonly latencyMs: number;
  /** Whether the bare loop runs too. */
  readonly floor: boolean;
}

const PAGE_OF_USERS = 1_000;
const PAGE_OF_MEMBERS = 50;

interface Stats {
  readonly calls: Readonly<Record<string, number>>;
}

/**
 * First and unchanged sync of generated people into a simulated Jira, each process apart, beside a bare loop that makes
 * the same writes at the same concurrency in the same run: the ratio is what Rollcall costs.
 * @returns plain JSON: seconds, calls, Temporal events, bytes of memory at its peak
 */
export async function benchSync({ users, groups, latencyMs, floor }: SyncBenchOptions): Promise<object> {
  const installation = await startInstallation();
  try {
    const people = benchPeople(users, groups);
    const file = join(installation.folder, 'people.csv');
    await writeFile(file, benchCsv(people));
    const startJira = async (): Promise<string> => {
      const url = await installation.simulate('jira');
      await slowDown(url, latencyMs);
      return url;
    };
    const jira = await startJira();
    const { call, temporalAddress } = installation;
    await call('POST', '/targets', jiraTarget(jira));
    await call('POST', '/connectors', { id: 'bench', target: 'jira', source: { type: 'file', users: file } });
    const first = await timedRun(call, jira);
    const unchanged = await timedRun(call, jira);
    const peakRss = await installation.peakRss();
    const floorSeconds = floor ? await bareLoop(await startJira(), people, groups) : null;
    return {
      bench: 'sync',
      users,
      groups,
      latencyMs,
      store: installation.store,
      first: { ...first, leastCalls: leastCalls(people, groups), events: await eventsOf(temporalAddress, 'bench-1') },
      unchanged: { ...unchanged, events: await eventsOf(temporalAddress, 'bench-2') },
      floorSeconds,
      ratio: floorSeconds === null ? null : round(first.seconds / floorSeconds),
      peakRss,
    };
  } finally {
    await installation.stop();
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;

async function slowDown(jira: string, delayMs: number): Promise<void> {
  if (delayMs === 0) return;
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ kind: 'slow', delayMs });
  const response = await fetch(`${jira}/_sim/faults`, { method: 'POST', headers, body });
  if (!response.ok) throw new Error(`the simulated Jira cannot be slowed down: ${await response.text()}`);
}

async function timedRun(
  call: Call,
  jira: string
): Promise<{ seconds: number; status: string; calls: number; counts: object }> {
  const before = await callsMade(jira);
  const began = performance.now();
  const { status, counts } = await runOnce(call, 'bench');
  const seconds = round((performance.now() - began) / 1_000);
  return { seconds, status, calls: (await callsMade(jira)) - before, counts };
}

async function callsMade(jira: string): Promise<number> {
  const stats = (await (await fetch(`${jira}/_sim/stats`)).json()) as Stats;
  return Object.values(stats.calls).reduce((sum, count) => sum + count, 0);
}

/** One write an effect, one read-back a created account, and the reads of an empty Jira: one page of accounts, one look a group. */
function leastCalls(people: readonly BenchPerson[], groups: number): number {
  const memberships = people.reduce((sum, person) => sum + person.groups.length, 0);
  return (
    2 * people.length + groups + memberships + Math.ceil(1 / PAGE_OF_USERS) + groups * Math.ceil(1 / PAGE_OF_MEMBERS)
  );
}

/** The same writes with nothing around them. @returns seconds */
async function bareLoop(baseUrl: string, people: readonly BenchPerson[], groups: number): Promise<number> {
  const auth = { type: 'basic', username: 'admin', password: 'admin' } as const;
  const settings = { id: 'floor', type: 'jira', baseUrl, auth, concurrency: CONCURRENCY, allowHttp: false } as const;
  const target = createTarget(settings, { httpTimeoutMs: 20_000 });
  const limit = pLimit(CONCURRENCY);
  const { signal } = new AbortController();
  const began = performance.now();
  for (let n = 0; n < groups; n += 1) await target.createGroup(`group-${n}`, signal);
  const create = ({ n }: BenchPerson) =>
    target.createUser(
      {
        username: `user${n}`,
        email: `user${n}@example.com`,
        displayName: `User ${n}`,
        notify: false,
        applicationKeys: [],
      },
      signal
    );
  await Promise.all(people.map((person) => limit(() => create(person))));
  const memberships = people.flatMap(({ n, groups: own }) => own.map((group) => ({ group, username: `user${n}` })));
  await Promise.all(memberships.map(({ group, username }) => limit(() => target.addMember(group, username, signal))));
  const seconds = (performance.now() - began) / 1_000;
  await target.close();
  return round(seconds);
}

/** Events of the run and of applying its plan, all histories of it together. */
async function eventsOf(address: string, runId: string): Promise<number> {
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  let events = 0;
  for await (const workflow of client.workflow.list({ query: `WorkflowId IN ('run:${runId}', 'apply:${runId}')` })) {
    events += workflow.historyLength;
  }
  await connection.close();
  return events;
}
