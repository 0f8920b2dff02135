import { Runtime } from '@temporalio/worker';
import type { Logger, RuntimeOptions } from '@temporalio/worker';
import type { Log } from '../telemetry/log';
import { MetricsListenError } from './metricsServer';

type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error';

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'] as const;
/** Below this the SDK tells of its own life only. */
const LEAST_LEVEL = 'WARN';
/** As Prometheus names things. */
const METRIC_UNITS = { countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true } as const;
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
 * @param metricsAddress host:port at which the SDK shows what it measures; null: nowhere
 * @throws MetricsListenError when that address cannot be listened on
 */
export function installTemporalRuntime(log: Log, metricsAddress: string | null): void {
  const options: RuntimeOptions = {
    logger: temporalLogger(log),
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: { core: LEAST_LEVEL, other: 'ERROR' }, forward: {} },
      ...(metricsAddress !== null && { metrics: { prometheus: { bindAddress: metricsAddress, ...METRIC_UNITS } } }),
    },
  };
  try {
    Runtime.install(options);
  } catch (error) {
    if (metricsAddress === null) throw error;
    const hint = 'set ROLLCALL_TEMPORAL_METRICS_PORT to a free port, and HOST to an address of this machine';
    throw new MetricsListenError(`metrics of Temporal cannot be shown on ${metricsAddress}: ${hint}`, { cause: error });
  }
}
