import { migrationReportId } from '../domain/ids';
import type { MigrationFinding, MigrationItem, MigrationResult } from '../domain/migration';
import { nameKey } from '../domain/names';
import { MIGRATION_HEAD, migrationPage } from '../store/shard-pages';
import type { Store } from '../store/store';
import { notFound, Problem } from './http/problem';
import { shardPage } from './shard-pages';

export interface MigrationQuery {
  readonly finding?: MigrationFinding | undefined;
  readonly q?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}
export interface MigrationReport extends Omit<MigrationResult, 'pages'> {
  readonly items: readonly MigrationItem[];
  readonly nextCursor: string | null;
}

/** The latest migration report of a target (rules 6). @throws Problem not-found, refused where there is none */
export async function migrationReport(store: Store, targetId: string, query: MigrationQuery): Promise<MigrationReport> {
  if ((await store.targets.get(targetId)) === null) throw notFound('target', targetId);
  const id = migrationReportId(targetId);
  const head = (await store.snapshots.artifact(id, MIGRATION_HEAD)) as MigrationResult | null;
  if (head === null) throw new Problem('refused', 'There is no report yet: ask for one with POST first.');
  const { pages, ...shown } = head;
  const wanted = query.q === undefined ? '' : nameKey(query.q);
  const page = await shardPage({
    shards: pages,
    read: async (at) => ((await store.snapshots.artifact(id, migrationPage(at))) ?? []) as readonly MigrationItem[],
    fits: ({ account, findings }) =>
      (query.finding === undefined || findings.includes(query.finding)) &&
      (wanted === '' || account.key === query.q || nameKey(account.username).startsWith(wanted)),
    limit: query.limit,
    cursor: query.cursor,
  });
  return { ...shown, ...page };
}
