import { nameGroup } from '../../domain/group-name';
import { selectionOf } from '../../domain/group-patterns';
import type { GroupPattern } from '../../domain/settings';
import type { ProviderParts } from '../provider';
import { DEFAULT_KINDS, groupOf, kindsOf } from './records';
import type { EntraSettings } from './settings';
import type { GraphGroup } from './shapes';

/** What of the tenant a connector reads. */
export interface Reach {
  /** Nobody but the members of some groups. */
  readonly isScoped: boolean;
  /** Groups of the kind that is synced: the only ones that are delivered. */
  readonly isListed: (group: GraphGroup) => boolean;
  /** Groups whose members decide who takes part; called where the reach is scoped. */
  readonly decides: (group: GraphGroup) => boolean;
  /** Groups whose members are delivered. */
  readonly hasMembersRead: (group: GraphGroup) => boolean;
}

/** Groups of the kinds that are synced, security groups by default, and of these all, or where the source is scoped those that scope and groups name (rules 2.7). */
export function reachOf({ read }: EntraSettings, parts: ProviderParts): Reach {
  const { scope, groups, naming, looksAtGroups = false } = parts;
  const required = scope?.requiredGroups ?? [];
  const kinds = naming?.kinds ?? DEFAULT_KINDS;
  const isListed = (group: GraphGroup): boolean => kindsOf(group).some((kind) => kinds.includes(kind));
  if (read === 'all' || required.length === 0) {
    return { isScoped: false, isListed, decides: isListed, hasMembersRead: isListed };
  }
  const wanted = [...required, ...(scope?.excludeGroups ?? []), ...(groups ?? [])];
  // What cannot be judged is read: whether it counts is decided where everything is known.
  const selects = (patterns: readonly GroupPattern[], group: GraphGroup): boolean => {
    const named = naming === undefined ? groupOf(group) : nameGroup(groupOf(group), naming);
    return named !== null && isListed(group) && selectionOf(patterns, named) !== 'other';
  };
  return {
    isScoped: true,
    isListed,
    decides: (group) => selects(required, group),
    hasMembersRead: (group) => (looksAtGroups ? isListed(group) : selects(wanted, group)),
  };
}
