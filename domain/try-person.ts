import type { PreparedUser } from './facts';
import { nameGroups } from './group-name';
import { alwaysAddNames, isIncluded, targetNamesOf, uniqueNames } from './groups-names';
import type { AttributeTrace } from './mapping/trace';
import type { SourceGroup, SourceUser } from './model';
import { nameKey } from './names';
import type { Reason } from './operation';
import { preparePerson } from './prepare';
import type { KnownOfPerson } from './prepare';
import { byText } from './records';
import { scopeClauses } from './scope';
import type { ScopeClause } from './scope';
import type { DecisionSettings } from './settings';

/** A person made up, or taken from a source, to see what a configuration makes of him. */
export interface ExamplePerson {
  readonly user: SourceUser;
  readonly groups: readonly SourceGroup[];
}

/** What scope and mapping make of a person, in the words of the target. What is kept as it is in the target is left out. */
export interface TriedPerson {
  readonly standing: PreparedUser['standing'];
  readonly reasons: readonly Reason[];
  readonly active: boolean;
  readonly username?: string;
  /** Null: cleared. */
  readonly email?: string | null;
  readonly displayName?: string | null;
  readonly avatar?: string | null;
  readonly properties: Readonly<Record<string, string | null>>;
  readonly organizations?: readonly string[];
  /** Names of target groups, as the configuration makes them: what exists there already is not looked at. */
  readonly groups: readonly string[];
}

/** How a source group comes to its names. */
export interface GroupTrace {
  readonly id: string;
  readonly sourceName: string;
  /** The name that rules see; null where the group takes no part (kind, or an unmatched transform). */
  readonly name: string | null;
  readonly included: boolean;
  readonly targets: readonly string[];
}

/** Everything that led to what becomes of a person. Holds personal data: for answers, never for logs or histories. */
export interface MappingTrace {
  readonly person: TriedPerson;
  readonly scope: readonly ScopeClause[];
  readonly attributes: readonly AttributeTrace[];
  readonly groups: readonly GroupTrace[];
}

/**
 * Prepares a person as every run does, and tells how it came about.
 * @param known what the target has and the link, for expressions that look at them
 */
export function tryPerson(
  { user, groups }: ExamplePerson,
  settings: DecisionSettings,
  known: Omit<KnownOfPerson, 'note'> = {}
): MappingTrace {
  const attributes: AttributeTrace[] = [];
  const note = (trace: AttributeTrace): void => void attributes.push(trace);
  const { source, prepared } = preparePerson(user, groups, settings, { ...known, note });
  const named = nameGroups(groups, settings.groups);
  const { existing = null, link = null } = known;
  const subject = { existing, link, user: source, groups: named.map(({ name }) => name) };
  const username = attributes.find(({ attribute }) => attribute === 'username')?.result;
  const input = { subject, groups: named, username: username?.kind === 'values' ? (username.texts[0] ?? null) : null };
  const traces = groupTraces(groups, named, settings);
  return {
    person: { ...tried(prepared), groups: targetGroups(traces, prepared, settings) },
    scope: scopeClauses(input, settings.scope),
    attributes,
    groups: traces,
  };
}

function tried({ standing, reasons, active, wanted }: PreparedUser): Omit<TriedPerson, 'groups'> {
  if (wanted === null) return { standing, reasons, active, properties: {} };
  const { username, email, displayName, avatar, organizations, properties } = wanted;
  return {
    ...{ standing, reasons, active, username, properties },
    ...(email === 'keep' ? {} : { email: email.set }),
    ...(displayName === 'keep' ? {} : { displayName: displayName.set }),
    ...(avatar === 'keep' ? {} : { avatar: avatar.set }),
    ...(organizations === 'keep' ? {} : { organizations: organizations.set }),
  };
}

function groupTraces(
  groups: readonly SourceGroup[],
  named: readonly SourceGroup[],
  settings: DecisionSettings
): readonly GroupTrace[] {
  const byId = new Map(named.map((group) => [group.externalId, group]));
  return groups.map(({ externalId: id, name: sourceName }) => {
    const group = byId.get(id);
    const included = group !== undefined && isIncluded(group, settings);
    const targets = included ? targetNamesOf(group, settings.groups) : [];
    return { id, sourceName, name: group?.name ?? null, included, targets };
  });
}

/** Nobody who is out of scope or disabled is given a group. */
function targetGroups(
  traces: readonly GroupTrace[],
  { standing, active, withheld }: PreparedUser,
  settings: DecisionSettings
): readonly string[] {
  if (standing !== 'inScope' || !active) return [];
  const given = alwaysAddNames(settings.groups).filter((name) => !Object.hasOwn(withheld, nameKey(name)));
  return [...uniqueNames([...given, ...traces.flatMap(({ targets }) => targets)])].sort(byText);
}
