import type { AdoptionKind } from '../domain/adoption';
import { ADOPTION_KINDS } from '../domain/adoption';
import { shardName } from '../domain/ids';
import { nameKey } from '../domain/names';
import type { AdoptionRecord, RunRecord } from '../store/records';
import { adoptionPage } from '../store/shard-pages';
import type { Store } from '../store/store';
import { getConnector } from './connector-access';
import { Problem } from './http/problem';
import { shardPage } from './shard-pages';

export interface AdoptionQuery {
  readonly kind?: AdoptionKind | undefined;
  /** The beginning of a username of an account or of the mapped one, or an external id. */
  readonly q?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface AdoptionReport {
  readonly runId: string;
  /** ISO time at which that run began to read. */
  readonly readAt: string;
  readonly counts: Readonly<Record<AdoptionKind, number>>;
  readonly items: readonly AdoptionRecord[];
  readonly nextCursor: string | null;
}

/** The run that planned last for everybody of a connector. @throws Problem not-found, refused where none did */
export async function latestPlanning(store: Store, connectorId: string): Promise<RunRecord> {
  const connector = await getConnector(store, connectorId);
  const run = connector.planned === undefined ? null : await store.runs.get(connector.planned.runId);
  if (run === null) {
    throw new Problem('refused', 'No run has stored what source and Jira hold; make a preview first.');
  }
  return run;
}

/**
 * What the people of the source found among the accounts of the target when the latest run planned (rules 1.2): from stored
 * data alone. @throws Problem not-found, refused
 */
export async function adoptionReport(store: Store, connectorId: string, query: AdoptionQuery): Promise<AdoptionReport> {
  const run = await latestPlanning(store, connectorId);
  const planned = new Map((await store.plans.shards(run.id)).map((shard) => [shard.shard, shard.adoption ?? {}]));
  const countOf = (shard: number, kind: AdoptionKind): number => planned.get(shardName(shard))?.[kind] ?? 0;
  const indexes = Array.from({ length: run.shards }, (_, index) => index);
  const counts = Object.fromEntries(
    ADOPTION_KINDS.map((kind) => [kind, indexes.reduce((sum, shard) => sum + countOf(shard, kind), 0)])
  ) as Record<AdoptionKind, number>;
  const wanted = query.kind === undefined ? ADOPTION_KINDS : [query.kind];
  const page = await shardPage({
    shards: run.shards,
    mayFit: (shard) => wanted.some((kind) => countOf(shard, kind) > 0),
    read: async (shard) =>
      ((await store.snapshots.artifact(run.id, adoptionPage(shard))) ?? []) as readonly AdoptionRecord[],
    fits: fitting(query),
    limit: query.limit,
    cursor: query.cursor,
  });
  return { runId: run.id, readAt: run.startedAt, counts, ...page };
}

function fitting({ kind, q }: AdoptionQuery): (record: AdoptionRecord) => boolean {
  const wanted = q === undefined ? '' : nameKey(q);
  return (record) => {
    if (kind !== undefined && record.kind !== kind) return false;
    if (wanted === '' || record.externalId === q) return true;
    const names = [record.wanted?.username, ...record.accounts.map(({ username }) => username)];
    return names.some((name) => name !== undefined && nameKey(name).startsWith(wanted));
  };
}
