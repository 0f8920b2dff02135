import type { Command } from 'commander';
import type { z } from 'zod';
import type { driftItemSchema } from '../../api/views/drift';
import { at, eachItem } from '../client';
import { asJson, clientFor } from '../context';
import type { Surroundings } from '../context';
import { table } from '../table';
import type { Accepted } from './resource';
import { followRun } from './runs';

type DriftItem = z.output<typeof driftItemSchema>;

interface DriftOptions {
  readonly person?: string;
  readonly json?: boolean;
}

/** `rollcall drift show|revert|accept` */
export function addDrift(program: Command, around: Surroundings): void {
  const drift = program.command('drift').description('what was changed since Rollcall wrote it, and where');
  drift
    .command('show')
    .argument('<run>', 'a run of mode drift (rollcall run CONNECTOR --drift)')
    .description('list the differences')
    .option('--person <text>', 'the beginning of a username, an external id or a group')
    .option('--json', 'as JSON')
    .action(async (id: string, { person, json }: DriftOptions, command: Command) => {
      const items: DriftItem[] = [];
      const query = { q: person, limit: 500 };
      for await (const item of eachItem<DriftItem>(await clientFor(command, around), at('runs', id, 'drift'), query)) {
        items.push(item);
      }
      await around.out(json === true ? asJson(items) : `${driftTable(items)}\n`);
    });
  drift
    .command('revert')
    .argument('<run>')
    .argument('<number>', 'of the difference')
    .description('give Jira back what the source says')
    .option('--wait', 'wait for the end of the run that does it')
    .action(async (id: string, seq: string, { wait }: { readonly wait?: boolean }, command: Command) => {
      const client = await clientFor(command, around);
      const { body } = await client.request<Accepted>(at('runs', id, 'drift', seq, 'revert'), { method: 'POST' });
      await followRun(client, body, wait, around);
    });
  drift
    .command('accept')
    .argument('<run>')
    .argument('<number>', 'of the difference')
    .description('leave it as it is')
    .action(async (id: string, seq: string, _options: unknown, command: Command) => {
      const client = await clientFor(command, around);
      await client.request(at('runs', id, 'drift', seq, 'accept'), { method: 'POST' });
      await around.out(`accepted ${seq} of ${id}\n`);
    });
}

/** The differences as a table. */
export function driftTable(items: readonly DriftItem[]): string {
  const text = (value: unknown): string => JSON.stringify(value);
  return table(
    ['NUMBER', 'PERSON', 'WHAT', 'CHANGED', 'LAST WRITTEN', 'IN JIRA', 'AT SOURCE', 'STATUS'],
    items.map(({ seq, username, externalId, kind, changed, lastApplied, inJira, atSource, status }) => [
      String(seq),
      username ?? externalId ?? '',
      kind,
      changed,
      text(lastApplied),
      text(inJira),
      text(atSource),
      status,
    ])
  );
}
