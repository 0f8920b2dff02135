import type { PlanContext } from '../domain/facts';
import type { TargetUser } from '../domain/model';
import { nameKey } from '../domain/names';
import type { ProvisioningTarget } from '../targets/target';
import type { ActivityDeps } from './deps';
import { leadSuccessor } from './leadFacts';
import { cancellation } from './progress';
import type { RunContext } from './runContext';

/** Accounts that a run never touches, or only after approval (rules 3.4). */
export interface SpecialAccounts {
  /** The account Rollcall itself uses. */
  readonly syncAccountKey: string;
  /** Protected users, and all members of protected groups. */
  readonly protectedKeys: readonly string[];
  /** Accounts that are the last active member of a protected group. */
  readonly lastMemberKeys: readonly string[];
  /** Who takes over projects; absent in snapshots of older versions. */
  readonly leads?: Pick<PlanContext, 'leadSuccessor'>;
}

/** Reads the special accounts once a run, for all shards. Protected groups are small by nature (administrators). */
export async function readSpecialAccounts(deps: ActivityDeps, { run, settings, target }: RunContext): Promise<void> {
  const { snapshots } = deps.store;
  const names = settings.protected.users.map(nameKey);
  const users = [...(await snapshots.holders(run.id, 'targetName', names)).values()].map((holders) => holders.lo);
  const signal = cancellation();
  const members = await Promise.all(settings.protected.groups.map((group) => membersOf(target, group, signal)));
  const special: SpecialAccounts = {
    syncAccountKey: (await target.syncAccount(cancellation())).key,
    protectedKeys: [...new Set([...users, ...members.flat().map(({ key }) => key)])].sort(),
    lastMemberKeys: members.flatMap(lastActive).sort(),
    leads: await leadSuccessor(target, settings),
  };
  await snapshots.putArtifact(run.id, 'special', special);
}

export async function storedSpecialAccounts(deps: ActivityDeps, runId: string): Promise<SpecialAccounts> {
  return (await deps.store.snapshots.artifact(runId, 'special')) as SpecialAccounts;
}

/** The key of the only active member, or none. */
export const lastActive = (members: readonly TargetUser[]): string[] => {
  const active = [...new Set(members.filter((user) => user.active).map((user) => user.key))];
  return active.length === 1 ? active : [];
};

export async function membersOf(target: ProvisioningTarget, group: string, signal: AbortSignal): Promise<TargetUser[]> {
  const members: TargetUser[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<ProvisioningTarget['listMembers']>> = await target.listMembers(
      group,
      cursor,
      signal
    );
    members.push(...(page?.items ?? []));
    cursor = page?.cursor ?? null;
  } while (cursor !== null);
  return members;
}
