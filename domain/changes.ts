import type { RunMode, RunStatus } from './run';

/** What an identity provider pushed and what waits to be carried to the target (durability 4.1). */
export interface PushedChange {
  readonly kind: 'user' | 'group' | 'member';
  /** Of the user or group; of a membership, of its member. */
  readonly id: string;
  readonly groupId: string | null;
  /** Epoch milliseconds at which it was accepted. */
  readonly acceptedAt: number;
  readonly takesAway: boolean;
}

/** Everything that waits for one person: it is carried together, in the state of that moment. */
export interface PersonChanges<C extends PushedChange> {
  readonly id: string;
  readonly changes: readonly C[];
}

export interface SettleSettings {
  readonly settleSeconds: number;
  readonly settleMaxSeconds: number;
}

export interface ArrangedChanges<C extends PushedChange> {
  /** People from whom nothing is taken, the longest waiting first. */
  readonly ready: readonly PersonChanges<C>[];
  /** People from whom something is taken, once the burst has settled. */
  readonly burst: readonly PersonChanges<C>[];
  /** Changes of groups themselves, which a run carries. */
  readonly groups: readonly C[];
  /** Until what is taken away has settled; null: nothing waits for that. */
  readonly waitMs: number | null;
}

const MS = 1_000;

/**
 * Puts changes into the order in which they are carried (rules 4.7): additions at once; what takes something away when
 * nothing further of that kind has come for `settleSeconds`, or the first one is `settleMaxSeconds` old.
 * @param changes in the order in which they were accepted
 * @param now epoch milliseconds
 */
export function arrangeChanges<C extends PushedChange>(
  changes: readonly C[],
  settle: SettleSettings,
  now: number
): ArrangedChanges<C> {
  const waitMs = settledIn(changes, settle, now);
  const isSettled = waitMs === null;
  const people = peopleOf(changes.filter(({ kind }) => kind !== 'group'));
  const loses = ({ changes: own }: PersonChanges<C>): boolean => own.some(({ takesAway }) => takesAway);
  return {
    ready: people.filter((person) => !loses(person)),
    burst: isSettled ? people.filter(loses) : [],
    groups: changes.filter(({ kind, takesAway }) => kind === 'group' && (isSettled || !takesAway)),
    waitMs,
  };
}

function settledIn(changes: readonly PushedChange[], settle: SettleSettings, now: number): number | null {
  const times = changes.filter(({ takesAway }) => takesAway).map(({ acceptedAt }) => acceptedAt);
  if (times.length === 0) return null;
  const afterLast = Math.max(...times) + settle.settleSeconds * MS;
  const atMost = Math.min(...times) + settle.settleMaxSeconds * MS;
  const left = Math.min(afterLast, atMost) - now;
  return left <= 0 ? null : left;
}

function peopleOf<C extends PushedChange>(changes: readonly C[]): readonly PersonChanges<C>[] {
  const people = new Map<string, C[]>();
  for (const change of changes) {
    const own = people.get(change.id) ?? [];
    own.push(change);
    people.set(change.id, own);
  }
  return [...people].map(([id, own]) => ({ id, changes: own }));
}

/** A run, as far as it may have carried what was pushed. Times are ISO. */
export interface RunSeen {
  readonly mode: RunMode;
  readonly status: RunStatus;
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

/** After a run that failed, nobody asks for the next one sooner. */
const ASK_AGAIN_AFTER_MS = 300_000;
const IN_VAIN: ReadonlySet<RunStatus> = new Set(['failed', 'cancelled']);

/**
 * Whether a run has to be asked for, so that what was left to one at `leftAt` is carried: not while one that started
 * later is under way or has come to its end, and not at once after one that failed or was cancelled.
 * @param leftAt epoch milliseconds
 * @param runs of the connector, the latest ones
 * @param now epoch milliseconds
 */
export function isRunMissing(leftAt: number, runs: readonly RunSeen[], now: number): boolean {
  const later = runs.filter(({ mode, startedAt }) => mode === 'sync' && Date.parse(startedAt) >= leftAt);
  return later.every(
    ({ status, finishedAt }) =>
      IN_VAIN.has(status) && finishedAt !== null && Date.parse(finishedAt) + ASK_AGAIN_AFTER_MS <= now
  );
}
