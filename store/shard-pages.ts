/** Names of the artifacts that hold what a shard of a run noted for a report, one JSON list each. */
/** What a hand-over leaves: of the people of a shard, and of the groups. */
export const HANDOVER_GROUPS = 'handover:groups';
export const handoverPage = (index: number): string => `handover:${index}`;
/** With which run an observing one compared. */
export const OBSERVED_SINCE = 'observedSince';
export const observePage = (index: number): string => `observe:${index}`;
/** The latest migration report of a target: its numbers, and its accounts in pages. */
export const MIGRATION_HEAD = 'head';
export const migrationPage = (page: number): string => `accounts:${page}`;
export const adoptionPage = (index: number): string => `adoption:${index}`;
