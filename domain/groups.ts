import { inPlanOrder } from './draft';
import type { GroupsDecision, GroupsInput } from './facts';
import { claimsOf } from './groups-claims';
import type { Claim, Leftover } from './groups-claims';
import { excludedLeftover, freeze, leftoverWarning, missingLeftover } from './groups-frozen';
import { nameGroups } from './group-name';
import { alwaysAddNames, inclusionOf, isIncluded, targetNamesOf, uniqueNames } from './groups-names';
import { decideTarget } from './groups-target';
import type { TargetDecision } from './groups-target';
import type { GroupLink, SourceGroup } from './model';
import { nameKey } from './names';
import { because } from './reasons';
import { byText, groupBy, own } from './records';
import type { DecisionSettings } from './settings';

/**
 * The target groups whose existence and members a run must read: what included source groups stand for by
 * configuration, what is linked, `alwaysAdd`, and the protected groups. Each name once, in a fixed order.
 */
export function groupsToRead(
  settings: DecisionSettings,
  groups: readonly SourceGroup[],
  links: readonly GroupLink[]
): string[] {
  const linked = links.filter(isActive).map((link) => link.targetName);
  const mapped = nameGroups(groups, settings.groups)
    .filter((group) => isIncluded(group, settings))
    .flatMap((g) => targetNamesOf(g, settings.groups));
  const names = [
    ...linked.sort(byText),
    ...alwaysAddNames(settings.groups),
    ...settings.protected.groups,
    ...mapped.sort(byText),
  ];
  return [...uniqueNames(names)].sort(byText);
}

/** The decision about all groups of a run (rules 2.1 to 2.6). The order of the input does not matter. */
export function decideGroups(input: GroupsInput): GroupsDecision {
  const gathered = gather(input);
  const targets = decideTargets(input, gathered);
  const frozen = freezeLeftovers(input, gathered, targets);
  const warnings = [
    ...gathered.warnings,
    ...[...targets.values()].flatMap((target) => target.warnings),
    ...gathered.leftovers.flatMap((leftover) => {
      const state = frozen.get(leftover.key);
      return state === undefined ? [] : [leftoverWarning(leftover, leftover.reason, state.action)];
    }),
  ];
  return {
    bySourceId: standsFor(gathered.groups, targets, gathered.claims),
    byTargetKey: toRecord([...targets].map(([key, target]) => [key, target.group])),
    frozen: toRecord([...frozen]),
    alwaysAdd: alwaysAddNames(input.settings.groups).filter((name) => targets.get(nameKey(name))?.group.held === null),
    operations: inPlanOrder([...targets.values()].flatMap((target) => target.operations)),
    warnings: [...new Set(warnings)].sort(byText),
  };
}

interface Gathered {
  readonly groups: readonly SourceGroup[];
  readonly links: readonly GroupLink[];
  readonly sourceIds: ReadonlySet<string>;
  readonly claims: readonly Claim[];
  readonly leftovers: readonly Leftover[];
  readonly warnings: readonly string[];
}

function gather(input: GroupsInput): Gathered {
  const { settings } = input;
  const links = input.links
    .filter(isActive)
    .sort((a, b) => byText(a.groupId, b.groupId) || byText(a.targetName, b.targetName));
  const linksOf = groupBy(links, (link) => link.groupId);
  const groups = nameGroups(input.groups, settings.groups).sort((a, b) => byText(a.externalId, b.externalId));
  const sourceIds = new Set(input.groups.map((group) => group.externalId));
  const proved = new Set(input.provedMissing);
  const included = groups.filter((group) => isIncluded(group, settings));
  const unjudged = new Set(
    groups.filter((group) => inclusionOf(group, settings) === 'failed').map((group) => group.externalId)
  );
  const includedIds = new Set(included.map((group) => group.externalId));
  const found = included.map((group) => claimsOf(group, linksOf.get(group.externalId) ?? [], settings));
  const absent = links.flatMap((link) => {
    if (includedIds.has(link.groupId)) return [];
    if (sourceIds.has(link.groupId)) return [excludedLeftover(link, unjudged.has(link.groupId), settings)];
    return [missingLeftover(link, proved.has(link.groupId), settings)];
  });
  return {
    groups,
    links,
    sourceIds,
    claims: found.flatMap((one) => one.claims),
    leftovers: [...found.flatMap((one) => one.leftovers), ...absent],
    warnings: [
      ...found.flatMap((one) => one.warnings),
      ...[...unjudged].map((id) => `a condition about groups could not be judged for source group ${id}: left out`),
    ],
  };
}

function decideTargets(input: GroupsInput, gathered: Gathered): ReadonlyMap<string, TargetDecision> {
  const { settings } = input;
  const claimsOn = groupBy(gathered.claims, (claim) => claim.key);
  const linksOn = groupBy(gathered.links, (link) => nameKey(link.targetName));
  const existing = byKey(input.existingNames);
  const alwaysAdd = byKey(alwaysAddNames(settings.groups));
  const guarded = byKey(settings.protected.groups);
  const targets = new Map<string, TargetDecision>();
  for (const key of [...new Set([...claimsOn.keys(), ...alwaysAdd.keys()])].sort(byText)) {
    const claims = claimsOn.get(key) ?? [];
    const links = linksOn.get(key) ?? [];
    const other = links.find((link) => claims.every((claim) => claim.groupId !== link.groupId));
    const decided = decideTarget({
      key,
      claims,
      alwaysAdd: alwaysAdd.get(key) ?? null,
      existing: existing.get(key) ?? null,
      isProtected: guarded.has(key),
      otherLink: other === undefined ? null : { groupId: other.groupId, gone: !gathered.sourceIds.has(other.groupId) },
      foreignSettled: links.length > 0 && links.every((link) => link.foreignSettled === true),
      settings,
    });
    targets.set(key, decided);
  }
  return targets;
}

/**
 * A target group that another source group stands for is not frozen, unless the configuration names both. One whose
 * newcomer waits for a decision loses nothing until then (rules 2.3).
 */
function freezeLeftovers(
  input: GroupsInput,
  gathered: Gathered,
  targets: ReadonlyMap<string, TargetDecision>
): ReturnType<typeof freeze> {
  const result = new Map(freeze(gathered.leftovers, input.complete, input.settings));
  for (const leftover of gathered.leftovers) {
    const target = targets.get(leftover.key);
    if (target === undefined) continue;
    if (target.group.held !== null) {
      const params = { group: leftover.groupId };
      result.set(leftover.key, { action: 'keep', reason: because('groupHeld', target.group.held.rule, params) });
    } else if (!isShared(leftover, input.settings)) {
      result.delete(leftover.key);
    }
  }
  return result;
}

/** The configuration names this source group for this target group, beside those that stand for it now. */
function isShared(leftover: Leftover, settings: DecisionSettings): boolean {
  const names = own(settings.groups.map, leftover.groupId) ?? [];
  return names.some((name) => nameKey(name.trim()) === leftover.key);
}

/** Held target groups are named too: their members are told why nothing happens. */
function standsFor(
  groups: readonly SourceGroup[],
  targets: ReadonlyMap<string, TargetDecision>,
  claims: readonly Claim[]
): GroupsDecision['bySourceId'] {
  const names = new Map<string, string[]>(groups.map((group) => [group.externalId, []]));
  for (const claim of claims) {
    const target = targets.get(claim.key);
    if (target === undefined) continue;
    const counts = target.group.held !== null || target.active.some((active) => active.groupId === claim.groupId);
    if (counts) names.get(claim.groupId)?.push(target.group.name);
  }
  for (const list of names.values()) list.sort(byText);
  return toRecord([...names]);
}

/** In the order of the keys, so that the same decision is the same text. */
function toRecord<T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> {
  return Object.fromEntries([...entries].sort(([a], [b]) => byText(a, b)));
}

function byKey(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map([...names].reverse().map((name) => [nameKey(name.trim()), name]));
}

function isActive(link: GroupLink): boolean {
  return link.state === 'active';
}
