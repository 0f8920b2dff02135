import { graphError, json, type Answer } from './answer';
import { subjectOf, type GraphCall } from './call';
import type { Change, Member } from './directory';
import { seesGroups } from './groups';
import { badRequest, denied } from './lists';
import { groupFields, selected, userFields, type Fields } from './objects';
import { decodeToken, encodeToken, type DeltaMark } from './rounds';
import type { Simulator } from './simulator';
import { seesUsers } from './users';

const REFUSED_OPTIONS = ['$top', '$orderby', '$expand', '$skip'];
const REMOVED = { '@removed': { reason: 'deleted' } };

/** /users/delta and /groups/delta: a round of pages by links, then a link for the next round. */
export function delta(simulator: Simulator, call: GraphCall): Answer {
  const { query } = call;
  if (!(call.path.startsWith('/groups') ? seesGroups(simulator) : seesUsers(simulator))) return denied();
  if (REFUSED_OPTIONS.some((option) => query.has(option))) return badRequest();
  const skip = query.get('$skiptoken');
  if (skip !== null) return nextPage(simulator, call, skip);
  const token = query.get('$deltatoken') ?? query.get('$deltaToken');
  const select = query.get('$select');
  const now: DeltaMark = { seq: simulator.directory.seq(), select };
  if (token === 'latest') return pageOf(simulator, call, simulator.rounds.start([], now), 0);
  if (token === null || token === '') return pageOf(simulator, call, start(simulator, call, null, now), 0);
  const mark = simulator.rounds.markOf(token);
  if (mark === 'unknown') return graphError(400, 'syncStateNotFound');
  if (mark === 'old') return graphError(410, 'resyncRequired', { Location: `${call.base}${call.path}?$deltatoken=` });
  return pageOf(simulator, call, start(simulator, call, mark.seq, { ...now, select: mark.select }), 0);
}

function start(simulator: Simulator, call: GraphCall, since: number | null, mark: DeltaMark): string {
  const isUsers = call.path.startsWith('/users');
  const rows = isUsers ? userRows(simulator, since, mark) : groupRows(simulator, since, mark);
  // An object may come again, anywhere.
  const [first] = rows;
  return simulator.rounds.start(rows.length > 1 && first !== undefined ? [...rows, first] : rows, mark);
}

function nextPage(simulator: Simulator, call: GraphCall, skip: string): Answer {
  const { round, from } = decodeToken(skip);
  if (typeof round !== 'string' || typeof from !== 'number') return graphError(400, 'syncStateNotFound');
  return pageOf(simulator, call, round, from);
}

function pageOf(simulator: Simulator, call: GraphCall, round: string, from: number): Answer {
  const found = simulator.rounds.find(round);
  if (found === undefined) return graphError(400, 'syncStateNotFound');
  const fault = simulator.faults.hit('meanwhile', subjectOf(call))?.kind;
  const size = simulator.deltaPage;
  const stays = fault === 'empty-page' || fault === 'repeat-page' || fault === 'endless-page';
  const to = stays ? from : from + size * (fault === 'lost-page' ? 2 : 1);
  const address = `${call.base}${call.path}`;
  const isLast = to >= found.rows.length;
  return json({
    '@odata.context': `${call.base}/$metadata#${call.path.slice(1)}`,
    ...(isLast && { '@odata.deltaLink': `${address}?$deltatoken=${simulator.rounds.tokenOf(found.mark)}` }),
    ...(!isLast && { '@odata.nextLink': `${address}?$skiptoken=${encodeToken({ round, from: to })}` }),
    value: fault === 'empty-page' ? [] : found.rows.slice(from, from + size),
  });
}

function userRows({ directory }: Simulator, since: number | null, { select }: DeltaMark): readonly Fields[] {
  const { organization, bin } = directory;
  const show = (id: string): readonly Fields[] => {
    const person = organization.people.get(id);
    const fields = person && selected(userFields(person, organization), select?.split(',') ?? null);
    return fields === undefined || fields === 'elsewhere' ? [] : [fields];
  };
  const removed = (id: string, reason: string): Fields => ({ id, '@removed': { reason } });
  if (since === null) {
    return [...[...bin.keys()].map((id) => removed(id, 'changed')), ...[...organization.people.keys()].flatMap(show)];
  }
  return changesOf(directory.since(since), 'user').flatMap(({ id, removed: reason }) =>
    reason === null ? show(id) : [removed(id, reason)]
  );
}

function groupRows(simulator: Simulator, since: number | null, { select }: DeltaMark): readonly Fields[] {
  const { directory, deltaPage } = simulator;
  const { groups } = directory.organization;
  const fields = select?.split(',') ?? null;
  const show = (id: string): Fields | null => {
    const group = groups.get(id);
    const shown = group && selected(groupFields(group), fields);
    return shown === undefined || shown === 'elsewhere' ? null : shown;
  };
  const row = (id: string, members: readonly Fields[]): readonly Fields[] => {
    const shown = show(id);
    const hasMembers = members.length > 0 && (fields === null || fields.includes('members'));
    return shown === null ? [] : [{ ...shown, ...(hasMembers && { 'members@delta': members }) }];
  };
  if (since === null) return initialRows(simulator, Math.max(1, Math.floor(deltaPage / 3)), row);
  return changesOf(directory.since(since), 'group').flatMap(({ id, removed, added, gone }) => {
    if (removed !== null) return [{ id, '@removed': { reason: removed } }];
    return row(id, [...added.map(memberFields), ...gone.map((member) => ({ ...memberFields(member), ...REMOVED }))]);
  });
}

/** A big group comes in parts, with other groups between them. */
function initialRows(
  { directory }: Simulator,
  part: number,
  row: (id: string, members: readonly Fields[]) => readonly Fields[]
): readonly Fields[] {
  const groups = [...directory.organization.groups.values()].map((group) => ({
    id: group.id,
    members: directory.members(group).map(memberFields),
  }));
  const rows: Fields[] = [];
  const most = Math.max(0, ...groups.map(({ members }) => members.length));
  for (let from = 0; from === 0 || from < most; from += part) {
    for (const { id, members } of groups) {
      if (from === 0 || from < members.length) rows.push(...row(id, members.slice(from, from + part)));
    }
  }
  return rows;
}

const memberFields = ({ id, type }: Member): Fields => ({ '@odata.type': `#microsoft.graph.${type}`, id });

const changesOf = (changes: readonly Change[], kind: Change['kind']): readonly Change[] =>
  changes.filter((change) => change.kind === kind);
