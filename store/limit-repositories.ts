import type { SeenRate } from '../domain/call-limiter';
import type { CallPriority } from '../domain/call-slots';
import type { GateKind } from '../domain/operation';

/** What one single-user sync takes of the limits: counted with its run, recognised by its own key. */
export interface GateReservation {
  readonly connectorId: string;
  /** ISO time cut after the hour. */
  readonly hour: string;
  readonly runId: string;
  readonly key: string;
}

export interface GateUsageRepository {
  /** Sets what a run uses of a kind in an hour bucket; idempotent. `hour` = ISO time cut after the hour. */
  set(connectorId: string, hour: string, runId: string, counts: Partial<Record<GateKind, number>>): Promise<void>;
  /** Adds to what the run uses, in place of what an earlier attempt with the same key reserved. */
  reserve(reservation: GateReservation, counts: Partial<Record<GateKind, number>>): Promise<void>;
  /** Ends a reservation and gives back what was not used of it; a repetition changes nothing. */
  settle(reservation: GateReservation, used: Partial<Record<GateKind, number>>): Promise<void>;
  /** Sum over the 24 buckets that end with `hour`, without the run itself. */
  used(connectorId: string, hour: string, exceptRunId: string): Promise<Record<GateKind, number>>;
}

/** What all processes share about calls to one connection (durability 5.6). Times are epoch milliseconds. */
export interface CallLimitRepository {
  /** Takes the next grants of a window. @returns the number of the last one taken */
  takeGrants(connection: string, priority: CallPriority, start: number, count: number): Promise<number>;
  /** Makes the first `n` grants of a window void. */
  raiseGrants(connection: string, priority: CallPriority, start: number, n: number): Promise<void>;
  /** How many grants of a window were taken. */
  granted(connection: string, priority: CallPriority, start: number): Promise<number>;
  /** Deletes windows that begin before `before` (seconds since the epoch), a bounded number. */
  forgetWindows(connection: string, before: number): Promise<void>;
  /** Takes a lease on the first free one of these slots. @returns its number, or null when all are held */
  takeSlot(input: {
    readonly connection: string;
    readonly numbers: readonly number[];
    readonly holder: string;
    readonly now: number;
    readonly until: number;
  }): Promise<number | null>;
  /** @returns false when the slot has passed to somebody else */
  renewSlot(connection: string, slot: number, holder: string, until: number): Promise<boolean>;
  giveSlotBack(connection: string, slot: number, holder: string): Promise<void>;
  /** Nobody calls before `until`. */
  block(connection: string, until: number): Promise<void>;
  /** Keeps the pace that answers show, so that a new process knows it before its first call. */
  learn(connection: string, rate: SeenRate | null): Promise<void>;
  /** Keeps a slot for calls that somebody waits for. */
  reserve(connection: string, until: number): Promise<void>;
  /** Notes that a process lacks a slot, so that others keep to their share. */
  wait(connection: string, holder: string, until: number): Promise<void>;
  stopWaiting(connection: string, holder: string): Promise<void>;
  connection(
    connection: string,
    now: number
  ): Promise<{
    readonly blockedUntil: number;
    readonly reservedUntil: number;
    readonly rate: SeenRate | null;
    readonly waiting: readonly string[];
  }>;
}
