import { emailKey, nameKey } from '../domain/names';
import type { TargetUser } from '../domain/model';
import type { MembershipReading } from '../domain/reading-plan';
import type { ActivityDeps } from './deps';

/** How the accounts of this run came: `complete` when one that is not in the snapshot does not exist. */
export interface AccountReading {
  readonly complete: boolean;
  /** Pages of the listing. */
  readonly pages: number;
}

const ACCOUNTS = 'accountReading';
const MEMBERSHIPS = 'membershipReading';

export const putAccountReading = (deps: ActivityDeps, runId: string, reading: AccountReading): Promise<void> =>
  deps.store.snapshots.putArtifact(runId, ACCOUNTS, reading);

export async function accountReading(deps: ActivityDeps, runId: string): Promise<AccountReading> {
  return (await deps.store.snapshots.artifact(runId, ACCOUNTS)) as AccountReading;
}

export const putMembershipReading = (deps: ActivityDeps, runId: string, reading: MembershipReading): Promise<void> =>
  deps.store.snapshots.putArtifact(runId, MEMBERSHIPS, reading);

export async function membershipReading(deps: ActivityDeps, runId: string): Promise<MembershipReading> {
  return (await deps.store.snapshots.artifact(runId, MEMBERSHIPS)) as MembershipReading;
}

/** Puts accounts into the snapshot, with who holds which username and address; may be repeated. */
export async function putAccounts(deps: ActivityDeps, runId: string, accounts: readonly TargetUser[]): Promise<void> {
  const { snapshots } = deps.store;
  await snapshots.putTargetUsers(runId, accounts);
  await snapshots.putKeys(
    runId,
    'targetName',
    accounts.map((user) => ({ key: nameKey(user.username), id: user.key }))
  );
  await snapshots.putKeys(runId, 'targetEmail', accounts.flatMap(emailEntry));
}

const emailEntry = (user: TargetUser): { key: string; id: string }[] =>
  user.email === null || user.email === '' ? [] : [{ key: emailKey(user.email), id: user.key }];
