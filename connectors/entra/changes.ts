import { z } from 'zod';
import { ProviderError } from '../errors';
import type { HttpCall } from '../http';
import type { ChangePage, ChangesInput, IncrementalReading } from '../provider';
import { usersByIds } from './hydrate';
import { decode, encode, placeShape, START, turn, type ListPlace } from './place';
import type { EntraReader } from './provider';
import { groupOf, userOf } from './records';
import { changedShape, groupShape, userShape, type GraphGroup, type GraphPage } from './shapes';
import { walkOver, walkShape, walkStep, type WalkPlace, type WalkWays } from './walk';

/** The links of two finished rounds: what happened after them is what changed. */
const markShape = z.strictObject({ users: z.string(), groups: z.string() });

/** Users first, then groups; of each changed group all members are read again. */
const cursorShape = z.strictObject({
  users: placeShape.nullable(),
  groups: placeShape.nullable(),
  walk: walkShape.nullable(),
  /** Links of the rounds that are finished. */
  next: z.strictObject({ users: z.string(), groups: z.string() }),
});
type ChangesPlace = z.infer<typeof cursorShape>;

const MEMBERS = 999;
const EMPTY: Omit<ChangePage, 'cursor' | 'mark'> = {
  users: [],
  groups: [],
  memberships: [],
  nestings: [],
  goneUsers: [],
  goneGroups: [],
  rereadGroups: [],
  incomplete: [],
  onlyKnownUsers: false,
};

/**
 * Reading by delta queries. Groups' members are not taken from the rounds, which have been seen to lose removals: a round
 * only tells which groups changed, and these are read anew.
 */
export function createEntraChanges(reader: EntraReader): IncrementalReading {
  const { api, calls } = reader;
  const latest = async (call: HttpCall, signal: AbortSignal): Promise<string> => {
    let link: string | null = null;
    for (let place = START; ;) {
      const page: GraphPage<unknown> = await api.page(
        link === null ? call : { ...call, path: link },
        changedShape,
        signal
      );
      if (page.deltaLink !== null) return page.deltaLink;
      place = turn(place, { ...page, ids: [], skipped: 0 }, call.step);
      link = linkOf(place, call);
    }
  };
  return {
    mark: async (signal) =>
      encode({
        users: await latest(calls.usersDelta({ $deltatoken: 'latest' }), signal),
        groups: await latest(calls.groupsDelta({ $deltatoken: 'latest' }), signal),
      }),
    listChanges: async ({ since, cursor, nestedGroups }, signal) => {
      const place = cursor === null ? beginning(since) : decode(cursor, cursorShape);
      if (place.users !== null) return changedUsers(reader, place, place.users, signal);
      if (place.walk !== null) return changedMembers(reader, place, place.walk, signal);
      if (place.groups !== null) return changedGroups(reader, place, place.groups, { nestedGroups, signal });
      return { ...EMPTY, cursor: null, mark: encode(place.next) };
    },
  };
}

function beginning(since: string): ChangesPlace {
  const { users, groups } = decode(since, markShape);
  return {
    users: { ...START, link: users },
    groups: { ...START, link: groups },
    walk: null,
    next: { users: '', groups: '' },
  };
}

/** @throws ProviderError data: a page with no link at all would end a round unseen */
function linkOf({ link }: ListPlace, { step }: HttpCall): string {
  if (link !== null) return link;
  throw new ProviderError('data', `Microsoft Graph: ${step}: the round ended without a link to the next one`);
}

/** The place behind a page: null where the round is finished. */
function behind(list: ListPlace, page: GraphPage<{ readonly id: string }>, call: HttpCall): ListPlace | null {
  const place = turn(list, { ...page, ids: page.rows.map(({ id }) => id), skipped: 0 }, call.step);
  if (page.deltaLink !== null) return null;
  linkOf(place, call);
  return place;
}

async function changedUsers(
  reader: EntraReader,
  place: ChangesPlace,
  list: ListPlace,
  signal: AbortSignal
): Promise<ChangePage> {
  const { api, calls, settings, reach } = reader;
  const call = { ...calls.usersDelta({}), path: list.link ?? '' };
  const page = await api.page(call, changedShape, signal);
  const last = lastOfEach(page.rows);
  const gone = last.filter(isRemoved).map(({ id }) => id);
  const rows = last.filter((row) => !isRemoved(row)).map((row) => userShape.safeParse(row));
  const whole = rows.flatMap(({ data }) => (typeof data?.accountEnabled === 'boolean' ? data : []));
  const known = new Set([...gone, ...whole.map(({ id }) => id)]);
  // A row may hold less than was selected: such people are read by their ids.
  const rest = await usersByIds(
    reader,
    last.map(({ id }) => id).filter((id) => !known.has(id)),
    signal
  );
  const shown = whole.map((row) => ({ id: row.id, user: userOf(row, settings) }));
  const users = behind(list, page, call);
  return {
    ...EMPTY,
    users: [...shown.flatMap(({ user }) => user ?? []), ...rest],
    goneUsers: [...gone, ...shown.filter(({ user }) => user === null).map(({ id }) => id)],
    onlyKnownUsers: reach.isScoped,
    cursor: encode({ ...place, users, next: { ...place.next, users: page.deltaLink ?? '' } }),
    mark: null,
  };
}

interface GroupsInput {
  readonly nestedGroups: ChangesInput['nestedGroups'];
  readonly signal: AbortSignal;
}

async function changedGroups(
  reader: EntraReader,
  place: ChangesPlace,
  list: ListPlace,
  { nestedGroups, signal }: GroupsInput
): Promise<ChangePage> {
  const { api, calls, reach } = reader;
  const call = { ...calls.groupsDelta({}), path: list.link ?? '' };
  const page = await api.page(call, changedShape, signal);
  const last = lastOfEach(page.rows);
  const rows = last.filter((row) => !isRemoved(row)).map((row) => groupShape.parse(row));
  const listed = rows.filter(reach.isListed);
  const reread = rows.filter((group) => reach.hasMembersRead(group) || nestedGroups.has(group.id));
  const isUnlisted = (group: GraphGroup): boolean => !reach.isListed(group);
  const groups = behind(list, page, call);
  return {
    ...EMPTY,
    groups: listed.map(groupOf),
    goneGroups: [...last.filter(isRemoved), ...rows.filter(isUnlisted)]
      .map(({ id }) => id)
      .filter((id) => !reread.some((group) => group.id === id)),
    rereadGroups: reread.map(({ id }) => id),
    cursor: encode({
      ...place,
      groups,
      walk: reread.length === 0 ? null : walkOver(reread),
      next: { ...place.next, groups: page.deltaLink ?? place.next.groups },
    }),
    mark: null,
  };
}

async function changedMembers(
  reader: EntraReader,
  place: ChangesPlace,
  walk: WalkPlace,
  signal: AbortSignal
): Promise<ChangePage> {
  const { api, calls, settings, reach } = reader;
  const ways: WalkWays = {
    api,
    listGroups: calls.groups,
    covers: reach.hasMembersRead,
    nested: settings.nested === 'flatten',
    top: MEMBERS,
  };
  const step = await walkStep(walk, ways, signal);
  const ids = reach.isScoped ? [...new Set(step.memberships.map(({ userId }) => userId))] : [];
  return {
    ...EMPTY,
    users: await usersByIds(reader, ids, signal),
    memberships: step.memberships,
    nestings: step.nestings,
    incomplete: step.incomplete,
    // Groups within them that are of another kind were opened on the way.
    rereadGroups: (step.place?.open ?? []).map(({ group }) => group),
    cursor: encode({ ...place, walk: step.place }),
    mark: null,
  };
}

const isRemoved = (row: z.infer<typeof changedShape>): boolean =>
  row['@removed'] !== undefined && row['@removed'] !== null;

/** A round may tell of one object several times: the last word counts. */
function lastOfEach<T extends { readonly id: string }>(rows: readonly T[]): readonly T[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}
