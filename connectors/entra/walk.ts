import { z } from 'zod';
import type { SourceMembership, SourceNesting } from '../../domain/model';
import { ProviderError } from '../errors';
import type { HttpAnswer, HttpCall } from '../http';
import { retryAfterMs } from '../httpErrors';
import { BATCH_LIMIT, type EntraApi } from './api';
import { placeShape, START, totalOf, turn, type ListPlace } from './place';
import { groupSelect } from './records';
import { groupShape, memberShape, type GraphGroup, type GraphMember } from './shapes';

/** A group whose members are being read. */
interface OpenGroup {
  readonly group: string;
  readonly isHidden: boolean;
  readonly list: ListPlace;
}

/** Where a walk over groups and their members goes on. */
export interface WalkPlace {
  /** The list of groups; null: it is read to its end. */
  readonly groups: ListPlace | null;
  /** Groups whose members come next. */
  readonly open: readonly OpenGroup[];
  /** Groups that were met as members and not looked at yet. */
  readonly children: readonly string[];
  /** Children that were met before: circles end here. */
  readonly met: readonly string[];
}

export const WALK_START: WalkPlace = { groups: START, open: [], children: [], met: [] };
/** A walk over these groups and what lies in them. */
export const walkOver = (groups: readonly GraphGroup[]): WalkPlace => ({
  ...WALK_START,
  groups: null,
  open: groups.map(opened),
});

export const walkShape = z.strictObject({
  groups: placeShape.nullable(),
  open: z.array(z.strictObject({ group: z.string(), isHidden: z.boolean(), list: placeShape })).readonly(),
  children: z.array(z.string()).readonly(),
  met: z.array(z.string()).readonly(),
});

/** How a walk reads. */
export interface WalkWays {
  readonly api: EntraApi;
  readonly listGroups: HttpCall;
  /** Whether the members of a listed group are wanted; groups within wanted ones always are. */
  readonly covers: (group: GraphGroup) => boolean;
  readonly nested: boolean;
  /** Members on a page. */
  readonly top: number;
}

export interface WalkStep {
  /** Null at the end. */
  readonly place: WalkPlace | null;
  readonly memberships: readonly SourceMembership[];
  readonly nestings: readonly SourceNesting[];
  /** Groups of which nobody can tell whether all members were read. */
  readonly incomplete: readonly string[];
}

export const NEEDS_GROUPS = 'the application permission GroupMember.Read.All';
export const NEEDS_HIDDEN = 'Member.Read.Hidden';
const USER = '#microsoft.graph.user';
const GROUP = '#microsoft.graph.group';
const MEMBERS_COST = 2;
const NOT_FOUND = 404;
const opened = ({ id, visibility }: GraphGroup): OpenGroup => ({
  group: id,
  isHidden: visibility === 'HiddenMembership',
  list: START,
});

/** One request or two further: the next groups, the next members of up to twenty groups, or what the children are. */
export async function walkStep(from: WalkPlace, ways: WalkWays, signal: AbortSignal): Promise<WalkStep> {
  const place = from.open.length < BATCH_LIMIT && from.groups !== null ? await moreGroups(from, ways, signal) : from;
  if (place.open.length > 0) return readMembers(place, ways, signal);
  if (place.groups !== null) return nothing(place);
  if (place.children.length > 0) return nothing(await openChildren(place, ways, signal));
  return { ...nothing(place), place: null };
}

const nothing = (place: WalkPlace): WalkStep => ({ place, memberships: [], nestings: [], incomplete: [] });

async function moreGroups(
  place: WalkPlace,
  { api, listGroups, covers }: WalkWays,
  signal: AbortSignal
): Promise<WalkPlace> {
  const list = place.groups ?? START;
  const call = list.link === null ? listGroups : { ...listGroups, path: list.link };
  const page = await api.page(call, groupShape, signal);
  const next = turn(list, { ...page, ids: page.rows.map(({ id }) => id), skipped: 0 }, call.step);
  const waiting = page.rows.filter(covers).map(opened);
  return { ...place, groups: next.link === null ? null : next, open: [...place.open, ...waiting] };
}

/** Children of a listed kind were walked over already, or will be never: they are asked for once the list is read. */
async function openChildren(place: WalkPlace, { api, covers }: WalkWays, signal: AbortSignal): Promise<WalkPlace> {
  const asked = place.children.slice(0, BATCH_LIMIT);
  const step = 'look at groups within groups';
  const calls = asked.map((id) => ({ path: `/groups/${encodeURIComponent(id)}?$select=${groupSelect}` }));
  const answers = await api.batch(step, calls, asked.length, signal);
  const found = answers.flatMap((answer): GraphGroup[] => {
    if (answer === null) throw new ProviderError('unavailable', `Microsoft Graph: ${step}: an answer is missing`);
    if (answer.status === NOT_FOUND) return [];
    return [api.bodyOf({ step, path: '/groups/{id}', needs: NEEDS_GROUPS }, answer, groupShape)];
  });
  return {
    ...place,
    open: found.filter((group) => !covers(group)).map(opened),
    children: place.children.slice(BATCH_LIMIT),
  };
}

async function readMembers(place: WalkPlace, ways: WalkWays, signal: AbortSignal): Promise<WalkStep> {
  const { api, top } = ways;
  const now = place.open.slice(0, BATCH_LIMIT);
  const first = (id: string): string => `/groups/${encodeURIComponent(id)}/members?$select=id&$top=${top}&$count=true`;
  const call: HttpCall = { step: 'list the members of groups', path: '/groups/{id}/members', needs: NEEDS_GROUPS };
  const calls = now.map(({ group, list }) => ({ path: list.link ?? first(group), isEventual: true }));
  const answers = await api.batch(call.step, calls, now.length * MEMBERS_COST, signal);
  const read = now.map((open, n) => readGroup(api, call, open, answers[n] ?? null));
  refuseStandstill(answers);
  const members = read.flatMap(({ group, rows }) => rows.map((row) => ({ group, row })));
  const children = ways.nested ? members.filter(({ row }) => row['@odata.type'] === GROUP) : [];
  const isNew = newOnes(
    place,
    children.map(({ row }) => row.id)
  );
  return {
    place: {
      ...place,
      open: [...read.flatMap(({ open }) => open ?? []), ...place.open.slice(BATCH_LIMIT)],
      children: [...place.children, ...isNew],
      met: [...place.met, ...isNew],
    },
    memberships: members
      .filter(({ row }) => row['@odata.type'] === USER)
      .map(({ group, row }) => ({ groupId: group, userId: row.id })),
    nestings: children.map(({ group, row }) => ({ groupId: group, childId: row.id })),
    incomplete: await doubts(read, ways, signal),
  };
}

const newOnes = ({ met }: WalkPlace, ids: readonly string[]): readonly string[] => [
  ...new Set(ids.filter((id) => !met.includes(id))),
];

interface ReadGroup {
  readonly group: string;
  readonly rows: readonly GraphMember[];
  /** Null when the group is read. */
  readonly open: OpenGroup | null;
  readonly doubt: string | null;
  readonly isHiddenAndEmpty: boolean;
}

function readGroup(api: EntraApi, call: HttpCall, open: OpenGroup, answer: HttpAnswer | null): ReadGroup {
  const { group, list, isHidden } = open;
  const rest = { group, rows: [], open: null, doubt: null, isHiddenAndEmpty: false };
  if (answer === null || mayComeAgain(answer)) return { ...rest, open };
  if (answer.status === NOT_FOUND) return { ...rest, doubt: `group ${group} vanished while it was read` };
  const page = api.pageOf(call, answer, memberShape);
  const next = turn(list, { ...page, ids: page.rows.map(({ id }) => id), skipped: 0 }, call.step);
  if (next.link !== null) return { ...rest, rows: page.rows, open: { ...open, list: next } };
  const total = totalOf(next);
  const isWhole = total === null || total === next.rows;
  const doubt = isWhole ? null : `group ${group}: ${next.rows} of ${total} members were read`;
  return { ...rest, rows: page.rows, doubt, isHiddenAndEmpty: isHidden && next.rows === 0 };
}

/** Without the permission a hidden membership looks like none (rules 4.3). */
async function doubts(read: readonly ReadGroup[], { api }: WalkWays, signal: AbortSignal): Promise<readonly string[]> {
  const said = read.flatMap(({ doubt }) => doubt ?? []);
  const hidden = read.filter(({ isHiddenAndEmpty }) => isHiddenAndEmpty);
  if (hidden.length === 0) return said;
  const permissions = await api.permissions(signal);
  if (permissions?.includes(NEEDS_HIDDEN) !== false) return said;
  return [...said, ...hidden.map(({ group }) => `group ${group} hides its members; it needs ${NEEDS_HIDDEN}`)];
}

const mayComeAgain = ({ status }: HttpAnswer): boolean => status === 408 || status === 429 || status >= 500;

/** @throws ProviderError when no part of a batch was answered: the engine comes again when Graph says so */
function refuseStandstill(answers: readonly (HttpAnswer | null)[]): void {
  if (answers.some((answer) => answer !== null && !mayComeAgain(answer))) return;
  const waits = answers.map((answer) => (answer === null ? null : retryAfterMs(answer.headers)));
  const wait = Math.max(0, ...waits.filter((one) => one !== null));
  const isThrottled = answers.some((answer) => answer?.status === 429);
  const text = 'Microsoft Graph: list the members of groups: none of the requests was answered';
  throw new ProviderError(isThrottled ? 'rateLimited' : 'unavailable', text, wait === 0 ? null : wait);
}
