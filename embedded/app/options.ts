import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { usageError } from './exits';

/** What to sync: the demo, a person's own file, the connectors of a configuration file, or nothing new. */
export type StartMode =
  | { readonly kind: 'demo' }
  | { readonly kind: 'users'; readonly file: string }
  | { readonly kind: 'config'; readonly file: string }
  | { readonly kind: 'empty' };

export interface StartOptions {
  readonly mode: StartMode;
  /** Run every connector once and end. */
  readonly once: boolean;
}

interface Written {
  readonly users?: string;
  readonly config?: string;
  readonly demo: boolean;
  readonly once?: boolean;
}

const HELP = `
Without options the demo is synced: 1,000 people and 40 groups of a generated file, into a simulated Jira.

Examples (after "npm start" come two dashes):
  npm start -- --users people.csv         columns: docs/connectors/file.md
  npm start -- --config rollcall.yaml     see rollcall.example.yaml and docs/configuration.md
  npm start -- --config rollcall.yaml --once

Exit codes of --once: 0 all done, 1 a run failed, 2 something is held or was done in part, 64 wrong configuration.
Ports, folders and other settings are environment variables: docs/operations.md`;

function command(print: (text: string) => void): Command {
  return new Command('npm start --')
    .description('Starts Rollcall with everything it needs on this machine, and syncs.')
    .option('--users <file>', "sync your own file (CSV or JSON) into the simulated Jira, instead of the demo's")
    .option('--config <file>', 'run the connectors of a configuration file (YAML)')
    .option('--no-demo', 'start without the demo')
    .option('--once', 'run every connector once, print a line for each run, and end')
    .addHelpText('after', HELP)
    .allowExcessArguments(false)
    .configureOutput({ writeOut: print, writeErr: () => undefined })
    .exitOverride();
}

function modeOf({ users, config, demo }: Written, folder: string): StartMode {
  if (users !== undefined && config !== undefined) {
    throw usageError('--users and --config exclude each other: name the file in the configuration instead');
  }
  if (users !== undefined) return { kind: 'users', file: resolve(folder, users) };
  if (config !== undefined) return { kind: 'config', file: resolve(folder, config) };
  return demo ? { kind: 'demo' } : { kind: 'empty' };
}

/**
 * Reads the command line; null when help was asked for and printed. Relative files are taken from `folder`.
 * @throws StartError with the usage code
 */
export function parseOptions(
  args: readonly string[],
  folder: string,
  print: (text: string) => void
): StartOptions | null {
  const program = command(print);
  try {
    program.parse([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return null;
    const message = error.message.replace(/^error: /, '');
    throw usageError(`${message}\nSee: npm start -- --help`, { cause: error });
  }
  const written = program.opts<Written>();
  return { mode: modeOf(written, folder), once: written.once === true };
}
