import { nameKey } from '../domain/names';
import { own } from '../domain/records';
import { storedGroups } from './decideGroups';
import type { ActivityDeps } from './deps';
import type { RunContext } from './runContext';

/** Retires the links of groups that are gone at the provider, once their owned memberships are removed (rules 2.3). */
export async function retireMissingGroups(
  deps: ActivityDeps,
  { run }: RunContext,
  planRunId: string,
  action: 'hold' | 'remove'
): Promise<void> {
  const { frozen } = await storedGroups(deps, planRunId);
  for (const link of await deps.store.groupLinks.list(run.connectorId)) {
    const entry = own(frozen, nameKey(link.targetName));
    const gone = entry?.action === action && entry.reason.code === 'groupMissing';
    if (link.state === 'active' && gone) await deps.store.groupLinks.put({ ...link, state: 'retired' });
  }
}

/** Once nothing is held, the foreign members of authoritative groups have been decided on (rules 2.6). */
export async function settleForeignMembers(deps: ActivityDeps, { run }: RunContext, planRunId: string): Promise<void> {
  const { byTargetKey } = await storedGroups(deps, planRunId);
  for (const link of await deps.store.groupLinks.list(run.connectorId)) {
    const mode = own(byTargetKey, nameKey(link.targetName))?.rule.mode;
    if (link.state === 'active' && mode === 'authoritative' && link.foreignSettled !== true) {
      await deps.store.groupLinks.put({ ...link, foreignSettled: true });
    }
  }
}
