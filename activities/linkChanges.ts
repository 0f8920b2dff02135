import { withStandingRefusals } from '../domain/directory';
import type { Link } from '../domain/model';
import { nameKey } from '../domain/names';
import type { LinkRelease } from '../store/link-records';
import type { LinkChange } from './applyTypes';

type Fields = LinkRelease['set'];

/** What the link says after the changes, those fields only that they touch. */
export function mergeChanges(link: Link, changes: readonly LinkChange[]): Fields {
  return changes.reduce<Fields>((merged, change) => ({ ...merged, ...applied({ ...link, ...merged }, change) }), {});
}

function applied(link: Link, change: LinkChange): Fields {
  const { account, refusedMembership, property, organization, ...fields } = change;
  return {
    ...(fields.refusedUnder !== undefined && refusals(link, fields.refusedUnder, refusedMembership)),
    ...fields,
    ...(account !== undefined && { lastApplied: { ...(link.lastApplied ?? NOBODY), ...account } }),
    ...(property !== undefined && { lastProperties: { ...link.lastProperties, [property.name]: property.value } }),
    ...(organization !== undefined && { organizations: organizations(link, organization) }),
  };
}

const NOBODY = { username: '', email: null, displayName: null };

/** What a refusal leaves of those before it: the ones of an earlier configuration of the target do not count any more. */
function refusals(link: Link, under: number, group: string | undefined): Fields {
  const { state, refusedMemberships = [] } = withStandingRefusals(link, under);
  const all = group === undefined ? refusedMemberships : [...new Set([...refusedMemberships, group])];
  return { state, refusedMemberships: all };
}

function organizations(
  { organizations: known = [] }: Link,
  { name, isMember }: NonNullable<LinkChange['organization']>
): readonly string[] {
  const others = known.filter((one) => nameKey(one) !== nameKey(name));
  return isMember ? [...others, name].sort() : others;
}
