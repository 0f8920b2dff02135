import { inPlanOrder } from './draft';
import type { Bookkeeping, UserPlan } from './facts';
import type { CauseTimes } from './lifecycle';
import type { DraftOperation, Reason } from './operation';

/** What a part of the decision about one person found; parts are put together to a UserPlan. */
export interface Part {
  readonly operations: readonly DraftOperation[];
  readonly standing: UserPlan['standing'];
  readonly reasons: readonly Reason[];
}

const STRENGTH: Readonly<Record<Part['standing'], number>> = { unchanged: 0, skipped: 1, held: 2 };

export const NOTHING: Part = { operations: [], standing: 'unchanged', reasons: [] };

export function operating(...operations: readonly DraftOperation[]): Part {
  return { ...NOTHING, operations };
}

export function standing(state: Part['standing'], ...reasons: readonly Reason[]): Part {
  return { operations: [], standing: state, reasons };
}

/** One part with the operations and reasons of all and the strongest standing. */
export function merge(...parts: readonly Part[]): Part {
  return {
    operations: parts.flatMap((part) => part.operations),
    standing: parts.map((part) => part.standing).reduce((a, b) => (STRENGTH[b] > STRENGTH[a] ? b : a), 'unchanged'),
    reasons: parts.flatMap((part) => part.reasons),
  };
}

/** The plan of one person from its parts. `times` null: there is no link to note anything on. */
export function finish(
  part: Part,
  times: CauseTimes | null,
  memberships: Pick<Bookkeeping, 'adoptedGroups' | 'forgottenGroups'> = { adoptedGroups: [], forgottenGroups: [] }
): UserPlan {
  const { adoptedGroups, forgottenGroups } = memberships;
  return {
    operations: inPlanOrder(part.operations),
    standing: part.standing,
    reasons: part.reasons,
    bookkeeping: times === null ? null : { ...times, adoptedGroups, forgottenGroups },
  };
}
