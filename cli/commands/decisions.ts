import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { z } from 'zod';
import type { auditEventSchema } from '../../api/views/request';
import type { RunView } from '../../api/views/run';
import { at, eachItem } from '../client';
import { clientFor } from '../context';
import type { Surroundings } from '../context';
import { table } from '../table';
import { followRun, positive } from './runs';
import type { Accepted } from './resource';

interface ApproveOptions {
  readonly hash: string;
  readonly only?: readonly string[];
  readonly seqs?: readonly number[];
  readonly wait?: boolean;
}

const list = (text: string): readonly string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

function numbers(text: string): readonly number[] {
  const given = list(text).map(Number);
  if (given.length > 0 && given.every((number) => Number.isInteger(number) && number >= 0)) return given;
  throw new InvalidArgumentError('it must be numbers from the plan, for example 3,17.');
}

function addApprove(program: Command, around: Surroundings): void {
  program
    .command('approve')
    .argument('<run>')
    .description('approve what a run holds, or the plan of a preview')
    .requiredOption('--hash <hash>', 'the hash that was shown: what was seen is what is done')
    .option('--only <kinds>', 'only these gate kinds, for example disabled,removals', list)
    .option('--seqs <numbers>', 'only these operations of the plan, for example 3,17', numbers)
    .option('--wait', 'wait for the end of the run that applies it')
    .action(async (id: string, { hash, only, seqs, wait }: ApproveOptions, command: Command) => {
      const client = await clientFor(command, around);
      const part = { ...(only && { kinds: only }), ...(seqs && { seqs }) };
      const body = { hash, ...((only ?? seqs) ? { only: part } : {}) };
      const accepted = await client.request<Accepted>(at('runs', id, 'approve'), { method: 'POST', body });
      await followRun(client, accepted.body, wait, around);
    });
}

/** `rollcall approve`, `reject`, `cancel` and `audit`. */
export function addDecisions(program: Command, around: Surroundings): void {
  addApprove(program, around);
  program
    .command('reject')
    .argument('<run>')
    .description('reject what a run holds')
    .action(async (id: string, _options: unknown, command: Command) => {
      const client = await clientFor(command, around);
      const { body } = await client.request<RunView>(at('runs', id, 'reject'), { method: 'POST' });
      await around.out(`rejected ${body.id}\n`);
    });
  program
    .command('cancel')
    .argument('<run>')
    .description('stop a run; what it has done stays done')
    .action(async (id: string, _options: unknown, command: Command) => {
      await (await clientFor(command, around)).request(at('runs', id, 'cancel'), { method: 'POST' });
      await around.out(`asked ${id} to stop\n`);
    });
  program
    .command('audit')
    .description('list what was done by whom, newest first')
    .option('--limit <n>', 'how many', positive, 20)
    .action(async ({ limit }: { limit: number }, command: Command) => {
      const rows: string[][] = [];
      const events = eachItem<z.output<typeof auditEventSchema>>(await clientFor(command, around), at('audit'), {
        limit: Math.min(limit, 500),
      });
      for await (const { at: when, by, action, subject, details } of events) {
        if (rows.push([when, by, action, subject, JSON.stringify(details)]) === limit) break;
      }
      await around.out(`${table(['WHEN', 'WHO', 'WHAT', 'ON', 'DETAILS'], rows)}\n`);
    });
}
