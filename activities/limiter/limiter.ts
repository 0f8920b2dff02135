import type { CallEnd, CallLimiter } from '../../domain/call-limiter';
import type { CallPriority } from '../../domain/call-slots';
import type { CallLimitRepository } from '../../store/store';
import { createCallRate } from './callRate';
import { createCallSlots } from './callSlots';

/** The limiters of one process, one for each connection that it calls. */
export interface CallLimiters {
  /** @param connection the same text in all processes for the same other side */
  limiter(connection: string, concurrency: number, priority: CallPriority): CallLimiter;
  /** Gives every place back. */
  close(): Promise<void>;
}

export interface CallLimitersOptions {
  /** Id of this process. */
  readonly holder: string;
  /** How long a request may wait before it is told to come again, milliseconds. */
  readonly maxWaitMs: number;
}

interface Connection {
  readonly rate: ReturnType<typeof createCallRate>;
  readonly slots: ReturnType<typeof createCallSlots>;
}

/** Limiters over the shared store: concurrency by leased places, pace by grants (durability 5.6). */
export function createCallLimiters(limits: CallLimitRepository, options: CallLimitersOptions): CallLimiters {
  const { holder, maxWaitMs } = options;
  const connections = new Map<string, Connection>();
  const open = (connection: string, concurrency: number): Connection => {
    const key = `${connection} ${concurrency}`;
    const known = connections.get(key);
    if (known !== undefined) return known;
    const rate = createCallRate(limits, connection);
    const slots = createCallSlots({
      limits,
      connection,
      concurrency,
      holder,
      onBlocked: (until) => {
        rate.blocked(until);
      },
    });
    connections.set(key, { rate, slots });
    return { rate, slots };
  };
  return {
    limiter(connection, concurrency, priority) {
      const { rate, slots } = open(connection, concurrency);
      return {
        async take(signal) {
          const deadline = Date.now() + maxWaitMs;
          const slot = await slots.take(priority, deadline, signal);
          try {
            await rate.turn(priority, deadline, signal);
          } catch (error) {
            slots.release(slot);
            throw error;
          }
          let ended = false;
          return {
            end(end: CallEnd) {
              if (ended) return;
              ended = true;
              slots.release(slot);
              rate.note(end);
            },
          };
        },
      };
    },
    async close() {
      await Promise.all([...connections.values()].map(({ slots }) => slots.close()));
    },
  };
}
