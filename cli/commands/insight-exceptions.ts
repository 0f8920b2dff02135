import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { at } from '../client';
import { clientFor } from '../context';
import type { Surroundings } from '../context';
import { table } from '../table';
import { positive } from './runs';

interface ExceptionView {
  readonly id: string;
  readonly kind: string;
  readonly count?: number;
  readonly percent?: number;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly state: string;
}
interface AddOptions {
  readonly count?: number;
  readonly percent?: number;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

function share(text: string): number {
  const number = Number(text);
  if (number > 0 && number <= 100) return number;
  throw new InvalidArgumentError('it must be a percentage, above 0 and at most 100.');
}

/** `rollcall exceptions list|add|remove` */
export function addExceptions(program: Command, around: Surroundings): void {
  const exceptions = program.command('exceptions').description('planned days on which limits are higher');
  exceptions
    .command('list')
    .argument('<connector>')
    .description('list them')
    .action(async (connector: string, _options: unknown, command: Command) => {
      const path = at('connectors', connector, 'exceptions');
      const { items } = await (await clientFor(command, around)).get<{ items: readonly ExceptionView[] }>(path);
      const rows = items.map(({ id, kind, count, percent, from, to, state, reason }) => [
        id,
        kind,
        count === undefined ? `${String(percent)} %` : String(count),
        from,
        to,
        state,
        reason,
      ]);
      await around.out(`${table(['EXCEPTION', 'KIND', 'LIMIT', 'FROM', 'TO', 'STATE', 'REASON'], rows)}\n`);
    });
  exceptions
    .command('add')
    .argument('<connector>')
    .argument('<kind>', 'a kind of the gate, for example creates')
    .description('raise a limit for a planned day; it ends by itself')
    .option('--count <n>', 'so many in 24 hours', positive)
    .option('--percent <n>', 'or such a share', share)
    .requiredOption('--from <time>', 'a day (2026-08-31) or a time in UTC')
    .requiredOption('--to <time>', 'the last day, or the time at which it is over')
    .requiredOption('--reason <text>', 'why')
    .action(async (connector: string, kind: string, options: AddOptions, command: Command) => {
      const client = await clientFor(command, around);
      const path = at('connectors', connector, 'exceptions');
      const { body } = await client.request<ExceptionView>(path, { method: 'POST', body: { kind, ...options } });
      await around.out(`added exception ${body.id}, from ${body.from} until ${body.to}\n`);
    });
  exceptions
    .command('remove')
    .argument('<connector>')
    .argument('<exception>', 'the id of the list')
    .description('end one before its time')
    .action(async (connector: string, id: string, _options: unknown, command: Command) => {
      const client = await clientFor(command, around);
      await client.request(at('connectors', connector, 'exceptions', id), { method: 'DELETE' });
      await around.out(`removed exception ${id}\n`);
    });
}
