import { jiraTarget, runOnce, startInstallation } from './installation';
import type { Call } from './installation';
import { percentiles } from './percentiles';
import type { Percentiles } from './percentiles';

export interface LoginBenchOptions {
  readonly users: number;
  readonly groups: number;
  /** Log-ins measured, one after the other; at most `users` and 500. */
  readonly logins: number;
}

interface Page {
  readonly items: readonly { readonly externalId: string }[];
}
interface Synced {
  readonly result: { readonly outcome: string };
}
/**
 * Log-ins of people whose accounts a run has made in advance, against a simulated Keycloak and Jira on an idle machine:
 * first nothing is to be done, then each log-in completes an attribute that the source leaves empty.
 * @returns plain JSON
 */
export async function benchLogin({ users, groups, logins }: LoginBenchOptions): Promise<object> {
  const installation = await startInstallation();
  try {
    const { call } = installation;
    const jira = await installation.simulate('jira');
    const baseUrl = await installation.simulate('keycloak', ['--users', String(users), '--groups', String(groups)]);
    await call('POST', '/targets', jiraTarget(jira));
    await call('POST', '/connectors', {
      id: 'bench',
      target: 'jira',
      source: { type: 'keycloak', baseUrl, realm: 'corp', clientId: 'rollcall', clientSecret: 'sim-secret' },
      mapping: { displayName: { source: 'nickname', fallback: ['fullName'] } },
    });
    await runOnce(call, 'bench');
    const { items } = await call<Page>('GET', `/runs/bench-1/results?outcome=created&limit=${logins}`);
    const ids = items.map(({ externalId }) => externalId);
    // The first ones pay for connections and caches, once in the life of a process.
    for (const id of ids.slice(0, WARM_UP)) await logIn(call, id, {});
    const unchanged = await measure(ids, (id) => logIn(call, id, {}), 'unchanged');
    const completed = await measure(ids, (id) => logIn(call, id, { nickname: `Nick ${id.slice(-4)}` }), 'updated');
    return { bench: 'login', users, groups, logins: ids.length, store: installation.store, unchanged, completed };
  } finally {
    await installation.stop();
  }
}

const WARM_UP = 10;

const logIn = (call: Call, id: string, attributes: Readonly<Record<string, string>>): Promise<Synced> =>
  call('POST', `/connectors/bench/users/${encodeURIComponent(id)}/sync`, { attributes });

async function measure(
  ids: readonly string[],
  logInOne: (id: string) => Promise<Synced>,
  expected: string
): Promise<Percentiles> {
  const times: number[] = [];
  for (const id of ids) {
    const began = performance.now();
    const { result } = await logInOne(id);
    times.push(performance.now() - began);
    if (result.outcome !== expected) throw new Error(`a log-in ended ${result.outcome} instead of ${expected}`);
  }
  return percentiles(times);
}
