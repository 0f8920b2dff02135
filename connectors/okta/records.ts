import type { AttributeRecord, AttributeValue, SourceGroup, SourceUser } from '../../domain/model';
import { ProviderError } from '../errors';
import type { OktaSettings } from './settings';
import type { OktaGroup, OktaUser } from './shapes';

/** Locked out, or with a password that has expired: a nuisance of today, not a leaver. */
const ACTIVE: ReadonlySet<string> = new Set(['ACTIVE', 'LOCKED_OUT', 'PASSWORD_EXPIRED', 'RECOVERY']);
const INACTIVE: ReadonlySet<string> = new Set(['SUSPENDED', 'DEPROVISIONED']);
/** Invited or prepared, and not yet arrived. */
const PENDING: ReadonlySet<string> = new Set(['STAGED', 'PROVISIONED', 'ACTIVATING']);

export const DEPROVISIONED = 'DEPROVISIONED';

/** @throws ProviderError data for a status that is not known: nobody may lose an account, or get one, by a guess */
export function isActive(status: string, pending: OktaSettings['pending']): boolean {
  if (ACTIVE.has(status)) return true;
  if (INACTIVE.has(status)) return false;
  if (PENDING.has(status)) return pending === 'active';
  throw new ProviderError(
    'data',
    `Okta: a user has the status ${status.slice(0, 40)}, which this version does not know`
  );
}

/**
 * A user of the org. The attributes of the profile stand beside the ones that every user has; where both have a name, the
 * built-in one counts. `fullName` is `firstName lastName` unless the profile has an attribute of that name.
 */
export function userOf(user: OktaUser, pending: OktaSettings['pending']): SourceUser {
  const { id, status, created, activated, statusChanged, lastLogin, lastUpdated, type } = user;
  return {
    externalId: id,
    active: isActive(status, pending),
    attributes: {
      ...fullName(user.profile),
      ...present(user.profile),
      ...present({ id, status, created, activated, statusChanged, lastLogin, lastUpdated, typeId: type?.id }),
    },
  };
}

/** A group of the org by its name; of one that comes from an app also which (rules 2.7). */
export function groupOf(group: OktaGroup): SourceGroup {
  const { id, type, profile } = group;
  const app = group._embedded?.app;
  return {
    externalId: id,
    name: profile.name,
    attributes: {
      ...present(profile),
      ...present({ id, type, appId: appIdOf(group), appName: app?.name, appLabel: app?.label }),
    },
  };
}

/** The app that a group comes from, by what was expanded or by its link. */
export function appIdOf({ _embedded, _links }: OktaGroup): string | undefined {
  return _embedded?.app?.id ?? _links?.source?.href.split('/').at(-1);
}

function fullName({ firstName, lastName }: AttributeRecord): AttributeRecord {
  const name = [firstName, lastName]
    .map((part) => (typeof part === 'string' ? part.trim() : ''))
    .filter((part) => part !== '');
  return name.length === 0 ? {} : { fullName: name.join(' ') };
}

function present(values: Readonly<Record<string, AttributeValue | undefined>>): AttributeRecord {
  const given = Object.entries(values).filter((entry): entry is [string, AttributeValue] => {
    const [, value] = entry;
    return value !== undefined && value !== null;
  });
  return Object.fromEntries(given);
}
