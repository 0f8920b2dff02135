import type { AnyBulkWriteOperation } from 'mongodb';
import { dueKey, targetClaim } from '../domain/ids';
import { NO_LEASE } from './link-document';
import type { LinkDocument, Links } from './link-document';
import { findByIds, writeAll } from './mongo';
import type { LinkRelease } from './link-records';

type Operation = AnyBulkWriteOperation<LinkDocument>;
interface Pair {
  readonly release: LinkRelease;
  readonly document: LinkDocument;
}

function fence({ release }: Pair): { readonly _id: string; readonly 'lease.token': string } {
  return { _id: release.id, 'lease.token': release.token };
}

function isUnborn({ release, document }: Pair): boolean {
  const { state = document.state, targetKey = document.targetKey } = release.set;
  return state === 'pending' && targetKey === null && release.claimKey === undefined;
}

/** Nothing else has to fit: a lease can always be given back. */
function giveBack(pair: Pair): Operation {
  const { state, targetKey } = pair.document;
  if (state === 'pending' && targetKey === null) return { deleteOne: { filter: fence(pair) } };
  return { updateOne: { filter: fence(pair), update: { $set: { lease: NO_LEASE }, $unset: { nameClaim: '' } } } };
}

/** States of links that own no account any more. */
const GIVEN_UP: ReadonlySet<string> = new Set(['released', 'erased']);

function operationFor(pair: Pair): Operation {
  const { release, document } = pair;
  if (isUnborn(pair)) return { deleteOne: { filter: fence(pair) } };
  const claim = release.claimKey === undefined ? {} : { targetClaim: targetClaim(document.targetId, release.claimKey) };
  const dropped = {
    ...(release.dropNameClaim ? { nameClaim: '' as const } : {}),
    ...(GIVEN_UP.has(release.set.state ?? '') ? { targetClaim: '' as const } : {}),
  };
  const { connectorId, externalId } = document;
  const due = release.due === undefined ? {} : { due: dueKey(release.due, connectorId, externalId) };
  const $set = { ...release.set, ...claim, ...due, lease: NO_LEASE };
  const update = Object.keys(dropped).length > 0 ? { $set, $unset: dropped } : { $set };
  return { updateOne: { filter: fence(pair), update } };
}

/** @see LinkRepository.release */
export async function releaseLeases(
  links: Links,
  releases: readonly LinkRelease[]
): Promise<{ readonly conflicts: readonly string[] }> {
  const documents = await findByIds(
    links,
    releases.map(({ id }) => id)
  );
  const byId = new Map(documents.map((document) => [document._id, document]));
  const pairs = releases.flatMap((release): readonly Pair[] => {
    const document = byId.get(release.id);
    return document?.lease.token === release.token ? [{ release, document }] : [];
  });
  const taken = await writeAll(links, pairs.map(operationFor));
  const refused = taken.flatMap((position) => pairs[position] ?? []);
  await writeAll(links, refused.map(giveBack));
  return { conflicts: refused.map(({ release }) => release.id) };
}
