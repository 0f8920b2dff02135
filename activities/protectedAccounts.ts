import { nameKey } from '../domain/names';
import type { ProvisioningTarget } from '../targets/target';
import type { ActivityDeps } from './deps';
import { cancellation } from './progress';
import type { RunContext } from './runContext';

/**
 * Keys of the protected users and of all members of protected groups (rules 3.4), read once a run and kept.
 * Protected groups are small by nature (administrators).
 */
export async function protectedKeys(
  deps: ActivityDeps,
  { run, settings, target }: RunContext
): Promise<ReadonlySet<string>> {
  const { snapshots } = deps.store;
  const kept = (await snapshots.artifact(run.id, 'protected')) as readonly string[] | null;
  if (kept !== null) return new Set(kept);
  const names = settings.protected.users.map(nameKey);
  const users = [...(await snapshots.holders(run.id, 'targetName', names)).values()].map((holders) => holders.lo);
  const members = await Promise.all(settings.protected.groups.map((group) => membersOf(target, group)));
  const keys = [...new Set([...users, ...members.flat()])].sort();
  await snapshots.putArtifact(run.id, 'protected', keys);
  return new Set(keys);
}

async function membersOf(target: ProvisioningTarget, group: string): Promise<string[]> {
  const keys: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<ProvisioningTarget['listMembers']>> = await target.listMembers(
      group,
      cursor,
      cancellation()
    );
    keys.push(...(page?.items ?? []).map((user) => user.key));
    cursor = page?.cursor ?? null;
  } while (cursor !== null);
  return keys;
}
