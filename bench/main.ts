import { Command } from 'commander';
import { benchChurn } from './churn/churn';
import { benchKeycloak } from './keycloak';
import { benchLimiter } from './limiter';
import { benchLogin } from './login';
import { benchSync } from './sync';
import { benchWhatIf } from './what-if';

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
  .option('--no-floor', 'without the bare loop: for figures other than the ratio')
  .action(async ({ latency, ...options }: { users: number; groups: number; latency: number; floor: boolean }) => {
    console.log(JSON.stringify(await benchSync({ ...options, latencyMs: latency }), null, 2));
  });
program
  .command('login')
  .description('log-ins of people that a run has created in advance')
  .option('--users <n>', 'people', wholeNumber, 1_000)
  .option('--groups <n>', 'groups', wholeNumber, 50)
  .option('--logins <n>', 'log-ins measured', wholeNumber, 200)
  .action(async (options: { users: number; groups: number; logins: number }) => {
    console.log(JSON.stringify(await benchLogin(options), null, 2));
  });
program
  .command('limiter')
  .description('two workers that share the limit of one Jira')
  .option('--users <n>', 'people', wholeNumber, 60)
  .option('--rate <n>', 'requests a second', wholeNumber, 5)
  .action(async (options: { users: number; rate: number }) => {
    console.log(JSON.stringify(await benchLimiter(options), null, 2));
  });
program
  .command('keycloak')
  .description('a whole read of a real Keycloak, and look-ups of single people')
  .option('--users <n>', 'people', wholeNumber, 10_000)
  .option('--groups <n>', 'groups', wholeNumber, 200)
  .option('--look-ups <n>', 'single people looked up', wholeNumber, 200)
  .action(async (options: { users: number; groups: number; lookUps: number }) => {
    console.log(JSON.stringify(await benchKeycloak(options), null, 2));
  });
program
  .command('what-if')
  .description('other configurations over the stored snapshot of a run')
  .option('--users <n>', 'people', wholeNumber, 10_000)
  .option('--groups <n>', 'groups', wholeNumber, 200)
  .action(async (options: { users: number; groups: number }) => {
    console.log(JSON.stringify(await benchWhatIf(options), null, 2));
  });
program
  .command('churn')
  .description('years of life of companies under the limits of the gate')
  .option('--sizes <n...>', 'people of each company', (size: string, sizes?: number[]) => [
    ...(sizes ?? []),
    wholeNumber(size),
  ])
  .option('--years <n>', 'years of each', wholeNumber, 50)
  .action(({ sizes = [30, 2_000, 100_000], years }: { sizes?: number[]; years: number }) => {
    console.log(JSON.stringify(benchChurn({ sizes, years }), null, 2));
  });
program.parseAsync().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
