import { Budget } from './budget';
import type { NamedGroup } from './group-patterns';
import type { SourceGroup } from './model';
import { textsAt } from './paths';
import type { GroupSettings } from './settings';
import { applyTransforms } from './transforms';

const named = new WeakMap<GroupSettings, WeakMap<NamedGroup, NamedGroup | null>>();

/**
 * A source group under the name by which every rule about groups knows it: `groups.name`, then `groups.transforms`.
 * Null where it takes no part: another kind than `groups.kinds`, or `dropUnmatched` and a transform that does not match.
 * A group without a kind is of every kind. A group that has its name already is left as it is.
 */
export function nameGroup<G extends NamedGroup>(group: G, settings: GroupSettings): G | null {
  if (group.sourceName !== undefined) return group;
  const groups = named.get(settings) ?? new WeakMap<NamedGroup, NamedGroup | null>();
  named.set(settings, groups);
  const known = groups.get(group);
  if (known !== undefined) return known as G | null;
  const fresh = withName(group, settings);
  groups.set(group, fresh);
  return fresh;
}

/** `nameGroup` for many: those that take part. */
export function nameGroups<G extends NamedGroup>(groups: readonly G[], settings: GroupSettings): G[] {
  return groups.flatMap((group) => nameGroup(group, settings) ?? []);
}

function withName<G extends NamedGroup>(group: G, settings: GroupSettings): G | null {
  const { kinds = null, transforms = [], dropUnmatched = false } = settings;
  if (kinds !== null && !isOfKind(group, kinds)) return null;
  const attribute = (path: string): readonly string[] => textsAt(asAttributes(group), path);
  const path = settings.name?.source;
  const [given = group.name] = path === undefined ? [] : attribute(path);
  const options = { budget: new Budget(), attribute, keepUntransformed: !dropUnmatched };
  const result = applyTransforms([given], transforms, options);
  if (result.kind === 'failed') return dropUnmatched ? null : { ...group, name: given, sourceName: group.name };
  const [name] = result.texts;
  if (name === undefined) return null;
  return { ...group, name, sourceName: group.name };
}

function isOfKind(group: NamedGroup, kinds: readonly string[]): boolean {
  const own = textsAt(asAttributes(group), 'kind');
  return own.length === 0 || own.some((kind) => kinds.includes(kind));
}

const asAttributes = ({ externalId, attributes = {} }: Partial<SourceGroup> & { readonly externalId: string }) => ({
  externalId,
  active: true,
  attributes,
});
