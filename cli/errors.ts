/** Exit codes of the command. */
export const EXIT = {
  ok: 0,
  /** The API refused, or the run failed. */
  failed: 1,
  /** With --wait: the run ended held or partial. */
  attention: 2,
  /** Wrong usage or a wrong file (sysexits EX_USAGE). */
  usage: 64,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends the command with a message and an exit code, without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.failed,
    /** The status that the API answered, where it was the API. */
    readonly status: number | null = null
  ) {
    super(message);
  }
}

export const usageError = (message: string): CliError => new CliError(message, EXIT.usage);
