import { MIGRATION_FINDINGS, migrationItem } from '../../domain/migration';
import type { MigrationFacts, MigrationFinding, MigrationItem, MigrationResult } from '../../domain/migration';
import { migrationReportId } from '../../domain/ids';
import type { TargetUser } from '../../domain/model';
import { nameKey } from '../../domain/names';
import type { RequestRecord } from '../../store/records';
import { MIGRATION_HEAD, migrationPage } from '../../store/shard-pages';
import type { Directories } from '../../targets/extras';
import type { AccountsPage, ProvisioningTarget } from '../../targets/target';
import type { ActivityDeps } from '../deps';
import { cancellation, heartbeat } from '../progress';
import { readPatiently } from '../readPatiently';
import type { RunContexts } from '../runContext';

/**
 * Reads all accounts of a target with where they lie, what they hide and what they lead, into pages (rules 6); reads only.
 * What the target cannot tell is said in `notes`. May be repeated: pages are overwritten.
 */
export async function reportMigration(
  deps: ActivityDeps,
  contexts: RunContexts,
  { subject: targetId }: RequestRecord
): Promise<MigrationResult> {
  const target = await contexts.target(targetId);
  const notes: string[] = [];
  const facts = await readFacts(target, notes);
  const counts = Object.fromEntries(MIGRATION_FINDINGS.map((finding) => [finding, 0])) as Record<
    MigrationFinding,
    number
  >;
  const directories: Record<string, number> = {};
  let [pages, accounts] = [0, 0];
  for await (const listed of accountPages(target, notes)) {
    const items = await itemsOf(deps, targetId, listed, facts);
    await deps.store.snapshots.putArtifact(migrationReportId(targetId), migrationPage(pages), items);
    pages += 1;
    accounts += items.length;
    for (const { findings, directory } of items) {
      for (const finding of findings) counts[finding] += 1;
      const id = directory?.directoryId ?? 'unknown';
      directories[id] = (directories[id] ?? 0) + 1;
    }
    heartbeat();
  }
  const result = { readAt: deps.now().toISOString(), pages, accounts, counts, directories, notes };
  // Last: until then the report before is shown.
  await deps.store.snapshots.putArtifact(migrationReportId(targetId), MIGRATION_HEAD, result);
  return result;
}

type DirectoryPage = Awaited<ReturnType<NonNullable<Directories['list']>>>;

async function readFacts(target: ProvisioningTarget, notes: string[]): Promise<MigrationFacts> {
  const { directories, departures } = target;
  const duplicated = directories ? await readPatiently(() => directories.duplicated(cancellation())) : null;
  if (duplicated === null) {
    notes.push('Names that several directories have are not known: Jira lists them from 8.19 on.');
  }
  const byName = new Map<string, string>();
  const list = directories?.list;
  if (list === undefined) {
    notes.push(
      'Which directory holds an account is known for names that several have alone: /rest/api/2 does not tell. Configure crowd of the target to learn it.'
    );
  }
  for (
    let cursor: string | null = null, first = true;
    list !== undefined && (first || cursor !== null);
    first = false
  ) {
    const from: string | null = cursor;
    const page: DirectoryPage = await readPatiently(() => list(from, cancellation()));
    for (const { username, directoryId } of page.items) byName.set(nameKey(username), directoryId);
    cursor = page.cursor;
    heartbeat();
  }
  notes.push('Whether a directory can be written shows at the first write that it refuses; Jira does not tell before.');
  const leads = new Map<string, string[]>();
  for (const lead of departures ? await readPatiently(() => departures.projectLeads(cancellation())) : []) {
    const key = lead.leadKey ?? (lead.leadUsername === null ? null : `name:${nameKey(lead.leadUsername)}`);
    if (key !== null) leads.set(key, [...(leads.get(key) ?? []), lead.project]);
  }
  notes.push('Leads of archived projects are not listed by Jira.');
  const named = [...(duplicated ?? [])].map(([name, held]) => [nameKey(name), held] as const);
  return { duplicated: new Map(named), directories: byName, leads };
}

async function* accountPages(target: ProvisioningTarget, notes: string[]): AsyncGenerator<readonly TargetUser[]> {
  const early = 'Jira ended its list of accounts early: the report has those that it listed.';
  for (let cursor: string | null = null, first = true; first || cursor !== null; first = false) {
    const from: string | null = cursor;
    const page: AccountsPage | null = await readPatiently(() => target.listUsers(from, cancellation()));
    if (page === null) {
      notes.push(early);
      return;
    }
    yield page.items;
    cursor = page.cursor;
    if (cursor === null && !page.complete) notes.push(early);
  }
}

async function itemsOf(
  { store }: ActivityDeps,
  targetId: string,
  accounts: readonly TargetUser[],
  facts: MigrationFacts
): Promise<readonly MigrationItem[]> {
  const owners = await store.links.owners(
    targetId,
    accounts.map(({ key }) => key)
  );
  return accounts.map((account) => {
    const link = owners.get(account.key);
    const username = link?.lastApplied?.username ?? null;
    const shown = link === undefined ? null : { connectorId: link.connectorId, externalId: link.externalId, username };
    return migrationItem(account, shown, facts);
  });
}
