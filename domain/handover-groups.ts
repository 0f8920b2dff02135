import { inPlanOrder } from './draft';
import { isIncluded, targetNamesOf } from './groups-names';
import { moving } from './handover';
import type { HandoverOrder } from './handover';
import type { GroupLink, SourceGroup } from './model';
import { nameKey } from './names';
import type { DraftOperation } from './operation';
import { because } from './reasons';
import { groupBy } from './records';
import type { DecisionSettings } from './settings';

export interface GroupHandover {
  readonly operations: readonly DraftOperation[];
  /** Links of the former connector for which no single group of the new one stands. */
  readonly left: readonly GroupLink[];
}

interface GroupHandoverInput {
  readonly order: HandoverOrder;
  readonly settings: DecisionSettings;
  /** Groups of the new connector's source. */
  readonly groups: readonly SourceGroup[];
  readonly former: readonly GroupLink[];
  readonly own: readonly GroupLink[];
}

/**
 * Which group links move (rules 1.6): to the source group of the same id, where `matchBy` has `key`, else to the one that
 * stands for the same Jira group by the new configuration. Groups that several stand for stay.
 */
export function planGroupHandover(input: GroupHandoverInput): GroupHandover {
  const { order, settings, own } = input;
  const included = input.groups.filter((group) => isIncluded(group, settings));
  const byId = new Map(included.map((group) => [group.externalId, group]));
  const claims = included.flatMap((group) =>
    targetNamesOf(group, settings.groups).map((name) => ({ group, key: nameKey(name) }))
  );
  const byTarget = groupBy(claims, ({ key }) => key);
  const linked = new Set(own.filter(({ state }) => state === 'active').map(({ targetName }) => nameKey(targetName)));
  const active = input.former.filter(({ state }) => state === 'active');
  const contested = groupBy(active, ({ targetName }) => nameKey(targetName));
  const successorOf = ({ groupId, targetName }: GroupLink): SourceGroup | null => {
    const key = nameKey(targetName);
    if (linked.has(key) || (contested.get(key)?.length ?? 0) > 1) return null;
    const standing = byTarget.get(key) ?? [];
    const same = order.matchBy.includes('key') ? byId.get(groupId) : undefined;
    if (same !== undefined && standing.some(({ group }) => group === same)) return same;
    return standing.length === 1 ? (standing[0]?.group ?? null) : null;
  };
  const found = active.map((link) => ({ link, successor: successorOf(link) }));
  return {
    operations: inPlanOrder(
      found.flatMap(({ link, successor }) => (successor === null ? [] : [moveGroupLink(link, successor)]))
    ),
    left: found.flatMap(({ link, successor }) => (successor === null ? [link] : [])),
  };
}

const moveGroupLink = ({ connectorId, groupId, targetName }: GroupLink, successor: SourceGroup): DraftOperation =>
  moving({
    targetKey: null,
    externalId: successor.externalId,
    before: { connector: connectorId, groupId },
    after: { group: targetName, sourceName: successor.name },
    reasons: [because('handedOver', '1.6', { by: groupId === successor.externalId ? 'key' : 'name' })],
    linkVersion: 0,
  });
