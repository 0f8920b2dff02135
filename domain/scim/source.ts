import { compileGlobs } from '../glob';
import type { AttributeRecord, AttributeValue, SourceGroup, SourceUser } from '../model';
import { isPrimary } from './coerce';
import { isList, isRecord } from './json';
import { URNS } from './urns';

/** A person as the mapping reads them: the attributes of the protocol, and the usual ones under short names. */
export function sourceUserOf(id: string, resource: AttributeRecord): SourceUser {
  const extensions = Object.entries(resource).filter(([name]) => name.includes(':'));
  const flat = Object.assign({}, ...extensions.map(([, home]) => home)) as AttributeRecord;
  const core = Object.fromEntries(Object.entries(resource).filter(([name]) => !name.includes(':')));
  const name = isRecord(core['name']) ? core['name'] : {};
  return {
    externalId: id,
    active: resource['active'] !== false,
    attributes: {
      ...flat,
      ...core,
      id,
      ...given('email', preferred(core['emails'])),
      ...given('phone', preferred(core['phoneNumbers'])),
      ...given('givenName', name['givenName']),
      ...given('familyName', name['familyName']),
      ...given('fullName', fullName(name)),
      ...given('managerId', managerOf(resource)),
    },
  };
}

const given = (name: string, value: AttributeValue | undefined): AttributeRecord =>
  value === undefined ? {} : { [name]: value };

/** The primary value of a list, else the one for work, else the first. */
function preferred(list: AttributeValue | undefined): AttributeValue | undefined {
  if (!isList(list)) return undefined;
  const elements = list.filter(isRecord);
  const work = elements.find(({ type }) => typeof type === 'string' && type.toLowerCase() === 'work');
  return (elements.find(isPrimary) ?? work ?? elements[0])?.['value'];
}

function fullName({ formatted, givenName, familyName }: AttributeRecord): string | undefined {
  if (typeof formatted === 'string') return formatted;
  const parts = [givenName, familyName].filter((part) => typeof part === 'string');
  return parts.length === 0 ? undefined : parts.join(' ');
}

function managerOf(resource: AttributeRecord): AttributeValue | undefined {
  const enterprise = resource[URNS.enterprise];
  const manager = isRecord(enterprise) ? enterprise['manager'] : undefined;
  return isRecord(manager) ? manager['value'] : undefined;
}

export function sourceGroupOf(id: string, resource: AttributeRecord): SourceGroup {
  const name = resource['displayName'];
  return { externalId: id, name: typeof name === 'string' ? name : '', attributes: { ...resource, id } };
}

/** Names of test users and test groups that a provider makes to try the connection (settings `ignore`). */
export interface IgnoreRule {
  readonly users: readonly string[];
  readonly groups: readonly string[];
}

/** Whether a person is only there to try the connection: the name or an address fits one of the patterns. */
export function isIgnoredUser({ users }: IgnoreRule, resource: AttributeRecord): boolean {
  if (users.length === 0) return false;
  const emails = isList(resource['emails']) ? resource['emails'] : [];
  const names = [resource['userName'], ...emails.map((email) => (isRecord(email) ? email['value'] : undefined))];
  return names.some((name) => typeof name === 'string' && compileGlobs(users)(name));
}

export function isIgnoredGroup({ groups }: IgnoreRule, resource: AttributeRecord): boolean {
  const name = resource['displayName'];
  return typeof name === 'string' && compileGlobs(groups)(name);
}

/** Whether a change takes something away, so that it settles first (rules 4.7). */
export const takesAway = (resource: AttributeRecord): boolean => resource['active'] === false;
