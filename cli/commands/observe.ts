import type { Command } from 'commander';
import type { z } from 'zod';
import type { observeSchema } from '../../api/views/observe';
import { at } from '../client';
import { asJson, clientFor } from '../context';
import type { Surroundings } from '../context';
import { facts, table } from '../table';
import { everyPage } from './adoption';

export type ObserveView = z.output<typeof observeSchema>;

interface ReportOptions {
  readonly run?: string;
  readonly cause?: string;
  readonly verdict?: string;
  readonly q?: string;
  readonly json?: boolean;
}

/** `rollcall observe report CONNECTOR` */
export function addObserve(program: Command, around: Surroundings): void {
  program
    .command('observe')
    .description('what Rollcall would have done beside another product')
    .command('report')
    .argument('<connector>')
    .description('where Jira is not as Rollcall would have it, and what happened there since the run before')
    .option('--run <run>', 'of an earlier run whose data are kept')
    .option('--cause <cause>', 'only found, changedInJira, newAtSource or notDone')
    .option('--verdict <verdict>', 'only wronglyAlive or wronglyDead')
    .option('--q <text>', 'only usernames that begin so, or this external id')
    .option('--json', 'as JSON')
    .action(async (connector: string, { json, ...query }: ReportOptions, command: Command) => {
      const client = await clientFor(command, around);
      const path = at('connectors', connector, 'observe-report');
      const found = await everyPage<ObserveView>(client, path, { ...query });
      await around.out(json === true ? asJson(found) : `${observeText(found)}\n`);
    });
}

const shown = (value: string | boolean | null): string => (value === null ? '' : String(value));

function observeText({ runId, readAt, since, counts, items }: ObserveView): string {
  const numbers = Object.entries(counts).map(([name, count]) => [name, String(count)] as const);
  return [
    facts([
      ['run', `${runId} (${readAt})`],
      ['since', since === null ? 'first look' : `${since.runId} (${since.readAt})`],
      ...numbers,
    ]),
    '',
    table(
      ['PERSON', 'ACCOUNT', 'WHAT', 'JIRA', 'ROLLCALL', 'CAUSE', 'VERDICT', 'WHY'],
      items.map(({ externalId, account, what, group, jira, rollcall, cause, verdict, held, reasons }) => [
        externalId,
        account?.username ?? '',
        group === null ? what : `${what} ${group}`,
        shown(jira),
        shown(rollcall),
        cause,
        verdict ?? '',
        [...(held ? ['would be held'] : []), ...reasons.map(({ rule, code }) => `${rule} ${code}`)].join(', '),
      ])
    ),
  ].join('\n');
}
