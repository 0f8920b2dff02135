import type { Command } from 'commander';
import type { ChangesView } from '../../api/views/scim';
import { at } from '../client';
import { asJson, clientFor } from '../context';
import type { Surroundings } from '../context';
import { table } from '../table';

function changesText({ waiting, isCountedWhole, oldestAt, parked }: ChangesView): string {
  const count = isCountedWhole ? String(waiting) : `more than ${waiting}`;
  const since = oldestAt === null ? '' : `, the oldest since ${oldestAt}`;
  const lines = [`${count} waiting${since}`];
  if (parked.length === 0) return lines.join('\n');
  const rows = parked.map(({ id, kind, at: since, error }) => [id, kind, since, error]);
  return [...lines, '', table(['SET ASIDE', 'KIND', 'SINCE', 'WHY'], rows)].join('\n');
}

/** `rollcall changes ...` */
export function addChanges(program: Command, around: Surroundings): void {
  const changes = program.command('changes').description('what was pushed to a connector and has not reached Jira yet');
  changes
    .command('list')
    .argument('<connector>')
    .description('show what waits, and what was set aside')
    .option('--json', 'as JSON')
    .action(async (connector: string, { json }: { readonly json?: boolean }, command: Command) => {
      const client = await clientFor(command, around);
      const found = await client.get<ChangesView>(at('connectors', connector, 'changes'));
      await around.out(json === true ? asJson(found) : `${changesText(found)}\n`);
    });
  changes
    .command('retry')
    .argument('<connector>')
    .argument('<change>', 'id of what was set aside')
    .description('try it once more')
    .action(async (connector: string, change: string, _options: unknown, command: Command) => {
      const client = await clientFor(command, around);
      await client.request(at('connectors', connector, 'changes', change, 'retry'), { method: 'POST' });
      around.tell(`${change} waits to be carried again`);
    });
}
