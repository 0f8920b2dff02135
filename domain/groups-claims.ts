import { isMapped, targetNamesOf } from './groups-names';
import type { GroupLink, SourceGroup } from './model';
import { nameKey } from './names';
import type { Reason } from './operation';
import { because } from './reasons';
import type { DecisionSettings } from './settings';

/** A source group stands, or wants to stand, for a target group. */
export interface Claim {
  readonly groupId: string;
  readonly name: string;
  readonly key: string;
  readonly linked: boolean;
  /** Named by the configuration in `groups.map`. */
  readonly mapped: boolean;
  /** Why nothing is done with the members although the link stands. */
  readonly held: Reason | null;
}

/** A linked target group for which no source group speaks any more. */
export interface Leftover {
  readonly groupId: string;
  readonly name: string;
  readonly key: string;
  readonly reason: Reason;
  /** What the settings say; decideGroups weakens it where the read proves nothing. */
  readonly action: 'hold' | 'keep' | 'remove';
}

export interface GroupClaims {
  readonly claims: readonly Claim[];
  readonly leftovers: readonly Leftover[];
  readonly warnings: readonly string[];
}

/**
 * What one included source group claims, given its active links (rules 2.1, 2.2, 2.4).
 * A link whose target name is still wanted stays. What else is linked is a rename at the provider when the name
 * differs from that at the time of linking, otherwise a change of the configuration.
 */
export function claimsOf(group: SourceGroup, links: readonly GroupLink[], settings: DecisionSettings): GroupClaims {
  const mapped = isMapped(group, settings.groups);
  const names = targetNamesOf(group, settings.groups);
  const wanted = new Map(names.map((name) => [nameKey(name), name]));
  const others = links.filter((link) => !wanted.has(nameKey(link.targetName)));
  const linked = links.filter((link) => wanted.has(nameKey(link.targetName)));
  for (const link of linked) wanted.delete(nameKey(link.targetName));
  const standing = linked.map((link) => claim(group, link.targetName, { linked: true, mapped, held: null }));
  const fresh = [...wanted.values()].map((name) => claim(group, name, { linked: false, mapped, held: null }));
  if (!mapped && fresh.length > 0 && others.length > 0 && others.every((link) => isRenamed(link, group))) {
    return renamedClaims(group, others, fresh, settings);
  }
  const leftovers = others.map((link) => leftover(link, group, mapped, settings));
  return { claims: [...standing, ...fresh], leftovers, warnings: unwritable(group, names) };
}

function renamedClaims(
  group: SourceGroup,
  links: readonly GroupLink[],
  fresh: readonly Claim[],
  settings: DecisionSettings
): GroupClaims {
  const names = links.map((link) => `"${link.targetName}"`).join(', ');
  const renamed = `source group ${group.externalId} was renamed to "${group.name}"`;
  switch (settings.groups.onRename) {
    case 'createNew':
      return {
        claims: fresh,
        leftovers: links.map((link) => leftover(link, group, false, settings)),
        warnings: [`${renamed}: ${names} keeps its members until it is retired (rule 2.2)`],
      };
    case 'keepTarget': {
      // After an earlier createNew there are several old names, and nothing tells which one is meant.
      const held = links.length > 1 ? because('groupRenamed', '2.2', { group: group.externalId }) : null;
      return {
        claims: links.map((link) => claim(group, link.targetName, { linked: true, mapped: false, held })),
        leftovers: [],
        warnings: [`${renamed}: ${names} keeps its name (rule 2.2)`],
      };
    }
    case 'hold': {
      const held = because('groupRenamed', '2.2', { group: group.externalId });
      return {
        claims: links.map((link) => claim(group, link.targetName, { linked: true, mapped: false, held })),
        leftovers: [],
        warnings: [`${renamed}: ${names} is held (rule 2.2)`],
      };
    }
  }
}

/** A link of a group that is included but no longer stands for this name. */
function leftover(link: GroupLink, group: SourceGroup, mapped: boolean, settings: DecisionSettings): Leftover {
  const params = { group: group.externalId };
  const renamed = !mapped && isRenamed(link, group);
  return {
    groupId: link.groupId,
    name: link.targetName,
    key: nameKey(link.targetName),
    reason: renamed ? because('groupRenamed', '2.2', params) : because('groupOutOfScope', '2.4', params),
    action: renamed ? 'keep' : settings.groups.outOfScope,
  };
}

function isRenamed(link: GroupLink, group: SourceGroup): boolean {
  return nameKey(link.sourceName) !== nameKey(group.sourceName ?? group.name);
}

function claim(group: SourceGroup, name: string, state: Pick<Claim, 'linked' | 'mapped' | 'held'>): Claim {
  return { groupId: group.externalId, name, key: nameKey(name), ...state };
}

function unwritable(group: SourceGroup, names: readonly string[]): readonly string[] {
  return names.length > 0 ? [] : [`source group ${group.externalId} has no name that the target accepts`];
}
