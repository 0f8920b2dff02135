import type { OrganizationGroup } from '../support/organization';
import { json, type Answer } from './answer';
import type { GraphCall } from './call';
import type { Member } from './directory';
import { countAnswer, denied, listPage, notFound, notImplemented, selectOf, unsupported } from './lists';
import { groupFields, selected, userFields, type Fields } from './objects';
import type { Simulator } from './simulator';

/** `$expand=members` shows no more, and no way to the rest. */
const EXPANDED_MEMBERS = 20;

export const seesGroups = ({ permissions }: Simulator): boolean =>
  permissions.has('GroupMember.Read.All') || permissions.has('Group.Read.All') || permissions.has('Directory.Read.All');

export function listGroups(simulator: Simulator, call: GraphCall): Answer {
  if (!seesGroups(simulator)) return denied();
  const items = filtered(simulator, call);
  const show = expanded(simulator, call, showGroup(call));
  return items === null ? unsupported() : listPage(simulator, { call, items, show });
}

export function countGroups(simulator: Simulator, call: GraphCall): Answer {
  if (!seesGroups(simulator)) return denied();
  const items = filtered(simulator, call);
  return items === null ? unsupported() : countAnswer(call, items);
}

export function getGroup(simulator: Simulator, call: GraphCall): Answer {
  if (!seesGroups(simulator)) return denied();
  const group = simulator.directory.organization.groups.get(call.id);
  if (group === undefined) return notFound();
  const shown = showGroup(call)(group);
  return shown === 'elsewhere' ? notImplemented() : json(shown);
}

/** Without the permission a hidden membership looks like none. */
export function listMembers(simulator: Simulator, call: GraphCall): Answer {
  if (!seesGroups(simulator)) return denied();
  const { directory, permissions } = simulator;
  const group = directory.organization.groups.get(call.id);
  if (group === undefined) return notFound();
  const isHidden = group.isHidden && !permissions.has('Member.Read.Hidden');
  const items = isHidden ? [] : membersOf(simulator, group, call.path.endsWith('/transitiveMembers'));
  return listPage(simulator, { call, items, show: (member) => showMember(simulator, member, selectOf(call.query)) });
}

export function getByIds(simulator: Simulator, { query, body }: GraphCall): Answer {
  const { ids } = (body ?? {}) as { readonly ids?: unknown };
  if ([...query.keys()].length > 0 || !Array.isArray(ids) || ids.length > 1_000) return unsupported();
  const { people } = simulator.directory.organization;
  const members = ids.flatMap((id): readonly Member[] =>
    people.has(String(id)) ? [{ id: String(id), type: 'user' }] : []
  );
  return json({ value: members.map((member) => showMember(simulator, member, null)) });
}

function membersOf(simulator: Simulator, group: OrganizationGroup, isTransitive: boolean): readonly Member[] {
  const { directory } = simulator;
  if (!isTransitive) return directory.members(group);
  const found = new Map<string, Member>();
  const waiting = [group];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const member of directory.members(next)) {
      const child = directory.organization.groups.get(member.id);
      if (child !== undefined && !found.has(member.id)) waiting.push(child);
      found.set(member.id, member);
    }
  }
  return [...found.values()];
}

function showMember(
  { directory }: Simulator,
  { id, type }: Member,
  select: readonly string[] | null
): Fields | 'elsewhere' {
  const person = directory.organization.people.get(id) ?? directory.bin.get(id);
  const group = directory.organization.groups.get(id);
  const fields = person ? userFields(person, directory.organization) : group ? groupFields(group) : { id };
  const shown = selected(fields, select);
  return shown === 'elsewhere' ? shown : { '@odata.type': `#microsoft.graph.${type}`, ...shown };
}

export const showGroup =
  ({ query }: GraphCall) =>
  (group: OrganizationGroup): Fields | 'elsewhere' =>
    selected(groupFields(group), selectOf(query));

function expanded(
  simulator: Simulator,
  { query }: GraphCall,
  show: ReturnType<typeof showGroup>
): ReturnType<typeof showGroup> {
  if (query.get('$expand') !== 'members') return show;
  return (group) => {
    const fields = show(group);
    if (fields === 'elsewhere') return fields;
    const members = simulator.directory.members(group).slice(0, EXPANDED_MEMBERS);
    return { ...fields, members: members.map((member) => showMember(simulator, member, ['id'])) };
  };
}

/** Null: a condition that a list of groups does not take. */
function filtered({ directory }: Simulator, { query }: GraphCall): readonly OrganizationGroup[] | null {
  const groups = [...directory.organization.groups.values()];
  const filter = query.get('$filter');
  if (filter === null) return groups;
  if (filter === 'securityEnabled eq true') return groups.filter(({ kind }) => kind === 'security');
  return null;
}
