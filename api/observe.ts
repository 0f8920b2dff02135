import { NOTHING_OBSERVED } from '../domain/observe';
import type { ObserveCounts, ObservedCause, ObservedDifference } from '../domain/observe';
import { nameKey } from '../domain/names';
import type { ObservedSince, RunRecord } from '../store/records';
import { OBSERVED_SINCE, observePage } from '../store/shard-pages';
import type { Store } from '../store/store';
import { latestPlanning } from './adoption';
import { Problem, notFound } from './http/problem';
import { getRun } from './runs';
import { shardPage } from './shard-pages';

export interface ObserveQuery {
  /** Of an earlier run whose data are kept. @default the latest */
  readonly run?: string | undefined;
  readonly cause?: ObservedCause | undefined;
  readonly verdict?: ObservedDifference['verdict'] | undefined;
  readonly q?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}
export interface ObserveReport extends ObservedSince {
  readonly runId: string;
  readonly readAt: string;
  readonly counts: ObserveCounts;
  readonly items: readonly ObservedDifference[];
  readonly nextCursor: string | null;
}

/**
 * How Jira differs from what Rollcall would have made of it, and what happened there since the run before (rules 6).
 * @throws Problem not-found, refused where no run has observed
 */
export async function observeReport(store: Store, connectorId: string, query: ObserveQuery): Promise<ObserveReport> {
  const run = await observedRun(store, connectorId, query.run);
  const observed = (await store.snapshots.artifact(run.id, OBSERVED_SINCE)) as ObservedSince | null;
  if (observed === null) {
    throw new Problem('refused', `Run ${run.id} has observed nothing: set mode observe and ask for a run.`);
  }
  const page = await shardPage({
    shards: run.shards,
    read: async (shard) =>
      ((await store.snapshots.artifact(run.id, observePage(shard))) ?? []) as readonly ObservedDifference[],
    fits: fitting(query),
    limit: query.limit,
    cursor: query.cursor,
  });
  const counts: Record<keyof ObserveCounts, number> = { ...NOTHING_OBSERVED };
  for (const { observe } of await store.plans.shards(run.id)) {
    for (const name of Object.keys(counts) as (keyof ObserveCounts)[]) counts[name] += observe?.[name] ?? 0;
  }
  return { runId: run.id, readAt: run.startedAt, since: observed.since, counts, ...page };
}

async function observedRun(store: Store, connectorId: string, id: string | undefined): Promise<RunRecord> {
  const latest = await latestPlanning(store, connectorId);
  if (id === undefined) return latest;
  const run = await getRun(store, id);
  if (run.connectorId !== connectorId) throw notFound('run', id);
  return run;
}

function fitting({ cause, verdict, q }: ObserveQuery): (difference: ObservedDifference) => boolean {
  const wanted = q === undefined ? '' : nameKey(q);
  return (difference) => {
    if (cause !== undefined && difference.cause !== cause) return false;
    if (verdict !== undefined && difference.verdict !== verdict) return false;
    const username = difference.account?.username;
    return (
      wanted === '' || difference.externalId === q || (username !== undefined && nameKey(username).startsWith(wanted))
    );
  };
}
