import { CallsDelayed } from '../../domain/call-limiter';
import { RESERVED_FOR_MS, fairShare, slotsFor } from '../../domain/call-slots';
import type { CallPriority } from '../../domain/call-slots';
import type { CallLimitRepository } from '../../store/limit-repositories';

/** The places that one process has among the calls to a connection. */
export interface CallSlots {
  /** Waits for a place. @throws CallsDelayed after the deadline; the signal's reason */
  take(priority: CallPriority, deadlineMs: number, signal: AbortSignal): Promise<number>;
  /** Whether a call may start on the place now: not on a lease that is about to end. */
  mayStart(slot: number): boolean;
  /** Frees a place; it stays with this process as long as it has use for it. */
  release(slot: number): void;
  close(): Promise<void>;
}

interface SlotsInput {
  readonly limits: CallLimitRepository;
  readonly connection: string;
  readonly concurrency: number;
  /** Id of this process. */
  readonly holder: string;
  /** How long a place is leased for at a time, milliseconds. */
  readonly leaseMs?: number | undefined;
  /** Told what the store says: nobody may call before. */
  readonly onBlocked: (untilMs: number) => void;
}

/** A place held by a lease in the store; `until` on this process's monotonic clock. */
interface Held {
  until: number;
  busy: boolean;
  usedAt: number;
  /** Goes back as soon as it is free. */
  leaving: boolean;
}
interface Waiter {
  readonly priority: CallPriority;
  give(slot: number): void;
  fail(error: unknown): void;
}

/** @default of `leaseMs` */
const LEASE_MS = 10_000;
/** No call starts on a lease that ends sooner. */
const MARGIN_MS = 1_000;
const LOOK_AFTER_MS = 1_000;
const IDLE_MS = 1_000;
const POLL_MS = 100;
const DELAYED_MS = 1_000;

export function createCallSlots(input: SlotsInput): CallSlots {
  const { limits, connection, concurrency, holder, leaseMs = LEASE_MS, onBlocked } = input;
  const held = new Map<number, Held>();
  const waiters: Record<CallPriority, Waiter[]> = { interactive: [], bulk: [] };
  let asking = false;
  let waitingNoted = false;
  let notedAt = 0;
  let closed = false;
  let reservedUntil = 0;
  let reservationNotedAt = Number.NEGATIVE_INFINITY;
  let poll: NodeJS.Timeout | null = null;
  let care: NodeJS.Timeout | null = null;

  const slotsOf = (priority: CallPriority): readonly number[] =>
    slotsFor(priority, concurrency, reservedUntil > Date.now());

  const usable = ([, slot]: readonly [number, Held]): boolean =>
    !slot.busy && !slot.leaving && slot.until - performance.now() > MARGIN_MS;

  /** Hands out free places, to people who wait first; asks the store for more where some are left waiting. */
  const pump = (): void => {
    for (const priority of ['interactive', 'bulk'] as const) {
      const allowed = slotsOf(priority);
      for (;;) {
        const free = [...held].find((entry) => usable(entry) && allowed.includes(entry[0]));
        const waiter = free === undefined ? undefined : waiters[priority].shift();
        if (free === undefined || waiter === undefined) break;
        free[1].busy = true;
        waiter.give(free[0]);
      }
    }
    if (waiters.interactive.length + waiters.bulk.length > 0) ask();
    else if (waitingNoted) void noteWaiting(false);
  };

  const noteWaiting = async (isWaiting: boolean): Promise<void> => {
    if (isWaiting && waitingNoted && performance.now() - notedAt < LOOK_AFTER_MS) return;
    waitingNoted = isWaiting;
    notedAt = performance.now();
    const noted = isWaiting
      ? limits.wait(connection, holder, Date.now() + 2 * LOOK_AFTER_MS)
      : limits.stopWaiting(connection, holder);
    // A note for fairness: without it the next one comes soon.
    await noted.catch(() => undefined);
  };

  /** Told rarely: it holds for minutes. */
  const reserve = (): void => {
    reservedUntil = Date.now() + RESERVED_FOR_MS;
    if (performance.now() - reservationNotedAt < RESERVED_FOR_MS / 10) return;
    reservationNotedAt = performance.now();
    void limits.reserve(connection, reservedUntil).catch(() => undefined);
  };

  const ask = (): void => {
    if (asking || poll !== null || closed) return;
    asking = true;
    void takeOne()
      .catch((error: unknown) => {
        for (const waiter of [...waiters.interactive.splice(0), ...waiters.bulk.splice(0)]) waiter.fail(error);
      })
      .finally(() => {
        asking = false;
      });
  };

  const takeOne = async (): Promise<void> => {
    const priority: CallPriority = waiters.interactive.length > 0 ? 'interactive' : 'bulk';
    const numbers = slotsOf(priority).filter((slot) => !held.has(slot));
    const started = performance.now();
    const now = Date.now();
    const slot =
      numbers.length === 0 ? null : await limits.takeSlot({ connection, numbers, holder, now, until: now + leaseMs });
    if (slot !== null && closed) {
      await limits.giveSlotBack(connection, slot, holder);
      return;
    }
    if (slot !== null) {
      held.set(slot, { until: started + leaseMs, busy: false, usedAt: performance.now(), leaving: false });
      care ??= setTimeout(lookAfter, LOOK_AFTER_MS).unref();
    } else if (numbers.length > 0) {
      await noteWaiting(true);
    }
    poll = setTimeout(
      () => {
        poll = null;
        pump();
      },
      slot === null ? POLL_MS : 0
    ).unref();
  };

  const lookAfter = (): void => {
    care = null;
    void lookAfterAll()
      .catch(() => undefined) // Leases that cannot be renewed end by themselves.
      .finally(() => {
        if (held.size > 0 && !closed) care ??= setTimeout(lookAfter, LOOK_AFTER_MS).unref();
        pump();
      });
  };

  const lookAfterAll = async (): Promise<void> => {
    const seen = await limits.connection(connection, Date.now());
    onBlocked(seen.blockedUntil);
    reservedUntil = Math.max(reservedUntil, seen.reservedUntil);
    const shared = slotsOf('bulk');
    const share = fairShare(shared.length, seen.waiting.filter((other) => other !== holder).length);
    let kept = 0;
    for (const [slot, state] of [...held]) {
      const isIdle = !state.busy && performance.now() - state.usedAt > IDLE_MS;
      state.leaving ||= isIdle || (shared.includes(slot) && kept >= share);
      if (shared.includes(slot) && !state.leaving) kept += 1;
      if (state.leaving && !state.busy) await giveBack(slot);
      else await renew(slot, state);
    }
  };

  const renew = async (slot: number, state: Held): Promise<void> => {
    const started = performance.now();
    const isOurs = await limits.renewSlot(connection, slot, holder, Date.now() + leaseMs);
    if (isOurs) state.until = started + leaseMs;
    else state.until = 0;
    if (!isOurs && !state.busy) held.delete(slot);
  };

  const giveBack = async (slot: number): Promise<void> => {
    held.delete(slot);
    await limits.giveSlotBack(connection, slot, holder);
  };

  return {
    take: (priority, deadlineMs, signal) =>
      new Promise((resolve, reject) => {
        const line = waiters[priority];
        const stop = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', onAbort);
          const at = line.indexOf(waiter);
          if (at >= 0) line.splice(at, 1);
        };
        const waiter: Waiter = {
          priority,
          give: (slot) => {
            stop();
            resolve(slot);
          },
          fail: (error) => {
            stop();
            reject(error instanceof Error ? error : new Error(String(error)));
          },
        };
        const onAbort = (): void => {
          waiter.fail(signal.reason);
        };
        const timer = setTimeout(
          () => {
            waiter.fail(new CallsDelayed(DELAYED_MS));
          },
          Math.max(0, deadlineMs - Date.now())
        );
        if (signal.aborted) {
          onAbort();
          return;
        }
        signal.addEventListener('abort', onAbort, { once: true });
        if (priority === 'interactive') reserve();
        line.push(waiter);
        pump();
      }),
    mayStart: (slot) => (held.get(slot)?.until ?? 0) - performance.now() > MARGIN_MS,
    release(slot) {
      const state = held.get(slot);
      if (state === undefined) return;
      state.busy = false;
      state.usedAt = performance.now();
      if (state.leaving || state.until === 0) void giveBack(slot).catch(() => undefined);
      pump();
    },
    async close() {
      closed = true;
      if (poll !== null) clearTimeout(poll);
      if (care !== null) clearTimeout(care);
      for (const slot of held.keys()) await giveBack(slot);
      if (waitingNoted) await noteWaiting(false);
    },
  };
}
