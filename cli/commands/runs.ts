import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { PlanView } from '../../api/views/plan';
import type { ResultView } from '../../api/views/result';
import type { RunView } from '../../api/views/run';
import { at, eachItem } from '../client';
import type { ApiClient } from '../client';
import { asJson, clientFor } from '../context';
import type { Surroundings } from '../context';
import { CliError, usageError } from '../errors';
import { planTable, resultTable, runTable, runText } from '../show';
import { exitCodeOf, waitForRequest, waitForRun } from '../wait';
import type { Accepted } from './resource';

/** A positive whole number of an option. */
export function positive(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('it must be a whole number above 0.');
}

/** The run that an accepted request leads to; waits for it when the API could not say at once. */
export async function runOf(client: ApiClient, accepted: Accepted, around: Surroundings): Promise<string> {
  if (accepted.runId !== null) return accepted.runId;
  around.tell('waiting for a worker to answer');
  const request = await waitForRequest(client, accepted.requestId, around);
  if (request.runId !== null) return request.runId;
  throw new CliError(request.error ?? 'the request led to no run');
}

/** Tells which run was started; with `wait`, waits for its end, shows it and sets the exit code. */
export async function followRun(
  client: ApiClient,
  accepted: Accepted,
  wait: boolean | undefined,
  around: Surroundings
): Promise<void> {
  const runId = await runOf(client, accepted, around);
  if (wait !== true) {
    await around.out(`${runId}\n`);
    return;
  }
  const run = await waitForRun(client, runId, around);
  await around.out(`${runText(run)}\n`);
  around.exit(exitCodeOf(run.status));
}

interface RunOptions {
  readonly preview?: boolean;
  readonly drift?: boolean;
  readonly wait?: boolean;
}

function addRun(program: Command, around: Surroundings): void {
  program
    .command('run')
    .argument('<connector>')
    .description('ask for a run')
    .option('--preview', 'only plan, write nothing')
    .option('--drift', 'only compare: what was changed since, and where')
    .option('--wait', 'wait for its end: 0 done, 1 failed, 2 held or partial')
    .action(async (connector: string, { preview, drift, wait }: RunOptions, command: Command) => {
      const client = await clientFor(command, around);
      if (preview === true && drift === true) throw usageError('give --preview or --drift, not both');
      const body = { mode: preview === true ? 'preview' : drift === true ? 'drift' : 'sync' };
      const accepted = await client.request<Accepted>(at('connectors', connector, 'runs'), { method: 'POST', body });
      await followRun(client, accepted.body, wait, around);
    });
}

function addRuns(program: Command, around: Surroundings): void {
  const runs = program.command('runs').description('what was done, and when');
  runs
    .command('list')
    .description('list runs, newest first')
    .option('--connector <id>', 'of one connector')
    .option('--limit <n>', 'how many', positive, 20)
    .action(async ({ connector, limit }: { connector?: string; limit: number }, command: Command) => {
      const path = connector === undefined ? at('runs') : at('connectors', connector, 'runs');
      const found: RunView[] = [];
      const list = eachItem<RunView>(await clientFor(command, around), path, { limit: Math.min(limit, 500) });
      for await (const run of list) if (found.push(run) === limit) break;
      await around.out(`${runTable(found)}\n`);
    });
  runs
    .command('show')
    .argument('<run>')
    .description('show a run')
    .option('--json', 'as JSON')
    .action(async (id: string, { json }: { json?: boolean }, command: Command) => {
      const run = await (await clientFor(command, around)).get<RunView>(at('runs', id));
      await around.out(json === true ? asJson(run) : `${runText(run)}\n`);
    });
}

interface ResultsOptions {
  readonly outcome?: string;
  readonly q?: string;
  readonly json?: boolean;
}

function addResults(program: Command, around: Surroundings): void {
  program
    .command('results')
    .argument('<run>')
    .description('list what a run did with each person')
    .option('--outcome <outcome>', 'only these: created, updated, held, failed, ...')
    .option('--q <text>', 'only usernames that begin so, or this external id')
    .option('--json', 'one JSON object a line')
    .action(async (id: string, { outcome, q, json }: ResultsOptions, command: Command) => {
      const client = await clientFor(command, around);
      if (json === true && outcome === undefined && q === undefined) return copyLines(client, id, around);
      const list = eachItem<ResultView>(client, at('runs', id, 'results'), { outcome, q, limit: 500 });
      if (json === true) {
        for await (const result of list) await around.out(`${JSON.stringify(result)}\n`);
        return;
      }
      const found: ResultView[] = [];
      for await (const result of list) found.push(result);
      await around.out(`${resultTable(found)}\n`);
    });
}

async function copyLines(client: ApiClient, id: string, { out }: Surroundings): Promise<void> {
  const decoder = new TextDecoder();
  for await (const piece of await client.stream(at('runs', id, 'results.ndjson'))) {
    await out(decoder.decode(piece, { stream: true }));
  }
}

interface PlanOptions {
  readonly kind?: string;
  readonly status?: string;
  readonly q?: string;
  readonly json?: boolean;
}

async function showPlan(client: ApiClient, id: string, options: PlanOptions, around: Surroundings): Promise<void> {
  const { kind, status, q, json } = options;
  const items: PlanView['items'][number][] = [];
  let head: PlanView | null = null;
  let cursor: string | undefined;
  do {
    const query = { kind, status, q, limit: 500, cursor };
    const page: PlanView = await client.get(at('runs', id, 'plan'), query);
    head ??= page;
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  if (json === true) return around.out(asJson({ ...head, items, nextCursor: null }));
  await around.out(`${planTable(items)}\n`);
  around.tell(
    `${head.total} operations, ${head.held} held · plan ${head.planHash ?? 'none'} · held ${head.heldHash ?? 'none'}`
  );
}

function addPlan(program: Command, around: Surroundings): void {
  program
    .command('plan')
    .argument('<run>')
    .description('show the plan of a run, operation by operation')
    .option('--kind <kind>', 'only createUser, removeMembership, ...')
    .option('--status <status>', 'only planned, held, done, ...')
    .option('--q <text>', 'only usernames that begin so, or this external id, key or group')
    .option('--json', 'as JSON')
    .action(async (id: string, options: PlanOptions, command: Command) => {
      await showPlan(await clientFor(command, around), id, options, around);
    });
}

/** `rollcall run`, `runs`, `results` and `plan`. */
export function addRunCommands(program: Command, around: Surroundings): void {
  addRun(program, around);
  addRuns(program, around);
  addResults(program, around);
  addPlan(program, around);
}
