import type { Wanted, WantedAccount } from '../facts';
import { mapAttribute, mapList } from '../mapping';
import type { AttributeName, MappedAttribute, MappedList, MappedStanding, MappingContext } from '../mapping';
import type { MappingSettings } from '../mapping-settings';
import type { SourceUser } from '../model';

/** What the mapping makes of one user: the wanted account, and what decides over the user as a whole. */
export interface MappedUser {
  /** Null where the mapping gave no username. */
  readonly wanted: WantedAccount | null;
  readonly active: boolean;
  readonly standings: readonly MappedStanding[];
}

/** Maps every attribute of one user. */
export function mapUser(user: SourceUser, mapping: MappingSettings, context: MappingContext = {}): MappedUser {
  const username = mapAttribute('username', mapping.username, user, context);
  const email = mapAttribute('email', mapping.email, user, context);
  const displayName = mapAttribute('displayName', mapping.displayName, user, context);
  const active = mapping.active === undefined ? KEEP : mapAttribute('active', mapping.active, user, context);
  const properties = mapProperties(mapping, user, context);
  const avatar = mapping.avatar === undefined ? KEEP : mapAttribute('avatar', mapping.avatar, user, context);
  const organizations =
    mapping.organizations === undefined ? KEEP : mapList('organizations', mapping.organizations, user, context);
  const all: readonly MappedList[] = [
    ...[username, email, displayName, active],
    ...properties.map(([, mapped]) => mapped),
    ...[avatar, organizations],
  ];
  const others = { properties: wantedProperties(properties), avatar: wanted(avatar) };
  const names = { email: wanted(email), displayName: wanted(displayName) };
  return {
    wanted:
      username.kind === 'value'
        ? { username: username.text, ...names, ...others, organizations: wantedList(organizations) }
        : null,
    active: active.kind === 'value' ? active.text === 'true' : user.active,
    standings: all.filter((mapped) => mapped.kind === 'standing'),
  };
}

const KEEP = { kind: 'keep' } as const;

function mapProperties(
  { properties = {} }: MappingSettings,
  user: SourceUser,
  context: MappingContext
): readonly (readonly [string, MappedAttribute])[] {
  return Object.entries(properties).map(([key, rule]) => {
    const name: AttributeName = `properties.${key}`;
    return [key, mapAttribute(name, rule, user, context)] as const;
  });
}

function wantedProperties(mapped: readonly (readonly [string, MappedAttribute])[]): Record<string, string | null> {
  return Object.fromEntries(
    mapped.flatMap(([key, one]) => {
      const value = wanted(one);
      return value === 'keep' ? [] : [[key, value.set]];
    })
  );
}

function wanted(mapped: MappedAttribute): Wanted<string | null> {
  if (mapped.kind === 'value') return { set: mapped.text };
  return mapped.kind === 'clear' ? { set: null } : 'keep';
}

function wantedList(mapped: MappedList): Wanted<readonly string[]> {
  if (mapped.kind === 'values') return { set: mapped.texts };
  return mapped.kind === 'clear' ? { set: [] } : 'keep';
}
