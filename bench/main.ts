import { Command } from 'commander';
import { benchSync } from './sync';

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${text} is not a number of at least 1`);
  return value;
};

/** Repeatable measurements; each prints one JSON object. */
const program = new Command('bench').description('Measures Rollcall on embedded servers and prints JSON.');
program
  .command('sync')
  .description('first and unchanged sync beside a bare loop')
  .option('--users <n>', 'people', wholeNumber, 10_000)
  .option('--groups <n>', 'groups', wholeNumber, 200)
  .option('--latency <ms>', 'what Jira takes for a call', Number, 10)
  .action(async ({ users, groups, latency }: { users: number; groups: number; latency: number }) => {
    console.log(JSON.stringify(await benchSync({ users, groups, latencyMs: latency }), null, 2));
  });
program.parseAsync().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
