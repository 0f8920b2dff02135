import type { OperationKind } from './operation';
import type { Outcome, RunCounts } from './run';

/** The counts of a run in which nothing has happened yet. */
export function emptyCounts(): RunCounts {
  return {
    created: 0,
    updated: 0,
    renamed: 0,
    deactivated: 0,
    reactivated: 0,
    pseudonymized: 0,
    deleted: 0,
    unchanged: 0,
    skipped: 0,
    held: 0,
    failed: 0,
    groupsCreated: 0,
    membershipsAdded: 0,
    membershipsRemoved: 0,
  };
}

const COUNT_NAMES = Object.keys(emptyCounts()) as readonly (keyof RunCounts)[];

/** The sum of two counts, name by name; both arguments stay as they are. */
export function addCounts(a: RunCounts, b: RunCounts): RunCounts {
  const sum: Record<keyof RunCounts, number> = { ...a };
  for (const name of COUNT_NAMES) sum[name] += b[name];
  return sum;
}

/** Counts one user under the outcome of the run. */
export function countOutcome(counts: RunCounts, outcome: Outcome): RunCounts {
  return { ...counts, [outcome]: counts[outcome] + 1 };
}

/**
 * Counts one operation beside the outcomes of users: groups created, memberships added and removed.
 * Call it for operations that are `done` only; kinds that show in a user's outcome leave the counts as they are.
 */
export function countOperation(counts: RunCounts, kind: OperationKind): RunCounts {
  switch (kind) {
    case 'createGroup':
      return { ...counts, groupsCreated: counts.groupsCreated + 1 };
    case 'addMembership':
      return { ...counts, membershipsAdded: counts.membershipsAdded + 1 };
    case 'removeMembership':
      return { ...counts, membershipsRemoved: counts.membershipsRemoved + 1 };
    default:
      return counts;
  }
}
