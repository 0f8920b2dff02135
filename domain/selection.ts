import type { GateKind, OperationStatus } from './operation';
import type { PlanSelection } from './run';

/** What of a stored operation decides whether an approval takes it. */
export interface SelectableOperation {
  readonly seq: number;
  readonly gateKinds: readonly GateKind[];
  readonly follows: readonly GateKind[];
  readonly heldByRule: boolean;
  readonly status: OperationStatus;
  /** Applications of which no seat was free; absent: none was missing. */
  readonly noSeats?: readonly string[];
}

/** What the gate held in the run whose plan is approved. */
export interface HeldScope {
  readonly kinds: readonly GateKind[];
  readonly wholePlan: boolean;
  /** True when the approved run is a preview (`planned`): its operations that would pass are taken too. Default false. */
  readonly preview?: boolean;
}

/** Whether an operation of a stored plan can still be approved; of a preview also what would pass the gate. */
export function waitsForApproval(status: OperationStatus, preview: boolean): boolean {
  return status === 'held' || (preview && status === 'planned');
}

/** The kinds a person has to approve before the operation may go; empty where kinds cannot free it. */
function kindsToApprove(operation: SelectableOperation, held: HeldScope): readonly GateKind[] {
  if (operation.heldByRule) return [];
  if ((operation.noSeats ?? []).length > 0) return [];
  const kinds = [...operation.gateKinds, ...operation.follows];
  return held.wholePlan || held.preview === true ? kinds : kinds.filter((kind) => held.kinds.includes(kind));
}

/**
 * Whether an apply run takes an operation of a stored plan (rules 4.6).
 * - Of a held run only what is still `held`, so each operation is taken once; of a preview also what is `planned`.
 * - `selection` null takes all of that. An empty selection takes nothing.
 * - By number (`seqs`): exactly the operations named, whatever holds them.
 * - By gate kind (`kinds`): an operation goes when every held kind among those it counts for and those it follows is
 *   approved. Where the whole plan is held, that is every kind it has; an operation without any kind is taken by
 *   number or by approving all.
 * - An operation held by a rule (ambiguous match, swap, protected, no seat, ...) is never freed by a kind: the person decides
 *   about that one case, by number, or approves all.
 */
export function selects(operation: SelectableOperation, selection: PlanSelection | null, held: HeldScope): boolean {
  return createSelector(selection, held)(operation);
}

/** `selects` prepared for many operations: looks up each in constant time, however many numbers were chosen. */
export function createSelector(
  selection: PlanSelection | null,
  held: HeldScope
): (operation: SelectableOperation) => boolean {
  const seqs = new Set(selection?.seqs);
  const kinds = new Set(selection?.kinds);
  return (operation) => {
    if (!waitsForApproval(operation.status, held.preview === true)) return false;
    if (selection === null || seqs.has(operation.seq)) return true;
    const wanted = kindsToApprove(operation, held);
    return wanted.length > 0 && wanted.every((kind) => kinds.has(kind));
  };
}
