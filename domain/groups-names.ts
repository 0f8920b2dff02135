import { compileGlobs } from './glob';
import { selectionOf } from './group-patterns';
import type { SourceGroup } from './model';
import { nameKey } from './names';
import { own } from './records';
import type { DecisionSettings, GroupRule, GroupSettings } from './settings';
import { isWritableName } from './username';

/** For a group that none of the configured rules matches: what holds where nothing is configured (rules 7). */
export const DEFAULT_GROUP_RULE: GroupRule = { match: '*', mode: 'managed', create: true, sensitive: false };

const compiledRules = new WeakMap<GroupRule, (text: string) => boolean>();

/** The first rule whose glob matches the target group's name. */
export function ruleFor(settings: GroupSettings, targetName: string): GroupRule {
  return settings.rules.find((rule) => ruleMatches(rule, targetName)) ?? DEFAULT_GROUP_RULE;
}

function ruleMatches(rule: GroupRule, targetName: string): boolean {
  let matches = compiledRules.get(rule);
  if (matches === undefined) {
    matches = compileGlobs([rule.match]);
    compiledRules.set(rule, matches);
  }
  return matches(targetName);
}

/**
 * Whether a source group takes part: `include` (default: the required groups, or all) without `exclude`. `failed`: a condition
 * could not be judged; the group takes no part, but that proves nothing.
 */
export function inclusionOf(group: SourceGroup, settings: DecisionSettings): 'included' | 'excluded' | 'failed' {
  const excluded = selectionOf(settings.groups.exclude, group);
  if (excluded !== 'other') return excluded === 'failed' ? 'failed' : 'excluded';
  const include = settings.groups.include ?? settings.scope.requiredGroups;
  if (settings.groups.include === null && include.length === 0) return 'included';
  const selection = selectionOf(include, group);
  if (selection === 'failed') return 'failed';
  return selection === 'selected' ? 'included' : 'excluded';
}

export function isIncluded(group: SourceGroup, settings: DecisionSettings): boolean {
  return inclusionOf(group, settings) === 'included';
}

/** True when `groups.map` names this group. */
export function isMapped(group: { readonly externalId: string }, settings: GroupSettings): boolean {
  return own(settings.map, group.externalId) !== undefined;
}

/** The target names a source group stands for by configuration, each once; empty when its name cannot be written. */
export function targetNamesOf(group: SourceGroup, settings: GroupSettings): readonly string[] {
  return uniqueNames(own(settings.map, group.externalId) ?? [group.name]);
}

/** The names of `groups.alwaysAdd`, each once. */
export function alwaysAddNames(settings: GroupSettings): readonly string[] {
  return uniqueNames(settings.alwaysAdd.map(({ group }) => group));
}

/** Writable names in the form in which they are written, without those that differ in case only. */
export function uniqueNames(names: readonly string[]): readonly string[] {
  const byKey = new Map<string, string>();
  for (const name of names) {
    const written = name.normalize('NFC').trim();
    const key = nameKey(written);
    if (isWritableName(written) && !byKey.has(key)) byKey.set(key, written);
  }
  return [...byKey.values()];
}
