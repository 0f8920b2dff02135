import { evaluateGate } from '../../domain/gate';
import { GATE_KINDS } from '../../domain/operation';
import type { GateKind } from '../../domain/operation';
import { nameKey } from '../../domain/names';
import type { PersonChanges } from '../../domain/changes';
import type { PendingChange } from '../../store/scim-store';
import type { ActivityDeps } from '../deps';
import { hourOf, standingRules } from '../judgePlan';
import type { ChangesContext } from './context';

type Burst = readonly PersonChanges<PendingChange>[];
type Counts = Record<GateKind, number>;

/**
 * Whether a settled burst is within the limits as a whole (rules 4.7). One that is not is left to a run, which plans all
 * of it and holds what is over the limit as one plan.
 */
export async function isWithinLimits(deps: ActivityDeps, context: ChangesContext, burst: Burst): Promise<boolean> {
  const { connector } = context;
  const hour = hourOf(new Date(context.now).toISOString());
  const counts = await countsOf(deps, context, burst);
  const gate = evaluateGate({
    ...standingRules(deps, context),
    counts,
    operations: GATE_KINDS.reduce((sum, kind) => sum + counts[kind], 0),
    used: await deps.store.gateUsage.used(connector.id, hour, ''),
    denominators: connector.planned?.denominators ?? { activeManaged: 0, ownedMemberships: 0, linkedGroups: 0 },
    groupLosses: await lossesOf(deps, context, burst),
    firstRun: { pending: !connector.firstRunOver, touchesExisting: true },
    health: { healthy: true, reasons: [] },
  });
  return gate.heldKinds.length === 0 && !gate.wholePlan;
}

/** What the burst would take away from people who have an account. */
async function countsOf({ store }: ActivityDeps, { connector }: ChangesContext, burst: Burst): Promise<Counts> {
  const ids = burst.map(({ id }) => id);
  const [users, links] = await Promise.all([
    store.scim.users.byIds(connector.id, ids),
    store.links.byExternalIds(connector.id, ids),
  ]);
  const hasAccount = users.filter(({ id }) => links.get(id)?.state === 'active');
  const none = Object.fromEntries(GATE_KINDS.map((kind) => [kind, 0])) as Counts;
  return {
    ...none,
    absent: hasAccount.filter(({ deleted }) => deleted).length,
    disabled: hasAccount.filter(({ deleted, takesAway }) => !deleted && takesAway).length,
    removals: removalsOf(burst).length,
  };
}

const removalsOf = (burst: Burst): readonly PendingChange[] =>
  burst.flatMap(({ changes }) => changes.filter(({ kind, takesAway }) => kind === 'member' && takesAway));

async function lossesOf({ store }: ActivityDeps, { connector }: ChangesContext, burst: Burst) {
  const removals = removalsOf(burst);
  if (removals.length === 0 || connector.planned === undefined) return [];
  const links = (await store.groupLinks.list(connector.id)).filter(({ state }) => state === 'active');
  const lost = new Map<string, number>();
  for (const { groupId } of removals) {
    for (const link of links.filter((each) => each.groupId === groupId)) {
      lost.set(nameKey(link.targetName), (lost.get(nameKey(link.targetName)) ?? 0) + 1);
    }
  }
  const read = await store.snapshots.targetGroupsNamed(connector.planned.runId, [...lost.keys()]);
  return read.map(({ name, activeMembers }) => ({
    groupKey: nameKey(name),
    activeMembers,
    removals: lost.get(nameKey(name)) ?? 0,
    linkedOrRequired: true,
  }));
}
