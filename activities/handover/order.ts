import { ApplicationFailure } from '@temporalio/common';
import { FAILURE } from '../../domain/failures';
import { HANDOVER_KEYS } from '../../domain/handover';
import type { HandoverOrder } from '../../domain/handover';
import type { RunRecord } from '../../store/records';
import type { ActivityDeps } from '../deps';

/** What a hand-over was asked for: it lies under its request. @throws ApplicationFailure Refused when nobody asked */
export async function storedOrder({ store }: ActivityDeps, requestId: string | null): Promise<HandoverOrder> {
  const input = requestId === null ? null : (await store.requests.get(requestId))?.input;
  const from = input?.['from'];
  const matchBy = input?.['matchBy'];
  if (typeof from !== 'string' || !Array.isArray(matchBy)) {
    throw ApplicationFailure.nonRetryable('a hand-over needs a request that says from whom', FAILURE.refused);
  }
  return { from, matchBy: HANDOVER_KEYS.filter((key) => matchBy.includes(key)) };
}

/** Why a hand-over cannot be planned, or null. */
export async function refuseHandover({ store }: ActivityDeps, run: RunRecord): Promise<string | null> {
  const from = run.handover?.from ?? '';
  const former = await store.connectors.get(from);
  if (former === null) return `connector ${from} does not exist`;
  if (former.targetId !== run.targetId) return `connector ${from} has another target`;
  return null;
}

/** Why the links of a plan may not move yet, or null: what its former connector still runs would see them go. */
export async function refuseUnpaused({ store }: ActivityDeps, plan: RunRecord): Promise<string | null> {
  if (plan.handover === undefined) return null;
  const former = await store.connectors.get(plan.handover.from);
  return former === null || former.paused ? null : `pause connector ${plan.handover.from} before its links move`;
}
