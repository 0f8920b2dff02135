import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SourceMembership, SourceNesting } from '../domain/model';
import { decodeCursor } from './cursorText';
import type { Page, Placed } from './provider';
import { isSameTally, NO_TALLY, tallied, tallyShape } from './tally';
import { followed, NO_TRAIL, trailShape, type Trail } from './trail';

/** A page of a list that links to its next page; null behind the last one. */
export interface LinkedPage<T> {
  readonly rows: readonly T[];
  readonly next: string | null;
}

/** A group and how many direct members the provider counts; null where it does not tell. */
export interface CountedGroup {
  readonly id: string;
  readonly members: number | null;
}

/** A direct member. Others than users and groups are counted and nothing else. */
export interface WalkedMember {
  readonly id: string;
  readonly kind: 'user' | 'group' | 'other';
}

/** What a provider is asked for while all its groups are walked and the members of each are read. */
export interface MembershipSource {
  /** As error messages name it. */
  readonly service: string;
  /** Groups that take part, in an order that does not change. */
  groups(next: string | null): Promise<LinkedPage<CountedGroup>>;
  /** Direct members of one group; null when the group is gone. */
  members(group: string, next: string | null): Promise<LinkedPage<WalkedMember> | null>;
  /** The number of members as it is now; null when the group is gone or nobody tells. */
  count(group: string): Promise<number | null>;
}

const countedShape = z.strictObject({ id: z.string(), members: z.int().min(0).nullable() });

/** All groups, page by page. */
const walkShape = z.strictObject({
  next: z.string().nullable(),
  ended: z.boolean(),
  trail: trailShape,
  groups: tallyShape,
});
type Walk = z.infer<typeof walkShape>;

const openShape = z.strictObject({
  id: z.string(),
  /** Null: nobody tells. */
  expected: z.int().min(0).nullable(),
  next: z.string().nullable(),
  seen: z.int().min(0),
  /** Fingerprint of the page before: a page that comes twice counts once. */
  last: z.string(),
  trail: trailShape,
  /** Read for the second time, since the first had too few. */
  again: z.boolean(),
});
type OpenGroup = z.infer<typeof openShape>;

const placeShape = z.strictObject({
  walk: walkShape,
  /** Groups of the page that was read last, not begun yet. */
  queue: z.array(countedShape),
  open: z.array(openShape),
  /** The second walk over all groups, which proves the first; null until then. */
  proof: walkShape.nullable(),
});
type Place = z.infer<typeof placeShape>;

const NOT_BEGUN: Walk = { next: null, ended: false, trail: NO_TRAIL, groups: NO_TALLY };
const START: Place = { walk: NOT_BEGUN, queue: [], open: [], proof: null };
/** Groups whose members are read side by side: a client lets a few requests through at a time. */
const OPEN_GROUPS = 8;

/**
 * The next page of all memberships. A group that has fewer members than the provider counts is counted and read once more;
 * at the end all groups are listed again. What then still does not match makes the listing incomplete, with the reason.
 * @param cursor one that an earlier page gave; null for the first page
 */
export async function membershipsPage(
  source: MembershipSource,
  cursor: string | null
): Promise<Page<SourceMembership>> {
  const place = cursor === null ? START : decodeCursor(cursor, placeShape, source.service);
  if (place.proof !== null) return proved(source, place, place.proof);
  const filled = place.open.length > 0 ? place : await begun(source, place);
  if (filled.open.length === 0) return { items: [], cursor: JSON.stringify({ ...filled, proof: NOT_BEGUN }) };
  const steps = await Promise.all(filled.open.map((group) => step(source, group)));
  const reasons = steps.flatMap(({ incomplete }) => incomplete ?? []);
  const nestings = steps.flatMap((one) => one.nestings);
  return {
    items: steps.flatMap(({ items }) => items),
    ...(nestings.length > 0 && { nestings }),
    cursor: JSON.stringify({ ...filled, open: steps.flatMap(({ open }) => open ?? []) }),
    ...(reasons.length > 0 && { incomplete: reasons }),
  };
}

/** Begins the next groups; those that the provider counts as empty cost no request. */
async function begun(source: MembershipSource, place: Place): Promise<Place> {
  let { walk, queue } = place;
  while (queue.length === 0 && !walk.ended) {
    const page = await source.groups(walk.next);
    walk = walkedOn(source, walk, page);
    queue = page.rows.filter(({ members }) => members !== 0).map(({ id, members }) => ({ id, members }));
  }
  const open = queue.slice(0, OPEN_GROUPS).map(({ id, members }) => opened(id, members, false));
  return { ...place, walk, queue: queue.slice(OPEN_GROUPS), open };
}

const opened = (id: string, expected: number | null, again: boolean): OpenGroup => ({
  ...{ id, expected, next: null, seen: 0, last: '', trail: NO_TRAIL, again },
});

interface Step {
  readonly items: readonly Placed<SourceMembership>[];
  readonly nestings: readonly SourceNesting[];
  /** Null: the group is done. */
  readonly open: OpenGroup | null;
  readonly incomplete?: string;
}

async function step(source: MembershipSource, group: OpenGroup): Promise<Step> {
  const page = await source.members(group.id, group.next);
  if (page === null) return { items: [], nestings: [], open: null };
  const ids = (kind: WalkedMember['kind']) => page.rows.filter((row) => row.kind === kind).map(({ id }) => id);
  const delivered = {
    items: ids('user').map((userId) => ({ record: { groupId: group.id, userId }, place: null })),
    nestings: ids('group').map((childId) => ({ groupId: group.id, childId })),
  };
  const last = print(page.rows.map(({ id }) => id).join(' '));
  const seen = group.seen + (last === group.last ? 0 : new Set(page.rows.map(({ id }) => id)).size);
  if (page.next !== null) {
    const trail = followed(group.trail, page.next, `${source.service}: list the members of a group`);
    return { ...delivered, open: { ...group, next: page.next, seen, last, trail } };
  }
  return { ...delivered, ...(await ended(source, { ...group, seen })) };
}

/** The members of a group are read to their end: were they all? */
async function ended(
  source: MembershipSource,
  { id, expected, seen, again }: OpenGroup
): Promise<Pick<Step, 'open' | 'incomplete'>> {
  if (expected === null || seen >= expected) return { open: null };
  const now = await source.count(id);
  if (now === null || seen >= now) return { open: null };
  if (!again) return { open: opened(id, now, true) };
  const counted = `${source.service} counts ${now} members of the group ${id}, ${seen} were read`;
  return { open: null, incomplete: `memberships: ${counted}` };
}

async function proved(source: MembershipSource, place: Place, before: Walk): Promise<Page<SourceMembership>> {
  const proof = walkedOn(source, before, await source.groups(before.next));
  if (!proof.ended) return { items: [], cursor: JSON.stringify({ ...place, proof }) };
  const { groups } = place.walk;
  if (isSameTally(groups, proof.groups)) return { items: [], cursor: null };
  const incomplete =
    `memberships: the groups changed while their members were read, or a page of them was lost ` +
    `(${groups.count} groups at first, ${proof.groups.count} at the end)`;
  return { items: [], cursor: null, incomplete: [incomplete] };
}

function walkedOn(source: MembershipSource, walk: Walk, { rows, next }: LinkedPage<CountedGroup>): Walk {
  const trail: Trail = next === null ? walk.trail : followed(walk.trail, next, `${source.service}: list the groups`);
  const groups = tallied(
    walk.groups,
    rows.map(({ id }) => id)
  );
  return { next, ended: next === null, trail, groups };
}

const print = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 12);
