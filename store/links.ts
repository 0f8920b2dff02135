import type { Db } from 'mongodb';
import { dueKey, linkId, targetClaim } from '../domain/ids';
import type { SliceRange } from '../domain/ids';
import { toStoredLink, linkIndexes } from './link-document';
import type { LinkDocument, Links } from './link-document';
import { acquireLeases } from './link-leases';
import { releaseLeases } from './link-release';
import { chunks, findByIds, writeAll } from './mongo';
import { erasePerson } from './person-erasure';
import { byText, keysUntil, sliceFilter } from './ranges';
import type { LinkNote, StoredLink } from './link-records';
import type { LinkRepository } from './link-repositories';

async function inSlices(links: Links, connectorId: string, range: SliceRange): Promise<readonly StoredLink[]> {
  const found = await links.find({ connectorId, slice: sliceFilter(range) }).toArray();
  return found.map(toStoredLink).sort(byText((link) => link.externalId));
}

async function byExternalIds(
  links: Links,
  connectorId: string,
  externalIds: readonly string[]
): Promise<ReadonlyMap<string, StoredLink>> {
  const ids = externalIds.map((externalId) => linkId(connectorId, externalId));
  return new Map((await findByIds(links, ids)).map((document) => [document.externalId, toStoredLink(document)]));
}

async function owners(
  links: Links,
  targetId: string,
  keys: readonly string[]
): Promise<ReadonlyMap<string, StoredLink>> {
  const byClaim = new Map(keys.map((key) => [targetClaim(targetId, key), key]));
  const owned = new Map<string, StoredLink>();
  for (const claims of chunks([...byClaim.keys()])) {
    for (const document of await links.find({ targetClaim: { $in: claims } }).toArray()) {
      const key = byClaim.get(document.targetClaim ?? '');
      if (key !== undefined) owned.set(key, toStoredLink(document));
    }
  }
  return owned;
}

async function renew(
  links: Links,
  connectorId: string,
  externalIds: readonly string[],
  token: string,
  until: number
): Promise<void> {
  for (const part of chunks(externalIds)) {
    const ids = part.map((externalId) => linkId(connectorId, externalId));
    await links.updateMany({ _id: { $in: ids }, 'lease.token': token }, { $max: { 'lease.until': until } });
  }
}

async function note(links: Links, notes: readonly LinkNote[]): Promise<void> {
  await writeAll<LinkDocument>(
    links,
    notes.map(({ id, due, connectorId, externalId, ...set }) => {
      const update =
        due === null
          ? { $set: set, $unset: { due: '' as const } }
          : { $set: { ...set, due: dueKey(due, connectorId, externalId) } };
      return { updateOne: { filter: { _id: id }, update } };
    })
  );
}

async function due(links: Links, until: string, limit: number): Promise<readonly StoredLink[]> {
  const found = await links
    .find({ due: keysUntil(until) })
    .sort({ due: 1 })
    .limit(limit)
    .toArray();
  return found.map(toStoredLink);
}

async function postpone(links: Links, link: StoredLink, until: string): Promise<void> {
  const { id, connectorId, externalId } = link;
  if (link.due === undefined) return;
  await links.updateOne({ _id: id, due: link.due }, { $set: { due: dueKey(until, connectorId, externalId) } });
}

/** Links of source users to accounts. The owner link is the only lock on its account (durability 2.1). */
export function createLinkRepository(db: Db): LinkRepository {
  const links = db.collection<LinkDocument>(linkIndexes.collection);
  return {
    inSlices: (connectorId, range) => inSlices(links, connectorId, range),
    byExternalIds: (connectorId, externalIds) => byExternalIds(links, connectorId, externalIds),
    owners: (targetId, keys) => owners(links, targetId, keys),
    acquire: (input) => acquireLeases(links, input),
    renew: (connectorId, externalIds, token, until) => renew(links, connectorId, externalIds, token, until),
    release: (releases) => releaseLeases(links, releases),
    note: (notes) => note(links, notes),
    erase: (traces) => erasePerson(db, traces),
    due: (until, limit) => due(links, until, limit),
    postpone: (link, until) => postpone(links, link, until),
  };
}
