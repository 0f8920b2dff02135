import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { createClient } from './client';
import type { ApiClient } from './client';
import { CliError, usageError } from './errors';

/** Where a command writes and what it reads from around it; tests hand in their own. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes to standard output. Resolves when more may be written. */
  readonly out: (text: string) => Promise<void>;
  /** Tells a person what goes on, on standard error. */
  readonly tell: (text: string) => void;
  /** Sets the exit code of the process. */
  readonly exit: (code: number) => void;
  /** Waits between two looks at something that changes, milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
}

export interface GlobalOptions {
  readonly url: string;
  readonly token?: string;
}

async function tokenFrom({ token }: GlobalOptions, env: Surroundings['env']): Promise<string> {
  if (token !== undefined) return token;
  if (env.ROLLCALL_TOKEN) return env.ROLLCALL_TOKEN;
  const file = env.ROLLCALL_TOKEN_FILE;
  if (!file) throw usageError('no token: give --token, or set ROLLCALL_TOKEN or ROLLCALL_TOKEN_FILE');
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw usageError(`ROLLCALL_TOKEN_FILE: ${error instanceof Error ? error.message : 'cannot be read'}`);
  });
  return text.trim();
}

/**
 * The client for a command, by the options of the program.
 * @throws CliError with the usage code when the address or the token is missing or malformed
 */
export async function clientFor(command: Command, { env }: Surroundings): Promise<ApiClient> {
  const options = command.optsWithGlobals<GlobalOptions>();
  if (!/^https?:\/\/[^\s]+$/.test(options.url)) throw usageError(`--url ${options.url} is not an http(s) address`);
  const token = await tokenFrom(options, env);
  if (!/^[\x21-\x7e]+$/.test(token)) throw usageError('the token must be visible ASCII characters without blanks');
  return createClient({ url: options.url, token });
}

/** Prints what was asked for as JSON. */
export const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The message of anything thrown, and its exit code. */
export function outcomeOf(error: unknown): { readonly message: string; readonly code: number } {
  if (error instanceof CliError) return { message: error.message, code: error.exitCode };
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error), code: 1 };
}
