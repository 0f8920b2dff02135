import type { Command } from 'commander';
import { at } from '../client';
import { clientFor } from '../context';
import type { Surroundings } from '../context';
import type { Accepted } from './resource';
import { followRun } from './runs';

/** `rollcall rollback RUN` */
export function addRollback(program: Command, around: Surroundings): void {
  program
    .command('rollback')
    .argument('<run>')
    .description('plan the way back of what a run did; approve the plan to carry it out')
    .option('--wait', 'wait for the plan and show it')
    .action(async (id: string, { wait }: { readonly wait?: boolean }, command: Command) => {
      const client = await clientFor(command, around);
      const accepted = await client.request<Accepted>(at('runs', id, 'rollback'), { method: 'POST' });
      await followRun(client, accepted.body, wait, around);
    });
}
