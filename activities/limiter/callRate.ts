import type { CallEnd, SeenRate } from '../../domain/call-limiter';
import {
  FULL_SHARE,
  afterRefusal,
  firstGrantAt,
  grantTime,
  interactiveCapacity,
  isBlocked,
  isLow,
  leaseSize,
  nextWindow,
  recovered,
  remainingCapacity,
  spacingMs,
  windowAt,
} from '../../domain/call-rate';
import type { RateShare, RateWindow } from '../../domain/call-rate';
import { CallsDelayed } from '../../domain/call-limiter';
import type { CallPriority } from '../../domain/call-slots';
import type { CallLimitRepository } from '../../store/limit-repositories';
import { pauseUntil } from './pause';

/** The pace of requests to one connection, as its answers show it; the same for all processes. */
export interface CallRate {
  /**
   * Waits until a request may start.
   * @param cost in the unit of the other side's limit. @default 1
   * @throws CallsDelayed when that is after the deadline; the signal's reason
   */
  turn(priority: CallPriority, deadlineMs: number, signal: AbortSignal, cost?: number): Promise<void>;
  /** Learns from an answer. */
  note(end: CallEnd): void;
  /** Learns from another process that nobody may call before `untilMs`. */
  blocked(untilMs: number): void;
}

/** Grants of one window that this process has taken and not used. */
interface Lease {
  readonly window: RateWindow;
  next: number;
  readonly last: number;
}

/** A whole block ends by the administrator alone: it is asked again after this long. */
const BLOCK_PAUSE_MS = 60_000;
/** After so many answers without headers the other side has no limit any more. */
const UNSEEN_UNTIL_OFF = 50;
/** Windows this much older are deleted. */
const FORGET_AFTER_SECONDS = 60;

/** @param now epoch milliseconds */
export function createCallRate(
  limits: CallLimitRepository,
  connection: string,
  now: () => number = Date.now
): CallRate {
  let rate: SeenRate | null = null;
  let share: RateShare = FULL_SHARE;
  let blockedUntil = 0;
  let emptyUntil = 0;
  let unseen = 0;
  let asked: Promise<void> | null = null;
  let lease: Lease | null = null;
  /** What people who waited took, by the start of the window. */
  const takenBefore = new Map<number, number>();
  let queue: Promise<unknown> = Promise.resolve();

  const capacityOf = async (window: RateWindow): Promise<number> => {
    const before = window.start - window.seconds;
    let taken = takenBefore.get(before);
    if (taken === undefined) {
      takenBefore.clear();
      taken = await limits.granted(connection, 'interactive', before);
      takenBefore.set(before, taken);
    }
    return remainingCapacity(window, taken);
  };

  const freshLease = async (seen: SeenRate, deadlineMs: number): Promise<Lease> => {
    for (let window = windowAt(seen, share.share, now()); ; window = nextWindow(window)) {
      if (window.start * 1_000 > deadlineMs) throw new CallsDelayed(window.start * 1_000 - now());
      const taken = await takeGrants(window, seen);
      const capacity = await capacityOf(window);
      if (taken.next <= capacity) return { ...taken, last: Math.min(taken.last, capacity) };
    }
  };

  /** Grants whose time went by while nobody used them are void: taken all at once they would be a burst. */
  const takeGrants = async (window: RateWindow, seen: SeenRate): Promise<Lease> => {
    const count = leaseSize(window);
    const last = await limits.takeGrants(connection, 'bulk', window.start, count);
    if (last === count) void forget(window);
    const first = firstGrantAt(window, seen, now());
    if (last >= first) return { window, next: Math.max(first, last - count + 1), last };
    await limits.raiseGrants(connection, 'bulk', window.start, first - 1);
    const after = await limits.takeGrants(connection, 'bulk', window.start, count);
    return { window, next: after - count + 1, last: after };
  };

  const forget = async ({ start }: RateWindow): Promise<void> => {
    // Old windows cost nothing but room: the next window tries again.
    await limits.forgetWindows(connection, start - FORGET_AFTER_SECONDS).catch(() => undefined);
  };

  /** What is left of the lease, without what is void by now. */
  const leased = (seen: SeenRate): Lease | null => {
    if (lease === null || (lease.window.start + lease.window.seconds) * 1_000 <= now()) return null;
    lease.next = Math.max(lease.next, firstGrantAt(lease.window, seen, now()));
    return lease.next <= lease.last ? lease : null;
  };

  const nextGrant = async (seen: SeenRate, deadlineMs: number): Promise<number> => {
    const held = leased(seen) ?? (await freshLease(seen, deadlineMs));
    lease = held;
    const at = grantTime(held.window, held.next);
    held.next += 1;
    return at;
  };

  /** When the last grant of a call may start. */
  const nextGrants = async (seen: SeenRate, cost: number, deadlineMs: number): Promise<number> => {
    let at = await nextGrant(seen, deadlineMs);
    for (let taken = 1; taken < cost; taken += 1) at = await nextGrant(seen, deadlineMs);
    return at;
  };

  /** People who wait take of the bucket's stock; when their part of the window is used up they queue as others do. */
  const atOnce = async (seen: SeenRate, cost: number): Promise<boolean> => {
    const window = windowAt(seen, share.share, now());
    return (
      (await limits.takeGrants(connection, 'interactive', window.start, cost)) <= interactiveCapacity(window, seen)
    );
  };

  /** What others have learned: asked for once, before the first call of this process. */
  const known = (): Promise<void> => {
    asked ??= limits.connection(connection, now()).then(
      (seen) => {
        rate ??= seen.rate;
        blockedUntil = Math.max(blockedUntil, seen.blockedUntil);
      },
      (error: unknown) => {
        asked = null;
        throw error;
      }
    );
    return asked;
  };

  const learn = (seen: SeenRate | null): void => {
    const isNew = rate?.fillRate !== seen?.fillRate || rate?.intervalSeconds !== seen?.intervalSeconds;
    // What was sent before anything was known has to come back first.
    if (rate === null && seen !== null) emptyUntil = now() + spacingMs(seen) * (seen.limit - seen.remaining);
    rate = seen;
    // For others; they learn it from their own answers, too.
    if (isNew) void limits.learn(connection, seen).catch(() => undefined);
  };

  return {
    async turn(priority, deadlineMs, signal, cost = 1) {
      await known();
      do {
        await pauseUntil(Math.max(blockedUntil, emptyUntil), deadlineMs, signal);
        share = recovered(share, now());
        const seen = rate;
        if (seen === null || (priority === 'interactive' && (await atOnce(seen, cost)))) continue;
        // One after the other, so that the first to come is the first to go.
        const grant = queue.then(() => nextGrants(seen, cost, deadlineMs));
        queue = grant.catch(() => undefined);
        await pauseUntil(await grant, deadlineMs, signal);
        // Somebody was refused meanwhile: the grant is void, and its turn comes again.
      } while (blockedUntil > now());
    },
    note({ rate: seen, blockedForMs }) {
      const stopped = seen !== null && isBlocked(seen);
      unseen = seen === null ? unseen + 1 : 0;
      if (seen !== null) learn(stopped ? null : seen);
      else if (rate !== null && unseen > UNSEEN_UNTIL_OFF) learn(null);
      if (seen !== null && isLow(seen) && !stopped) emptyUntil = now() + spacingMs(seen);
      if (blockedForMs === null && !stopped) return;
      if (blockedForMs !== null) share = afterRefusal(share, now(), blockedUntil);
      blockedUntil = Math.max(blockedUntil, now() + (blockedForMs ?? BLOCK_PAUSE_MS));
      // Others learn of it by the store; without it they meet the refusal themselves.
      void limits.block(connection, blockedUntil).catch(() => undefined);
    },
    blocked(untilMs) {
      blockedUntil = Math.max(blockedUntil, untilMs);
    },
  };
}
