import type { AnyBulkWriteOperation } from 'mongodb';
import { linkId, nameClaim, sliceOf } from '../domain/ids';
import type { Link } from '../domain/model';
import { toStoredLink } from './link-document';
import type { Lease, LinkDocument, Links } from './link-document';
import { chunks, findByIds, writeAll } from './mongo';
import type { LeaseRequest, StoredLink } from './link-records';
import type { LinkRepository } from './link-repositories';

type Input = Parameters<LinkRepository['acquire']>[0];
type Answer = Awaited<ReturnType<LinkRepository['acquire']>>;
type Operation = AnyBulkWriteOperation<LinkDocument>;
type Creation = NonNullable<LeaseRequest['create']>;

/** What a link is before its account exists; `targetKey: null` comes from the filter of the upsert. */
const UNBORN = {
  state: 'pending',
  version: 0,
  versionBy: null,
  lastApplied: null,
  lastDeactivatedBy: null,
  lastDeactivatedCause: null,
  missingSince: null,
  outOfScopeSince: null,
  disabledSince: null,
} as const satisfies Partial<Link>;

const leaseOf = ({ owner, token, until }: Input): Lease => ({ owner, token, until });

function take(input: Input, externalId: string): Operation {
  const filter = { _id: linkId(input.connectorId, externalId), 'lease.until': { $lte: input.now } };
  return { updateOne: { filter, update: { $set: { lease: leaseOf(input) } } } };
}

/**
 * Takes a link without an account, or creates it. Where the link is leased or has an account, the filter misses it, the
 * upsert meets its id and is refused; where another link claims the name, the unique index refuses it.
 */
function createOrTake(input: Input, externalId: string, { targetId, usernameKey }: Creation): Operation {
  const { connectorId, now } = input;
  const filter = { _id: linkId(connectorId, externalId), 'lease.until': { $lte: now }, targetKey: null };
  const $set = { lease: leaseOf(input), nameClaim: nameClaim(targetId, usernameKey) };
  const $setOnInsert = { ...UNBORN, connectorId, externalId, targetId, slice: sliceOf(externalId) };
  return { updateOne: { filter, update: { $set, $setOnInsert }, upsert: true } };
}

function operationFor(input: Input, { externalId, create }: LeaseRequest): Operation {
  return create === null ? take(input, externalId) : createOrTake(input, externalId, create);
}

async function readBack(
  links: Links,
  { connectorId }: Input,
  requests: readonly LeaseRequest[]
): Promise<Map<string, LinkDocument>> {
  const ids = requests.map(({ externalId }) => linkId(connectorId, externalId));
  return new Map((await findByIds(links, ids)).map((document) => [document.externalId, document]));
}

/** A name is claimed under a lease; when that has run out without an account, the claim is void. @returns how many were */
async function voidDeadClaims(links: Links, creations: readonly Creation[], now: number): Promise<number> {
  const claims = creations.map(({ targetId, usernameKey }) => nameClaim(targetId, usernameKey));
  let voided = 0;
  for (const part of chunks(claims)) {
    const holders = await links.find({ nameClaim: { $in: part } }).toArray();
    for (const { _id, lease, targetKey, nameClaim: claim } of holders) {
      if (claim === undefined || targetKey !== null || lease.until > now) continue;
      const filter = { _id, nameClaim: claim, targetKey: null, 'lease.until': { $lte: now } };
      voided += (await links.updateOne(filter, { $unset: { nameClaim: '' } })).modifiedCount;
    }
  }
  return voided;
}

/** What may succeed after all: a creation whose link has got an account by now, or whose name is claimed by a dead lease. */
async function secondTries(
  links: Links,
  input: Input,
  refused: readonly LeaseRequest[],
  found: ReadonlyMap<string, LinkDocument>
): Promise<readonly Operation[]> {
  const free = refused.filter(({ externalId }) => (found.get(externalId)?.lease.until ?? 0) <= input.now);
  const grown = free.filter(({ externalId }) => (found.get(externalId)?.targetKey ?? null) !== null);
  const unborn = free.filter((request) => !grown.includes(request));
  const creations = unborn.flatMap(({ create }) => (create === null ? [] : [create]));
  const voided = await voidDeadClaims(links, creations, input.now);
  return [
    ...grown.map(({ externalId }) => take(input, externalId)),
    ...(voided > 0 ? unborn.map((request) => operationFor(input, request)) : []),
  ];
}

/** A lease of the same token from an earlier try is ours; it is made as long as the new ones. */
async function prolong(links: Links, input: Input, held: readonly LinkDocument[]): Promise<void> {
  const ids = held.filter(({ lease }) => lease.until < input.until).map(({ _id }) => _id);
  for (const part of chunks(ids)) {
    const filter = { _id: { $in: part }, 'lease.token': input.token };
    await links.updateMany(filter, { $max: { 'lease.until': input.until } });
  }
}

/** @see LinkRepository.acquire */
export async function acquireLeases(links: Links, input: Input): Promise<Answer> {
  const isOurs = (document: LinkDocument | undefined): boolean => document?.lease.token === input.token;
  await writeAll(
    links,
    input.requests.map((request) => operationFor(input, request))
  );
  const found = await readBack(links, input, input.requests);
  const refused = input.requests.filter(({ externalId, create }) => create !== null && !isOurs(found.get(externalId)));
  const tries = refused.length > 0 ? await secondTries(links, input, refused, found) : [];
  if (tries.length > 0) {
    await writeAll(links, tries);
    for (const [externalId, document] of await readBack(links, input, refused)) found.set(externalId, document);
  }

  const held = [...found.values()].filter(isOurs);
  await prolong(links, input, held);
  const got = new Map<string, StoredLink>();
  for (const document of held) {
    const lease = { ...document.lease, until: Math.max(document.lease.until, input.until) };
    got.set(document.externalId, toStoredLink({ ...document, lease }));
  }
  const busy = input.requests.map(({ externalId }) => externalId).filter((externalId) => !got.has(externalId));
  return { got, busy };
}
