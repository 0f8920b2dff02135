import { Runtime } from '@temporalio/worker';
import type { Logger } from '@temporalio/worker';
import type { Log } from '../telemetry/log';

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error';

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
/** Below this the SDK tells of its own life only. */
const LEAST_LEVEL = 'WARN';
/** A worker for workflows only, or for activities only, is what we want (durability 5.1). */
const WANTED = /^No (activities|workflows) registered/;

/** The SDK's logger over ours, so that its messages are structured and redacted like all others. */
export function temporalLogger(log: Log): Logger {
  const write = (level: (typeof LEVELS)[number], message: string, meta?: object): void => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(LEAST_LEVEL) || WANTED.test(message)) return;
    log[level.toLowerCase() as Level]({ ...meta }, message);
  };
  return {
    log: write,
    trace: (message, meta) => {
      write('TRACE', message, meta);
    },
    debug: (message, meta) => {
      write('DEBUG', message, meta);
    },
    info: (message, meta) => {
      write('INFO', message, meta);
    },
    warn: (message, meta) => {
      write('WARN', message, meta);
    },
    error: (message, meta) => {
      write('ERROR', message, meta);
    },
  };
}

/**
 * Prepares the SDK for this process; once, before the first connection. It does not listen to signals: the entry point
 * decides what stops when.
 */
export function installTemporalRuntime(log: Log): void {
  Runtime.install({
    logger: temporalLogger(log),
    shutdownSignals: [],
    telemetryOptions: { logging: { filter: { core: LEAST_LEVEL, other: 'ERROR' }, forward: {} } },
  });
}
