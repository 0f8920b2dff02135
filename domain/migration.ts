import type { TargetUser } from './model';
import { nameKey } from './names';

/** An account of one name in one user directory of the target. */
export interface DirectoryAccount {
  readonly directoryId: string;
  /** Null where only the number is told. */
  readonly directoryName: string | null;
  /** Null where it is not told. */
  readonly active: boolean | null;
}

/** What an admin should look at before the people of an account are brought under another product. */
export const MIGRATION_FINDINGS = ['shadows', 'nameMismatch', 'leads'] as const;
export type MigrationFinding = (typeof MIGRATION_FINDINGS)[number];

export interface MigrationItem {
  readonly account: TargetUser;
  /** The directory that holds it; null where the target does not tell. */
  readonly directory: DirectoryAccount | null;
  /** Accounts of the same name in directories further down: they come to light when this one goes. */
  readonly shadows: readonly DirectoryAccount[];
  /** Projects that it leads. */
  readonly leads: readonly string[];
  /** Who keeps it, and under which name that was last written; null where no connector does. */
  readonly link: { readonly connectorId: string; readonly externalId: string; readonly username: string | null } | null;
  readonly findings: readonly MigrationFinding[];
}

export interface MigrationFacts {
  /** By nameKey; the first one is the account that is seen. */
  readonly duplicated: ReadonlyMap<string, readonly DirectoryAccount[]>;
  /** Number of the directory by nameKey, where the target tells. */
  readonly directories: ReadonlyMap<string, string>;
  /** Projects by key of the account, and by nameKey where the target names no key. */
  readonly leads: ReadonlyMap<string, readonly string[]>;
}

/** What is to be told of one account (rules 6). */
export function migrationItem(account: TargetUser, link: MigrationItem['link'], facts: MigrationFacts): MigrationItem {
  const name = nameKey(account.username);
  const [first, ...shadows] = facts.duplicated.get(name) ?? [];
  const id = facts.directories.get(name);
  const told = id === undefined ? null : { directoryId: id, directoryName: null, active: account.active };
  const leads = [...new Set([...(facts.leads.get(account.key) ?? []), ...(facts.leads.get(`name:${name}`) ?? [])])];
  const isMismatch = link !== null && link.username !== null && nameKey(link.username) !== name;
  const applies: Readonly<Record<MigrationFinding, boolean>> = {
    shadows: shadows.length > 0,
    nameMismatch: isMismatch,
    leads: leads.length > 0,
  };
  return {
    account,
    directory: first ?? told,
    shadows,
    leads: leads.sort(),
    link,
    findings: MIGRATION_FINDINGS.filter((finding) => applies[finding]),
  };
}

/** What the task leaves under its request; the list lies in pages. */
export interface MigrationResult {
  readonly readAt: string;
  readonly pages: number;
  readonly accounts: number;
  readonly counts: Readonly<Record<MigrationFinding, number>>;
  /** Accounts by number of their directory; `unknown` where the target does not tell. */
  readonly directories: Readonly<Record<string, number>>;
  /** What this target cannot tell, a sentence each. */
  readonly notes: readonly string[];
}
