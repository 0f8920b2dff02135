import type { Command } from 'commander';
import type { z } from 'zod';
import type { targetSchema } from '../../api/views/target';
import { at, eachItem } from '../client';
import { clientFor } from '../context';
import type { Surroundings } from '../context';
import { table } from '../table';
import { addSaving, addSingle } from './resource';

type Target = z.output<typeof targetSchema>;
const RESOURCE = { name: 'targets', one: 'target' } as const;

/** `rollcall targets ...` */
export function addTargets(program: Command, around: Surroundings): void {
  const targets = program.command('targets').description('the Jira instances that connectors write to');
  targets
    .command('list')
    .description('list the targets')
    .action(async (_options: unknown, command: Command) => {
      const rows: string[][] = [];
      for await (const { id, config, version } of eachItem<Target>(await clientFor(command, around), at('targets'))) {
        rows.push([id, String(config.type), String(config.baseUrl), String(version)]);
      }
      await around.out(`${table(['TARGET', 'TYPE', 'ADDRESS', 'VERSION'], rows)}\n`);
    });
  addSaving(targets, RESOURCE, around);
  addSingle(targets, RESOURCE, around);
}
