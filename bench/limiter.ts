import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jiraTarget, runOnce, startInstallation } from './installation';
import { benchCsv, benchPeople } from './people';

export interface LimiterBenchOptions {
  readonly users: number;
  /** Requests a second that the simulated Jira lets through, and the size of its bucket. */
  readonly rate: number;
}

interface Stats {
  readonly calls: Readonly<Record<string, number>>;
  readonly answers: Readonly<Record<string, number>>;
  readonly maxConcurrency: number;
}

const GROUPS = 5;
const POLL_MS = 100;

/**
 * Two workers that share the limit of one simulated Jira: a first sync, of which the stretch from the first call to the last
 * is measured against what the limit allows.
 * @returns plain JSON: calls, the share of them that was refused, the part of the limit that was used
 */
export async function benchLimiter({ users, rate }: LimiterBenchOptions): Promise<object> {
  const installation = await startInstallation(2);
  try {
    const file = join(installation.folder, 'people.csv');
    await writeFile(file, benchCsv(benchPeople(users, GROUPS)));
    const jira = await installation.simulate('jira', ['--rate', `${rate}/1`]);
    const { call } = installation;
    await call('POST', '/targets', jiraTarget(jira));
    await call('POST', '/connectors', { id: 'bench', target: 'jira', source: { type: 'file', users: file } });
    const watch = watchCalls(jira);
    const { status } = await runOnce(call, 'bench');
    const { firstMs, lastMs, stats } = await watch.stop();
    const sent = Object.values(stats.calls).reduce((sum, count) => sum + count, 0);
    const refused = stats.answers['429'] ?? 0;
    const seconds = (lastMs - firstMs) / 1_000;
    return {
      bench: 'limiter',
      users,
      rate,
      workers: 2,
      status,
      calls: sent,
      refusedShare: round(refused / sent),
      seconds: round(seconds),
      // The bucket is full at first.
      usedShare: round((sent - refused - rate) / (seconds * rate)),
      maxConcurrency: stats.maxConcurrency,
      store: installation.store,
    };
  } finally {
    await installation.stop();
  }
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000;

/** Looks at the counters often enough to know when the first and the last call came. */
function watchCalls(jira: string) {
  let [firstMs, lastMs, seen] = [0, 0, 0];
  const look = async (): Promise<Stats> => {
    const stats = (await (await fetch(`${jira}/_sim/stats`)).json()) as Stats;
    const sent = Object.values(stats.calls).reduce((sum, count) => sum + count, 0);
    if (seen === 0 && sent > 0) firstMs = performance.now();
    if (sent > seen) lastMs = performance.now();
    seen = sent;
    return stats;
  };
  const timer = setInterval(() => void look(), POLL_MS);
  return {
    stop: async (): Promise<{ firstMs: number; lastMs: number; stats: Stats }> => {
      clearInterval(timer);
      const stats = await look();
      return { firstMs, lastMs, stats };
    },
  };
}
