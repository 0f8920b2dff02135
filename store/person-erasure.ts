import type { Db, Filter } from 'mongodb';
import { linkId, outcomeId, snapshotId } from '../domain/ids';
import { emailKey, nameKey } from '../domain/names';
import { linkIndexes } from './link-document';
import { membershipIndexes } from './memberships';
import { deleteByIds } from './mongo';
import type { Identified } from './mongo';
import { outcomeIndexes } from './outcomes';
import { operationIndexes } from './plans';
import { idsUnder } from './ranges';
import type { PersonTraces } from './link-records';
import { runIndexes } from './runs';
import { snapshotIndexes } from './snapshot-document';
import { toText } from './text';

interface RunPart extends Identified {
  readonly connectorId: string;
}
interface OperationPart extends Identified {
  readonly runId: string;
  readonly externalId: string | null;
  readonly username: string | null;
  readonly content: string;
}

/** What an operation keeps of somebody who was erased: its kind, its number and its end. */
const NOTHING_LEFT = toText({ before: null, after: null, reasons: [] });

/**
 * Removes what is stored about a person (rules 3.7): records of snapshots, results, contents of plans and memberships of
 * every run of the connector that is kept, and the link at last, so that a repetition goes on where this one ended.
 */
export async function erasePerson(db: Db, traces: PersonTraces): Promise<void> {
  const { connectorId, externalId } = traces;
  const runs = await db
    .collection<RunPart>(runIndexes.collection)
    .find({ connectorId }, { projection: { _id: 1 } })
    .toArray();
  for (const { _id: runId } of runs) await eraseInRun(db, runId, traces);
  const id = linkId(connectorId, externalId);
  const mine: Filter<Identified> = { _id: idsUnder(id) };
  await db.collection<Identified>(membershipIndexes.collection).deleteMany(mine);
  await db.collection<Identified>(linkIndexes.collection).deleteOne({ _id: id });
}

async function eraseInRun(db: Db, runId: string, traces: PersonTraces): Promise<void> {
  const { externalId } = traces;
  await deleteByIds(db.collection<Identified>(snapshotIndexes.collection), snapshotIds(runId, traces));
  const outcomes = db.collection<Identified>(outcomeIndexes.collection);
  const outcome = outcomeId(runId, externalId);
  await outcomes.deleteMany({ $or: [{ _id: outcome }, { _id: idsUnder(outcome) }] });
  const operations = db.collection<OperationPart>(operationIndexes.collection);
  await operations.updateMany({ runId, externalId }, { $set: { username: null, content: NOTHING_LEFT } });
}

function snapshotIds(runId: string, { externalId, targetKey, usernames, emails }: PersonTraces): readonly string[] {
  const names = usernames.map(nameKey);
  const addresses = emails.map(emailKey);
  return [
    ...(['user', 'standing'] as const).map((kind) => snapshotId(runId, kind, externalId)),
    ...(['targetUser', 'memberOf'] as const).map((kind) => snapshotId(runId, kind, targetKey)),
    ...(['sourceName', 'targetName'] as const).flatMap((kind) => names.map((key) => snapshotId(runId, kind, key))),
    ...(['sourceEmail', 'targetEmail'] as const).flatMap((kind) =>
      addresses.map((key) => snapshotId(runId, kind, key))
    ),
  ];
}
