import type { Collection, Db } from 'mongodb';
import { gateHourId } from '../domain/ids';
import { GATE_KINDS } from '../domain/operation';
import type { GateKind } from '../domain/operation';
import { findByIds, upsertAll } from './mongo';
import type { CollectionIndexes } from './mongo';
import type { GateReservation, GateUsageRepository } from './limit-repositories';

type Counts = Partial<Record<GateKind, number>>;
type Hours = Collection<HourDocument>;

/** One hour of one connector: what each run used in it. */
interface HourDocument {
  readonly _id: string;
  readonly connectorId: string;
  readonly hour: string;
  /** By encoded run id. */
  readonly runs?: Readonly<Record<string, Counts>>;
  /** What single-user syncs that are under way reserved, by their encoded key; part of `runs`. */
  readonly open?: Readonly<Record<string, Counts>>;
}
export const gateUsageIndexes: CollectionIndexes = { collection: 'gateUsage', indexes: [] };

/** Rule 4.1: limits are used up over a rolling day. */
const BUCKETS = 24;
const HOUR_MS = 3_600_000;
const HOUR_PATTERN = /^\d{4}-\d{2}-\d{2}T\d{2}$/;

/** Field names must not hold '.' or '$'. */
function fieldName(runId: string): string {
  return runId.replace(/[%.$]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** @param hour yyyy-mm-ddThh in UTC @returns its beginning in milliseconds @throws RangeError when it is not of that form */
function beginOf(hour: string): number {
  const begin = HOUR_PATTERN.test(hour) ? Date.parse(`${hour}:00:00.000Z`) : Number.NaN;
  if (Number.isNaN(begin)) throw new RangeError('an hour of gate usage has the form yyyy-mm-ddThh');
  return begin;
}

/** The hours of the day that ends with `hour`. */
function dayOfHours(hour: string): readonly string[] {
  const end = beginOf(hour);
  return Array.from({ length: BUCKETS }, (_, back) => new Date(end - back * HOUR_MS).toISOString().slice(0, 13));
}

async function set(
  hours: Collection<HourDocument>,
  connectorId: string,
  hour: string,
  runId: string,
  counts: Counts
): Promise<void> {
  beginOf(hour);
  const update = { $set: { [`runs.${fieldName(runId)}`]: counts }, $setOnInsert: { connectorId, hour } };
  await upsertAll(hours, [{ updateOne: { filter: { _id: gateHourId(connectorId, hour) }, update, upsert: true } }]);
}

const increments = (runId: string, counts: Counts, sign: 1 | -1): Record<string, number> =>
  Object.fromEntries(
    Object.entries(counts)
      .filter(([, count]) => count !== 0)
      .map(([kind, count]) => [`runs.${fieldName(runId)}.${kind}`, sign * count] as const)
  );

const openField = ({ key }: GateReservation): string => `open.${fieldName(key)}`;

async function openCounts(hours: Hours, reservation: GateReservation): Promise<Counts | null> {
  const hour = await hours.findOne({ _id: gateHourId(reservation.connectorId, reservation.hour) });
  return hour?.open?.[fieldName(reservation.key)] ?? null;
}

/** What an attempt that died had reserved goes back first: the numbers and the key move in one write. */
async function reserve(hours: Hours, reservation: GateReservation, counts: Counts): Promise<void> {
  const { connectorId, hour, runId } = reservation;
  beginOf(hour);
  await settle(hours, reservation, {});
  const _id = gateHourId(connectorId, hour);
  const first = { filter: { _id }, update: { $setOnInsert: { connectorId, hour } }, upsert: true };
  await upsertAll(hours, [{ updateOne: first }]);
  const open = openField(reservation);
  const update = { $inc: increments(runId, counts, 1), $set: { [open]: counts } };
  await hours.updateOne({ _id, [open]: { $exists: false } }, withoutEmpty(update));
}

async function settle(hours: Hours, reservation: GateReservation, used: Counts): Promise<void> {
  const reserved = await openCounts(hours, reservation);
  if (reserved === null) return;
  const open = openField(reservation);
  const unused = Object.fromEntries(
    GATE_KINDS.map((kind) => [kind, Math.max(0, (reserved[kind] ?? 0) - (used[kind] ?? 0))])
  );
  const update = { $inc: increments(reservation.runId, unused, -1), $unset: { [open]: '' } };
  await hours.updateOne(
    { _id: gateHourId(reservation.connectorId, reservation.hour), [open]: { $exists: true } },
    withoutEmpty(update)
  );
}

/** A server refuses an operator without a field. */
const withoutEmpty = (update: Readonly<Record<string, object>>): Record<string, object> =>
  Object.fromEntries(Object.entries(update).filter(([, fields]) => Object.keys(fields).length > 0));

async function used(
  hours: Collection<HourDocument>,
  connectorId: string,
  hour: string,
  exceptRunId: string
): Promise<Record<GateKind, number>> {
  const ids = dayOfHours(hour).map((bucket) => gateHourId(connectorId, bucket));
  const except = fieldName(exceptRunId);
  const sum = Object.fromEntries(GATE_KINDS.map((kind) => [kind, 0])) as Record<GateKind, number>;
  for (const { runs = {} } of await findByIds(hours, ids)) {
    for (const [run, counts] of Object.entries(runs)) {
      if (run !== except) for (const kind of GATE_KINDS) sum[kind] += counts[kind] ?? 0;
    }
  }
  return sum;
}

/** What the runs of a connector used of the gate's limits, hour by hour (rules 4.1). */
export function createGateUsageRepository(db: Db): GateUsageRepository {
  const hours = db.collection<HourDocument>(gateUsageIndexes.collection);
  return {
    set: (connectorId, hour, runId, counts) => set(hours, connectorId, hour, runId, counts),
    reserve: (reservation, counts) => reserve(hours, reservation, counts),
    settle: (reservation, counts) => settle(hours, reservation, counts),
    used: (connectorId, hour, exceptRunId) => used(hours, connectorId, hour, exceptRunId),
  };
}
