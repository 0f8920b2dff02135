import type { ApiClient } from './api-client';
import type { ConnectorAnswer, Page, ResultAnswer, RunAnswer, RunStatus } from './answers';
import type { Progress } from './progress';
import { exitCodeOf, runLine, runRemarks, runTable } from './report';
import { runToEnd } from './runs';
import type { ChosenConnector } from './set-up';
import { listConnectors } from './set-up';

export interface SyncOptions {
  readonly api: ApiClient;
  readonly chosen: readonly ChosenConnector[];
  readonly print: (line: string) => void;
  /** For what is not a result. */
  readonly printAside: (line: string) => void;
  readonly logFile: string;
  readonly newProgress: () => Progress;
  /** How the command line of this checkout is called. */
  readonly rollcall: string;
}

const FAILED_SHOWN = 5;
const STALLED = 'no progress for 20 s; it waits for the source, for Jira, or a minute for what a crash left behind';

async function sync(options: SyncOptions, id: string): Promise<RunAnswer | string> {
  const progress = options.newProgress();
  try {
    const run = await runToEnd(options.api, id, {
      onChange: (state) => {
        progress.show(state);
      },
      onStall: (state) => {
        options.printAside(`  ${state.id}: ${STALLED} (log: ${options.logFile})`);
      },
    });
    return 'notRun' in run ? run.notRun : run;
  } finally {
    progress.end();
  }
}

async function remarks({ api, rollcall }: SyncOptions, run: RunAnswer): Promise<readonly string[]> {
  const failed =
    (run.counts['failed'] ?? 0) === 0
      ? []
      : (await api.get<Page<ResultAnswer>>(`/runs/${run.id}/results?outcome=failed&limit=${FAILED_SHOWN}`)).items;
  return runRemarks(run, failed, rollcall);
}

/**
 * The syncs of a start that stays up, one after the other: connectors that never ran, were changed, are run at every start
 * or have no schedule. The others are told with their next run.
 */
export async function syncAtStart(options: SyncOptions): Promise<void> {
  const { chosen, print } = options;
  const stored = new Map((await listConnectors(options.api)).map((connector) => [connector.id, connector]));
  for (const { id, runNow } of chosen) {
    const connector = stored.get(id);
    if (connector === undefined) continue;
    const next = connector.state.nextFires[0];
    if (runNow || connector.state.lastRun === null || next === undefined) await syncVisibly(options, id);
    else print(`  ${id}: next run ${localTime(next)}`);
  }
  for (const connector of stored.values()) {
    if (!chosen.some(({ id }) => id === connector.id)) print(`  ${connector.id}: ${stateOf(connector)}`);
  }
}

async function syncVisibly(options: SyncOptions, id: string): Promise<void> {
  const { api, print } = options;
  const run = await sync(options, id);
  if (typeof run === 'string') {
    print(`  ${id}: not run: ${run}`);
    return;
  }
  for (const line of [...runTable(run), ...(await remarks(options, run))]) print(line);
  const next = (await api.get<ConnectorAnswer>(`/connectors/${id}`)).state.nextFires[0];
  if (next !== undefined) print(`  Next run: ${localTime(next)}`);
}

function stateOf({ state }: ConnectorAnswer): string {
  if (state.deleting) return 'is being removed';
  if (state.paused) return 'paused';
  const next = state.nextFires[0];
  return next === undefined ? 'runs when it is asked to' : `next run ${localTime(next)}`;
}

function localTime(iso: string): string {
  return new Date(iso).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}

/** Runs the chosen connectors, or all there are, once, with a line for each run. @returns the exit code of --once */
export async function syncOnce(options: SyncOptions, which: 'all' | 'chosen'): Promise<number> {
  const { api, chosen, print } = options;
  const statuses: RunStatus[] = [];
  const connectors = which === 'all' ? await listConnectors(api) : chosen;
  if (connectors.length === 0) print('There are no connectors to run.');
  for (const { id } of connectors) {
    const run = await sync(options, id);
    if (typeof run === 'string') {
      print(`${id}: not run (${run})`);
      continue;
    }
    statuses.push(run.status);
    print(runLine(run));
    for (const line of await remarks(options, run)) print(line);
  }
  return exitCodeOf(statuses);
}
