/** Exit codes of `npm start`, as people and scripts may rely on them. */
export const EXIT = { ok: 0, failed: 1, attention: 2, usage: 64 } as const;

/** The start cannot go on. The message is for the person at the terminal and says what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
  constructor(
    message: string,
    readonly exitCode: number = EXIT.failed,
    options?: ErrorOptions
  ) {
    super(message, options);
  }
}

/** Wrong usage or wrong configuration: nothing was started for it. */
export function usageError(message: string, options?: ErrorOptions): StartError {
  return new StartError(message, EXIT.usage, options);
}
