import type { Collection, Db, Filter } from 'mongodb';
import { decodeTime, encodeTime } from 'ulid';
import { scimId, scimPendingFrom, scimPendingMark } from '../domain/ids';
import type { Counters } from './counters';
import { writeAll } from './mongo';
import type { Identified } from './mongo';
import { idsUnder } from './ranges';
import { scimMemberIndexes } from './scim-members';
import type { MemberDocument } from './scim-members';
import { scimGroupIndexes, scimUserIndexes } from './scim-resource-document';
import type { ScimDocument } from './scim-resource-document';
import type { PendingChange, ScimPendingRepository } from './scim-store';

type Kind = PendingChange['kind'];
type ResourceKind = Exclude<Kind, 'member'>;
interface Marked extends Identified {
  readonly pending?: string;
}
interface Waiting {
  readonly user: Collection<ScimDocument>;
  readonly group: Collection<ScimDocument>;
  readonly member: Collection<MemberDocument>;
}
interface Window {
  readonly $gte: string;
  readonly $lte: string;
}

const KINDS = ['user', 'group', 'member'] as const;
/** Behind this, no request that was accepted has yet to write its mark. */
const MARGIN_MS = 10 * 60_000;
/** A window over the moments grows while little is found and shrinks where much is. */
const FIRST_WINDOW_MS = 5_000;
const LARGEST_WINDOW_MS = 3_600_000;
const MOMENT_CHARACTERS = 10;
const LAST_RANDOM = 'Z'.repeat(16);

const lowWater = (connectorId: string): string => `scim:low:${connectorId}`;

/** From one moment to another, both ends included: closed on both sides (durability 1.2). */
const windowOf = (connectorId: string, from: number, to: number): Window => ({
  $gte: scimPendingFrom(connectorId, encodeTime(from, MOMENT_CHARACTERS)),
  $lte: `${scimPendingFrom(connectorId, `${encodeTime(to, MOMENT_CHARACTERS)}${LAST_RANDOM}`)};`,
});

function acceptedAt(mark: string): number {
  return decodeTime(mark.split(':')[1] ?? '');
}

function changeOf(kind: Kind, document: ScimDocument | MemberDocument): PendingChange {
  const { connectorId, pending = '' } = document;
  const shared = { connectorId, mark: pending, acceptedAt: acceptedAt(pending) };
  if ('memberId' in document) {
    const { groupId, memberId, removed } = document;
    return { ...shared, kind: 'member', id: memberId, groupId, takesAway: removed };
  }
  return { ...shared, kind, id: document.id, groupId: null, takesAway: document.takesAway };
}

async function within(waiting: Waiting, window: Window): Promise<readonly PendingChange[]> {
  const lists = await Promise.all([
    read('user', waiting.user, window),
    read('group', waiting.group, window),
    read('member', waiting.member, window),
  ]);
  return lists.flat().sort((a, b) => (a.mark < b.mark ? -1 : 1));
}

async function read<D extends ScimDocument | MemberDocument>(
  kind: Kind,
  collection: Collection<D>,
  window: Window
): Promise<readonly PendingChange[]> {
  const projection = { resource: 0, intent: 0 };
  const found = await collection.find({ pending: window } as Filter<D>, { projection }).toArray();
  return found.map((document) => changeOf(kind, document as unknown as D));
}

/** Reads windows from the low-water mark on, so that a long backlog is never read as a whole. */
async function oldest(
  waiting: Waiting,
  counters: Counters,
  { connectorId, limit, now }: { readonly connectorId: string; readonly limit: number; readonly now: number }
): Promise<readonly PendingChange[]> {
  const found: PendingChange[] = [];
  let from = (await counters.read(lowWater(connectorId))) || (await firstEver(waiting, connectorId)) || now;
  let width = FIRST_WINDOW_MS;
  while (from <= now && found.length < limit) {
    const to = Math.min(from + width, now);
    const part = await within(waiting, windowOf(connectorId, from, to));
    found.push(...part);
    width = part.length > limit / 2 ? Math.max(FIRST_WINDOW_MS, width / 4) : Math.min(LARGEST_WINDOW_MS, width * 2);
    from = to + 1;
  }
  const first = found[0]?.acceptedAt ?? now;
  await counters.raise(lowWater(connectorId), Math.min(first, now - MARGIN_MS));
  return found;
}

/** Where nothing was carried yet. */
async function firstEver(waiting: Waiting, connectorId: string): Promise<number> {
  const firsts = await Promise.all(
    KINDS.map(async (kind) => {
      const marked = waiting[kind] as unknown as Collection<Marked>;
      const filter = { pending: idsUnder(connectorId) };
      const [first] = await marked.find(filter).sort({ pending: 1 }).limit(1).toArray();
      return first?.pending === undefined ? Number.POSITIVE_INFINITY : acceptedAt(first.pending);
    })
  );
  const first = Math.min(...firsts);
  return Number.isFinite(first) ? first : 0;
}

const isOf = (kind: Kind) => (change: PendingChange) => change.kind === kind;

async function carried(waiting: Waiting, changes: readonly PendingChange[]): Promise<void> {
  for (const kind of KINDS) {
    const marked = waiting[kind] as unknown as Collection<Marked>;
    const unset = changes.filter(isOf(kind)).map(({ mark }) => ({
      updateOne: { filter: { pending: mark }, update: { $unset: { pending: '' as const } } },
    }));
    await writeAll(marked, unset);
  }
}

async function retry({ user, group }: Waiting, connectorId: string, id: string, moment: string): Promise<boolean> {
  for (const collection of [user, group]) {
    const filter = { _id: scimId(connectorId, id), parkedKey: scimId(connectorId, id) };
    const $set = { pending: scimPendingMark(connectorId, moment, id) };
    const { matchedCount } = await collection.updateOne(filter, { $set, $unset: { parkedKey: '', parked: '' } });
    if (matchedCount === 1) return true;
  }
  return false;
}

/** What waits to be carried, found by the marks that acceptance leaves (durability 4.1). */
export function createScimPendingRepository(db: Db, counters: Counters): ScimPendingRepository {
  const waiting: Waiting = {
    user: db.collection(scimUserIndexes.collection),
    group: db.collection(scimGroupIndexes.collection),
    member: db.collection(scimMemberIndexes.collection),
  };
  return {
    oldest: (connectorId, limit, now) => oldest(waiting, counters, { connectorId, limit, now }),
    any: async (connectorId, now) => (await oldest(waiting, counters, { connectorId, limit: 1, now })).length > 0,
    earlier: async (connectorId, userId) => {
      const _id = scimId(connectorId, userId);
      return (await waiting.user.findOne({ _id }, { projection: { carrying: 1 } }))?.carrying ?? null;
    },
    begin: async (connectorId, userId, requestId) => {
      await waiting.user.updateOne({ _id: scimId(connectorId, userId) }, { $set: { carrying: requestId } });
    },
    carried: (changes) => carried(waiting, changes),
    park: async (connectorId, kind, parked, changes) => {
      const set = { parked, parkedKey: scimId(connectorId, parked.id) };
      await waiting[kind].updateOne({ _id: scimId(connectorId, parked.id) }, { $set: set });
      await carried(waiting, changes);
    },
    parked: async (connectorId, limit) => {
      const lists = await Promise.all(
        (['user', 'group'] as const).map(async (kind: ResourceKind) => {
          const found = await waiting[kind]
            .find({ parkedKey: idsUnder(connectorId) })
            .limit(limit)
            .toArray();
          return found.flatMap(({ parked }) => (parked === undefined ? [] : [{ ...parked, kind }]));
        })
      );
      return lists.flat();
    },
    retry: (connectorId, id, moment) => retry(waiting, connectorId, id, moment),
  };
}
