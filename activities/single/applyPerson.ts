import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { FAILURE } from '../../domain/failures';
import { withLoginAttributes } from '../../domain/single-user';
import { PHASES } from '../../domain/operation';
import type { OperationRecord, PlanShardRecord, RunRecord } from '../../store/records';
import { prepareBatch } from '../applyBatch';
import type { Batch } from '../applyBatch';
import { BUSY, applyPeople } from '../applyPeople';
import type { ActivityDeps } from '../deps';
import { wantedPicture } from '../picture';
import { cancellation } from '../progress';
import type { SingleContext } from './order';

/** A log-in is kept waiting this long for somebody who is being changed; then it is tried again in the background. */
const PATIENCE = { pauseMs: 200, giveUpAfterMs: 3_000 };
const BUSY_RETRY_MS = 2_000;
const NOBODY_OUTDATED: ReadonlySet<string> = new Set();

/** Reads the operations of one plan with their present status, in the order of the plan. */
export async function operationsOf(
  { store }: ActivityDeps,
  runId: string,
  { shard, cells }: Pick<PlanShardRecord, 'shard' | 'cells'>
): Promise<readonly OperationRecord[]> {
  const operations: OperationRecord[] = [];
  for (const phase of PHASES) {
    const count = cells.find((cell) => cell.phase === phase)?.count ?? 0;
    if (count > 0) operations.push(...(await store.plans.cell(runId, phase, shard, 0, count - 1)));
  }
  return operations;
}

/**
 * Applies what passed the gate by the same steps as a batch of a run: lease, write-ahead, read before retry.
 * @throws ApplicationFailure Busy when somebody else is changing the person
 */
export async function applyPerson(
  deps: ActivityDeps,
  context: SingleContext,
  run: RunRecord,
  shard: Pick<PlanShardRecord, 'shard' | 'cells'>
): Promise<void> {
  const open = async (): Promise<OperationRecord[]> =>
    (await operationsOf(deps, run.id, shard)).filter(({ status }) => status === 'planned' || status === 'applying');
  const operations = await open();
  const first = operations[0];
  if (first === undefined) return;
  const input = {
    runId: run.id,
    // Of its own: the links tell by it which plan brought them to their version.
    planRunId: `${run.id}:${shard.shard}`,
    phase: first.phase,
    shard: shard.shard,
    from: 0,
    to: operations.length - 1,
    done: 0,
  };
  const prepared = await prepareBatch(deps, { ...context, run }, run, input, operations);
  const scope = {
    ...prepared.scope,
    verifyFirst: activityInfo().attempt > 1,
    pictureOf: (externalId: string) => presentPicture(context, externalId),
  };
  const batch: Batch = { ...prepared, scope, stillOpen: open, patience: PATIENCE, givenBackAs: 'planned' };
  await applyPeople(deps, batch, NOBODY_OUTDATED);
  const after = await operationsOf(deps, run.id, shard);
  if (after.some(({ status, error }) => status === 'failed' && error === BUSY)) await waitForTurn(deps, after);
}

/** No run has read this person now: the picture is asked for once more, where one is to be set. */
async function presentPicture(
  { provider, settings, order }: SingleContext,
  externalId: string
): Promise<string | null> {
  const answer = (await provider.lookUpUsers([externalId], cancellation())).get(externalId) ?? 'unknown';
  if (answer === 'absent' || answer === 'unknown') return null;
  return wantedPicture(withLoginAttributes(answer.found, order.attributes, settings.login.attributes), settings);
}

/** Back to planned: nothing was done. */
async function waitForTurn({ store }: ActivityDeps, operations: readonly OperationRecord[]): Promise<never> {
  const ids = operations.filter(({ error }) => error === BUSY).map(({ id }) => id);
  await store.plans.setStatus(ids, ['failed'], 'planned');
  throw ApplicationFailure.create({
    type: FAILURE.busy,
    message: BUSY,
    nextRetryDelay: BUSY_RETRY_MS,
    category: 'BENIGN',
  });
}
