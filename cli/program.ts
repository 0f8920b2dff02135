import { Command, CommanderError } from 'commander';
import { addChanges } from './commands/changes';
import { addAdoption } from './commands/adoption';
import { addConnectors } from './commands/connectors';
import { addDecisions } from './commands/decisions';
import { addMapping } from './commands/mapping';
import { addHandover } from './commands/handover';
import { addMigration } from './commands/migration';
import { addObserve } from './commands/observe';
import { addPeople } from './commands/people';
import { addRunCommands } from './commands/runs';
import { addScimTokens } from './commands/scim-tokens';
import { addTargets } from './commands/targets';
import { addDrift } from './commands/insight-drift';
import { addExceptions } from './commands/insight-exceptions';
import { addExplain } from './commands/insight-explain';
import { addRollback } from './commands/insight-rollback';
import { addWhatIf } from './commands/insight-what-if';
import { outcomeOf } from './context';
import type { Surroundings } from './context';
import { EXIT } from './errors';

const DEFAULT_URL = 'http://127.0.0.1:8080';
const WRAP_AT = 100;

const HELP = `
Token: --token, ROLLCALL_TOKEN, or a file that ROLLCALL_TOKEN_FILE names (npm start writes data/admin-token).
Exit codes: 0 done, 1 failed or refused, 2 held or partial (with --wait), 64 wrong usage.`;

/** The `rollcall` command. It speaks HTTP only; everything it can do, the API can. */
export function createProgram(around: Surroundings): Command {
  const program = new Command('rollcall')
    .description('Keeps the users and groups of Jira Data Center equal to those of an identity provider.')
    .option('--url <address>', 'address of the API', around.env.ROLLCALL_URL ?? DEFAULT_URL)
    .option('--token <token>', 'token of the API; others on this machine may see it in the list of processes')
    .addHelpText('after', HELP)
    .configureHelp({ helpWidth: WRAP_AT, showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void around.out(text),
      writeErr: (text) => {
        around.tell(text.trimEnd());
      },
    })
    .exitOverride();
  addTargets(program, around);
  addConnectors(program, around);
  addRunCommands(program, around);
  addDecisions(program, around);
  addPeople(program, around);
  addScimTokens(program, around);
  addWhatIf(program, around);
  addMapping(program, around);
  addChanges(program, around);
  addExplain(program, around);
  addRollback(program, around);
  addExceptions(program, around);
  addDrift(program, around);
  addAdoption(program, around);
  addHandover(program, around);
  addObserve(program, around);
  addMigration(program, around);
  return program;
}

/** Runs one command line (without the names of node and script) and sets the exit code; never throws. */
export async function runCommandLine(args: readonly string[], around: Surroundings): Promise<void> {
  try {
    await createProgram(around).parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      // It has said what was wrong, or has shown its help.
      around.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
      return;
    }
    const { message, code } = outcomeOf(error);
    around.tell(message);
    around.exit(code);
  }
}
