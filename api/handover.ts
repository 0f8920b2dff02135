import { NO_HANDOVER, addHandover } from '../domain/handover';
import type { HandoverCounts, HandoverOrder } from '../domain/handover';
import { nameKey } from '../domain/names';
import type { HandoverLeft, RunRecord } from '../store/records';
import { HANDOVER_GROUPS, handoverPage } from '../store/shard-pages';
import type { Store } from '../store/store';
import { getConnector, getLiveConnector } from './connector-access';
import type { ApiDependencies } from './dependencies';
import { Problem } from './http/problem';
import { getPlannedRun } from './runs';
import { shardPage } from './shard-pages';

/** Whether links may move from one connector to another at all. @throws Problem not-found, connector-removed, invalid */
export async function checkHandover(deps: ApiDependencies, to: string, { from }: HandoverOrder): Promise<void> {
  const connector = await getLiveConnector(deps.store, to);
  const refused = (detail: string): Problem =>
    new Problem('invalid', detail, {
      errors: [{ path: 'from', message: 'must be another connector of the same target' }],
    });
  if (from === to) throw refused('A connector hands nothing over to itself.');
  const former = await deps.store.connectors.get(from);
  if (former === null) throw refused(`There is no connector ${JSON.stringify(from)}.`);
  if (former.targetId !== connector.targetId) throw refused('The two connectors have different targets.');
}

/**
 * Pauses the connector whose links the plan of a run moves, so that none of its runs meets them on their way.
 * Nothing for other plans. @throws WorkflowBusy, TemporalUnavailable, UpdateRefused
 */
export async function pauseFormer(deps: ApiDependencies, run: RunRecord, requestId: string): Promise<void> {
  if (run.handover === undefined) return;
  const { from } = run.handover;
  if ((await getConnector(deps.store, from)).paused) return;
  const delivery = await deps.gateway.pause(from, { requestId: `${requestId}-pause` });
  if (delivery.status === 'later') await delivery.settled;
}

export interface HandoverQuery {
  readonly side?: HandoverLeft['side'] | undefined;
  readonly q?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}
export interface HandoverReport extends HandoverOrder {
  readonly runId: string;
  readonly counts: HandoverCounts;
  readonly items: readonly HandoverLeft[];
  readonly nextCursor: string | null;
}

/** How a hand-over is planned: what moves, and who is left on which side. @throws Problem not-found, no-plan, refused */
export async function handoverReport(store: Store, id: string, query: HandoverQuery): Promise<HandoverReport> {
  const { run } = await getPlannedRun(store, id);
  if (run.handover === undefined) throw new Problem('refused', `The run hands nothing over: its mode is ${run.mode}.`);
  const shards = await store.plans.shards(run.id);
  const counts = shards.reduce((sum, { handover }) => addHandover(sum, handover ?? {}), NO_HANDOVER);
  // The groups come first.
  const page = await shardPage({
    shards: run.shards + 1,
    read: async (at) => {
      const name = at === 0 ? HANDOVER_GROUPS : handoverPage(at - 1);
      return ((await store.snapshots.artifact(run.id, name)) ?? []) as readonly HandoverLeft[];
    },
    fits: fitting(query),
    limit: query.limit,
    cursor: query.cursor,
  });
  return { runId: run.id, ...run.handover, counts, ...page };
}

function fitting({ side, q }: HandoverQuery): (left: HandoverLeft) => boolean {
  const wanted = q === undefined ? '' : nameKey(q);
  return (left) => {
    if (side !== undefined && left.side !== side) return false;
    return wanted === '' || left.externalId === q || (left.name !== null && nameKey(left.name).startsWith(wanted));
  };
}
