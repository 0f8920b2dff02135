import { provesWithdrawal } from './completeness';
import type { Completeness, GroupsDecision } from './facts';
import type { Leftover } from './groups-claims';
import { ruleFor } from './groups-names';
import type { GroupLink } from './model';
import { nameKey } from './names';
import type { Reason } from './operation';
import { inWords } from './reason-words';
import { because } from './reasons';
import type { DecisionSettings } from './settings';

type Frozen = GroupsDecision['frozen'][string];
type Action = Frozen['action'];

/** Where two links end in one target group, the one that takes less away decides. */
const CAUTION: Readonly<Record<Action, number>> = { keep: 0, hold: 1, remove: 2 };

/** A link whose source group is not in this read (rules 2.3). `proved`: a look-up of the id found nothing. */
export function missingLeftover(link: GroupLink, proved: boolean, settings: DecisionSettings): Leftover {
  const params = { group: link.groupId };
  return {
    groupId: link.groupId,
    name: link.targetName,
    key: nameKey(link.targetName),
    reason: proved ? because('groupMissing', '2.3', params) : because('groupMissingUnproved', '2.3', params),
    action: proved ? settings.groups.missing : 'keep',
  };
}

/** A link whose source group has left `include` (rules 2.4). `unjudged`: a condition failed, which proves nothing. */
export function excludedLeftover(link: GroupLink, unjudged: boolean, settings: DecisionSettings): Leftover {
  return {
    groupId: link.groupId,
    name: link.targetName,
    key: nameKey(link.targetName),
    reason: because('groupOutOfScope', '2.4', { group: link.groupId }),
    action: unjudged ? 'keep' : settings.groups.outOfScope,
  };
}

/** What to do with the owned memberships of each frozen target group; an additive group never loses any. */
export function freeze(
  leftovers: readonly Leftover[],
  complete: Completeness,
  settings: DecisionSettings
): ReadonlyMap<string, Frozen> {
  const frozen = new Map<string, Frozen>();
  for (const leftover of leftovers) {
    const additive = ruleFor(settings.groups, leftover.name).mode === 'additive';
    const action = additive || !provesWithdrawal(complete) ? 'keep' : leftover.action;
    const known = frozen.get(leftover.key);
    if (known === undefined || CAUTION[action] < CAUTION[known.action]) {
      frozen.set(leftover.key, { action, reason: leftover.reason });
    }
  }
  return frozen;
}

/** What the operator is told about a leftover. */
export function leftoverWarning(leftover: Leftover, reason: Reason, action: Action): string {
  return `"${leftover.name}", source group ${leftover.groupId}: ${inWords(reason)}; memberships: ${action}`;
}
