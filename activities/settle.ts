import { TargetError } from '../targets/target';
import type { OperationRecord } from '../store/records';
import { applyPeople } from './applyPeople';
import type { Batch } from './applyBatch';
import { applyGroup } from './applyGroup';
import { applyHandover } from './handover/apply';
import type { ActivityDeps } from './deps';

/**
 * Reads back what a run left `applying` when it could not go on: what the target shows becomes done, the rest failed.
 * Where the target cannot be read either, the operations end failed and say so: closing never waits for a target.
 */
export async function settleLeftovers(
  deps: ActivityDeps,
  batch: Batch,
  leftovers: readonly OperationRecord[]
): Promise<void> {
  if (leftovers.every(({ kind }) => kind === 'moveLink')) {
    await applyHandover(deps, { ...batch, operations: leftovers });
    return batch.results.flush();
  }
  const people = leftovers.filter((operation) => operation.kind !== 'createGroup' && operation.kind !== 'adoptGroup');
  const groups = leftovers.filter((operation) => !people.includes(operation));
  try {
    await deps.store.plans.markApplying(
      groups.map(({ id }) => id),
      batch.token,
      batch.input.runId
    );
    for (const operation of groups) batch.results.add(operation, await applyGroup(batch.scope, operation, true));
    if (people.length > 0) await applyPeople(deps, { ...batch, operations: people }, new Set());
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    await batch.results.flush();
    await deps.store.plans.setStatus(
      leftovers.map(({ id }) => id),
      ['applying'],
      'failed'
    );
  }
  await batch.results.flush();
}
