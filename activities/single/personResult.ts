import { countOperation, countOutcome, emptyCounts } from '../../domain/counts';
import type { AttributeRecord } from '../../domain/model';
import { outcomeOf } from '../../domain/outcome';
import { reasonsWithSeats } from '../../domain/seats';
import type { GateKind, Reason } from '../../domain/operation';
import type { Outcome } from '../../domain/run';
import type { OperationRecord, OutcomeRecord } from '../../store/records';
import type { ActivityDeps } from '../deps';
import type { SingleOrder } from './order';
import type { PlannedPerson } from './planPerson';

/** What planning said of a person, kept with the request until the operations are done. */
export type PersonStanding = Pick<PlannedPerson, 'externalId' | 'username'> &
  Pick<PlannedPerson['plan'], 'standing' | 'reasons'>;

export const standingOf = ({ externalId, username, plan }: PlannedPerson): PersonStanding => ({
  externalId,
  username,
  standing: plan.standing,
  reasons: plan.reasons,
});

type Result = Omit<OutcomeRecord, 'runId' | 'n' | 'm'>;

/** The result of one person, as runs write it. */
export function resultOf(
  person: PersonStanding,
  operations: readonly OperationRecord[],
  { preview, durationMs }: { readonly preview: boolean; readonly durationMs: number }
): Result {
  const all: readonly Reason[] = [...person.reasons, ...operations.flatMap(reasonsWithSeats)];
  return {
    externalId: person.externalId,
    username: person.username,
    outcome: outcomeOf({ operations, standing: person.standing, preview }),
    operations: operations.map(({ kind, before, after, status, error }) => ({ kind, before, after, status, error })),
    reasons: [...new Map(all.map((reason) => [JSON.stringify(reason), reason])).values()],
    error: operations.find((operation) => operation.error !== null)?.error ?? null,
    durationMs,
  };
}

/** Gate kinds of what was done: the rest of a reservation goes back. */
export function usedKinds(operations: readonly OperationRecord[]): Partial<Record<GateKind, number>> {
  const used: Partial<Record<GateKind, number>> = {};
  const done = operations.filter(({ status }) => status === 'done');
  for (const kind of done.flatMap((operation) => operation.gateKinds)) used[kind] = (used[kind] ?? 0) + 1;
  return used;
}

/** Adds the result to the run of the day, once whatever happens, and answers the request with it. */
export async function giveResult(
  deps: ActivityDeps,
  { requestId }: SingleOrder,
  runId: string | null,
  result: Result
): Promise<Outcome> {
  if (runId !== null && (await deps.store.outcomes.append({ ...result, runId }, requestId))) {
    const done = result.operations.filter((operation) => operation.status === 'done');
    const counts = done.reduce((sum, operation) => countOperation(sum, operation.kind), emptyCounts());
    await deps.store.runs.count(runId, countOutcome(counts, result.outcome));
  }
  await deps.store.requests.finish(requestId, {
    status: 'done',
    runId,
    result: result as unknown as AttributeRecord,
    error: null,
    finishedAt: deps.now().toISOString(),
  });
  return result.outcome;
}
