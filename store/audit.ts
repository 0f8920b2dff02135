import { createHash } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import { canonicalJson } from '../domain/canonical-json';
import type { AttributeRecord } from '../domain/model';
import type { Counters } from './counters';
import { isDuplicateKey } from './mongo';
import type { CollectionIndexes } from './mongo';
import { closedRange, decodeCursor, encodeCursor } from './ranges';
import type { AuditEvent } from './records';
import type { AuditRepository, ListPage } from './store';
import { fromText, toText } from './text';
import type { JsonText } from './text';

interface AuditDocument extends Omit<AuditEvent, 'seq' | 'details'> {
  readonly _id: number;
  readonly details: JsonText<AttributeRecord>;
}
type NewEvent = Parameters<AuditRepository['append']>[0];
interface Head {
  readonly seq: number;
  readonly hash: string;
}

export const auditIndexes: CollectionIndexes = { collection: 'auditEvents', indexes: [] };

const COUNTER = 'audit';
const READ_AT_ONCE = 500;
const APPEND_ATTEMPTS = 200;
const BEFORE_THE_FIRST: Head = { seq: 0, hash: '0'.repeat(64) };

/** SHA-256 over everything of the event but its hash, as canonical JSON; `prevHash` chains it to the one before. */
function hashOf(event: Omit<AuditEvent, 'hash'>): string {
  const { seq, at, by, action, subject, details, prevHash } = event;
  return createHash('sha256').update(canonicalJson({ seq, at, by, action, subject, details, prevHash })).digest('hex');
}

function toEvent({ _id, details, ...rest }: AuditDocument): AuditEvent {
  return { seq: _id, details: fromText(details), ...rest };
}

function readRange(events: Collection<AuditDocument>, from: number, to: number): Promise<AuditDocument[]> {
  return events
    .find({ _id: closedRange(from, to) })
    .sort({ _id: 1 })
    .toArray();
}

/** The last event. The counter may lag behind by what a crash left uncounted, so the search goes on from there. */
async function findHead(events: Collection<AuditDocument>, counters: Counters): Promise<Head> {
  let from = Math.max(1, await counters.read(COUNTER));
  let head = BEFORE_THE_FIRST;
  for (;;) {
    const part = await readRange(events, from, from + READ_AT_ONCE - 1);
    const last = part.at(-1);
    if (!last) return head;
    head = { seq: last._id, hash: last.hash };
    from = last._id + 1;
  }
}

async function append(events: Collection<AuditDocument>, counters: Counters, given: NewEvent): Promise<AuditEvent> {
  for (let attempt = 0; attempt < APPEND_ATTEMPTS; attempt++) {
    const head = await findHead(events, counters);
    const unhashed = { seq: head.seq + 1, ...given, prevHash: head.hash };
    const event: AuditEvent = { ...unhashed, hash: hashOf(unhashed) };
    const { seq, details, ...rest } = event;
    try {
      await events.insertOne({ _id: seq, ...rest, details: toText(details) });
      await counters.raise(COUNTER, seq);
      return event;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }
  throw new Error(`audit: another writer came first ${APPEND_ATTEMPTS} times`);
}

async function list(
  events: Collection<AuditDocument>,
  counters: Counters,
  { limit, cursor }: Parameters<AuditRepository['list']>[0]
): Promise<ListPage<AuditEvent>> {
  const top = cursor === null ? (await findHead(events, counters)).seq : decodeCursor(cursor) - 1;
  const bottom = Math.max(1, top - limit + 1);
  const found = top < 1 ? [] : await readRange(events, bottom, top);
  return { items: found.reverse().map(toEvent), nextCursor: bottom > 1 ? encodeCursor(bottom) : null };
}

/** Walks the chain from the first event; events cut off at the end show by the counter. */
async function verify(events: Collection<AuditDocument>, counters: Counters): Promise<number | null> {
  const counted = await counters.read(COUNTER);
  let head = BEFORE_THE_FIRST;
  for (;;) {
    const part = await readRange(events, head.seq + 1, head.seq + READ_AT_ONCE);
    if (part.length === 0) return head.seq < counted ? head.seq + 1 : null;
    for (const event of part.map(toEvent)) {
      const follows = event.seq === head.seq + 1 && event.prevHash === head.hash && event.hash === hashOf(event);
      if (!follows) return head.seq + 1;
      head = { seq: event.seq, hash: event.hash };
    }
  }
}

/** Who did what, in a chain of hashes: a changed or missing event breaks it (durability 5.7). */
export function createAuditRepository(db: Db, counters: Counters): AuditRepository {
  const events = db.collection<AuditDocument>(auditIndexes.collection);
  return {
    append: (event) => append(events, counters, event),
    list: (input) => list(events, counters, input),
    verify: () => verify(events, counters),
  };
}
