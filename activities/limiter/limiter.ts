import { setMaxListeners } from 'node:events';
import type { CallEnd, CallLimiter } from '../../domain/call-limiter';
import type { CallPriority } from '../../domain/call-slots';
import type { CallLimitRepository } from '../../store/limit-repositories';
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
  /** How long a place is leased for at a time, milliseconds. @default 10000 */
  readonly leaseMs?: number;
}

interface AskedCall {
  readonly priority: CallPriority;
  readonly cost: number;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

interface Connection {
  readonly rate: ReturnType<typeof createCallRate>;
  readonly slots: ReturnType<typeof createCallSlots>;
}

/** Limiters over the shared store: concurrency by leased places, pace by grants (durability 5.6). */
export function createCallLimiters(limits: CallLimitRepository, options: CallLimitersOptions): CallLimiters {
  const { holder, maxWaitMs, leaseMs } = options;
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
      leaseMs,
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
        async take(signal, cost = 1) {
          // Many wait on the signal of one activity.
          setMaxListeners(0, signal);
          const asked = { priority, cost, deadlineMs: Date.now() + maxWaitMs, signal };
          const slot = await startingSlot(open(connection, concurrency), asked);
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

/** A place on which a call may start now: the pace may have kept it waiting until the lease of the place was over. */
async function startingSlot(
  { rate, slots }: Connection,
  { priority, cost, deadlineMs, signal }: AskedCall
): Promise<number> {
  for (;;) {
    const slot = await slots.take(priority, deadlineMs, signal);
    try {
      await rate.turn(priority, deadlineMs, signal, cost);
    } catch (error) {
      slots.release(slot);
      throw error;
    }
    if (slots.mayStart(slot)) return slot;
    slots.release(slot);
  }
}
