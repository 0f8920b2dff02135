import type { OrganizationPerson } from '../support/organization';
import { json, type Answer } from './answer';
import type { GraphCall } from './call';
import { countAnswer, denied, listPage, notFound, notImplemented, selectOf, unsupported } from './lists';
import { principalName, selected, userFields, type Fields } from './objects';
import { showGroup } from './groups';
import type { Simulator } from './simulator';

const MOST_IN = 15;

export const seesUsers = ({ permissions }: Simulator): boolean =>
  permissions.has('User.Read.All') || permissions.has('Directory.Read.All');

export function listUsers(simulator: Simulator, call: GraphCall): Answer {
  if (!seesUsers(simulator)) return denied();
  const items = filtered(simulator, call.query.get('$filter'));
  return items === null ? unsupported() : listPage(simulator, { call, items, show: showUser(simulator, call) });
}

export function countUsers(simulator: Simulator, call: GraphCall): Answer {
  if (!seesUsers(simulator)) return denied();
  const items = filtered(simulator, call.query.get('$filter'));
  return items === null ? unsupported() : countAnswer(call, items);
}

export function getUser(simulator: Simulator, call: GraphCall): Answer {
  if (!seesUsers(simulator)) return denied();
  const person = simulator.directory.organization.people.get(call.id);
  if (person === undefined) return notFound();
  const shown = showUser(simulator, call)(person);
  return shown === 'elsewhere' ? notImplemented() : json(shown);
}

export function listGroupsOfUser(simulator: Simulator, call: GraphCall): Answer {
  const { organization } = simulator.directory;
  if (!organization.people.has(call.id)) return notFound();
  const groups = [...organization.groups.values()];
  const found = new Set(groups.filter(({ people }) => people.has(call.id)).map(({ id }) => id));
  const isTransitive = call.path.endsWith('/transitiveMemberOf');
  for (let before = -1; isTransitive && before < found.size;) {
    before = found.size;
    for (const group of groups) if ([...group.groups].some((child) => found.has(child))) found.add(group.id);
  }
  return listPage(simulator, {
    call,
    items: groups.filter(({ id }) => found.has(id)),
    show: (group) => typed('group', showGroup(call)(group)),
  });
}

export const typed = (type: string, fields: Fields | 'elsewhere'): Fields | 'elsewhere' =>
  fields === 'elsewhere' ? fields : { '@odata.type': `#microsoft.graph.${type}`, ...fields };

/** `manager` is expanded with the fields that are asked for. */
export function showUser({ directory }: Simulator, { query }: GraphCall) {
  const { organization } = directory;
  const expand = /^manager(?:\(\$select=([\w,]+)\))?$/.exec(query.get('$expand') ?? '');
  return (person: OrganizationPerson): Fields | 'elsewhere' => {
    const fields = selected(userFields(person, organization), selectOf(query));
    const manager = organization.people.get(person.managerId ?? '');
    if (expand === null || manager === undefined || fields === 'elsewhere') return fields;
    const shown = selected(userFields(manager, organization), expand[1]?.split(',') ?? null);
    return shown === 'elsewhere' ? shown : { ...fields, manager: typed('user', shown) };
  };
}

/** Null: a condition that a list of users does not take. */
function filtered({ directory }: Simulator, filter: string | null): readonly OrganizationPerson[] | null {
  const { people, domain } = directory.organization;
  if (filter === null) return [...people.values()];
  const ids = /^id in \(((?:'[^']*',? ?)+)\)$/.exec(filter);
  if (ids !== null) {
    const asked = [...(ids[1] ?? '').matchAll(/'([^']*)'/g)].map(([, id = '']) => id);
    return asked.length > MOST_IN ? null : asked.flatMap((id) => people.get(id) ?? []);
  }
  const [, field, quoted] = /^(userPrincipalName|mail) eq '((?:[^']|'')*)'$/.exec(filter) ?? [];
  if (field === undefined || quoted === undefined) return null;
  const value = quoted.replaceAll("''", "'").toLowerCase();
  const held = (person: OrganizationPerson): string | null =>
    field === 'mail' ? person.email : principalName(person, domain);
  return [...people.values()].filter((person) => held(person)?.toLowerCase() === value);
}
