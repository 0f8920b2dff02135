import type { Command } from 'commander';
import type { z } from 'zod';
import type { handoverSchema } from '../../api/views/handover';
import { at } from '../client';
import { asJson, clientFor } from '../context';
import type { Surroundings } from '../context';
import { facts, table } from '../table';
import { everyPage } from './adoption';
import type { Accepted } from './resource';
import { followRun } from './runs';

export type HandoverView = z.output<typeof handoverSchema>;

interface PlanOptions {
  readonly from: string;
  readonly matchBy?: string;
  readonly wait?: boolean;
}

/** `rollcall handover plan CONNECTOR --from OTHER` and `rollcall handover show RUN` */
export function addHandover(program: Command, around: Surroundings): void {
  const handover = program.command('handover').description('let one connector take over the people of another');
  handover
    .command('plan')
    .argument('<connector>', 'the one that takes over')
    .description('plan it; approve the run with `rollcall approve`, which pauses the other connector')
    .requiredOption('--from <connector>', 'the one whose links move')
    .option('--match-by <keys>', 'of key, email, username, joined by commas')
    .option('--wait', 'wait for the plan')
    .action(async (connector: string, { from, matchBy, wait }: PlanOptions, command: Command) => {
      const client = await clientFor(command, around);
      const keys = matchBy?.split(',').map((key) => key.trim());
      const body = { from, ...(keys !== undefined && { matchBy: keys }) };
      const path = at('connectors', connector, 'handover');
      const accepted = await client.request<Accepted>(path, { method: 'POST', body });
      await followRun(client, accepted.body, wait, around);
    });
  handover
    .command('show')
    .argument('<run>')
    .description('what a hand-over moves, and who is left on which side')
    .option('--side <side>', 'list only those of the new or the old connector')
    .option('--json', 'as JSON')
    .action(async (run: string, { side, json }: { side?: string; json?: boolean }, command: Command) => {
      const client = await clientFor(command, around);
      const found = await everyPage<HandoverView>(client, at('runs', run, 'handover'), { side });
      await around.out(json === true ? asJson(found) : `${handoverText(found)}\n`);
    });
}

function handoverText({ from, matchBy, counts, items }: HandoverView): string {
  const numbers = Object.entries(counts).map(([name, count]) => [name, String(count)] as const);
  return [
    facts([['from', from], ['match by', matchBy.join(', ')], ...numbers]),
    '',
    table(
      ['LEFT', 'WHAT', 'ID', 'NAME', 'WHY'],
      items.map(({ side, what, externalId, name, reasons }) => [
        side,
        what,
        externalId,
        name ?? '',
        reasons.map(({ rule, code, params = {} }) => [rule, code, ...Object.values(params)].join(' ')).join('; '),
      ])
    ),
  ].join('\n');
}
