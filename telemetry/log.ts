import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { redactObject, redactText } from './redact';

export type Log = Logger;
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

export interface LogOptions {
  /** The process or part that speaks: `api`, `worker`, ... */
  readonly name: string;
  /** @default 'info' */
  readonly level?: LogLevel;
  /** @default standard output */
  readonly destination?: DestinationStream;
}

function redactArgument(argument: unknown): unknown {
  if (typeof argument === 'string') return redactText(argument);
  if (argument instanceof Error) return redactObject({ err: argument });
  return argument;
}

/**
 * A structured logger (one JSON object a line) out of which no secret and no e-mail address leaves: see redact.ts.
 * Messages are lower-case imperatives, everything variable goes into the object: `log.info({ runId }, 'apply batch')`.
 */
export function createLogger(options: LogOptions): Log {
  return pino(
    {
      name: options.name,
      level: options.level ?? 'info',
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      // pino's own serializer would run before the redaction and keep the stack as it is.
      serializers: { err: (error: unknown) => error },
      formatters: {
        level: (label) => ({ level: label }),
        log: (object) => redactObject(object),
      },
      hooks: {
        logMethod(args, method) {
          const redacted = args.map(redactArgument) as Parameters<typeof method>;
          method.apply(this, redacted);
        },
      },
    },
    options.destination ?? pino.destination(1)
  );
}

/** A logger that says nothing; for tests and one-shot commands. */
export function silentLogger(): Log {
  return pino({ level: 'silent' });
}
