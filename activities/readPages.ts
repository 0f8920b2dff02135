import { ApplicationFailure } from '@temporalio/common';
import { ProviderError } from '../connectors/errors';
import type { Page } from '../connectors/provider';
import { FAILURE } from '../domain/failures';
import type { Duplicate, SnapshotKind } from '../store/snapshot-records';
import type { ActivityDeps } from './deps';
import { flattenStep } from './flattenGroups';
import { cancellation, chunkClock, heartbeat, resumed, whileHeartbeating } from './progress';
import { changesStep, isOfChanges, sourceWay, type SourceWay } from './readChanges';
import type { RunContext } from './runContext';
import { groupItem, membershipItem, nestingItem, userItem } from './sourceItems';

export type SourceKind = 'users' | 'groups' | 'memberships';

/** Where a reading stands, as heartbeats keep it. */
export interface ReadPosition {
  /** Null: at the beginning, or `ended`. */
  readonly cursor: string | null;
  readonly ended: boolean;
  readonly count: number;
  /** Why what was read so far is not proved to be all. */
  readonly reasons: readonly string[];
  /** How often this listing began anew. */
  readonly restarts: number;
}

interface ReadInput {
  readonly runId: string;
  readonly kind: SourceKind;
  readonly cursor: string | null;
  readonly count: number;
}
interface Reading {
  readonly deps: ActivityDeps;
  readonly context: RunContext;
  readonly kind: SourceKind;
  readonly way: SourceWay | null;
}

const RECORDS: Readonly<Record<SourceKind, SnapshotKind>> = {
  users: 'user',
  groups: 'group',
  memberships: 'membership',
};
const FLATTEN = '~flatten:';
const MOST_RESTARTS = 3;
const CLEARED_AT_ONCE = 500;
const DUPLICATES_SHOWN = 5;

/** Reads for some seconds, from where the last attempt was. */
export async function readPages(deps: ActivityDeps, context: RunContext, input: ReadInput): Promise<ReadPosition> {
  const handOver = chunkClock();
  const { kind, cursor, count } = input;
  const way = await sourceWay(deps, context);
  let at = (resumed() as ReadPosition | null) ?? { ...BEGINNING, cursor, count };
  do {
    at = await whileHeartbeating(
      () => readStep({ deps, context, kind, way }, at),
      () => at
    );
    if (at.ended) return await counted({ deps, context, kind, way }, at);
    heartbeat(at);
    // A cursor of null would be taken for the end.
  } while (at.cursor === null || !handOver());
  return at;
}

/** Records of one key count once; only a source that promises unique ids is counted by its rows. */
async function counted({ deps, context, kind }: Reading, at: ReadPosition): Promise<ReadPosition> {
  if (context.provider.capabilities.refusesDuplicates) return at;
  return { ...at, count: await deps.store.snapshots.count(context.run.id, RECORDS[kind]) };
}

/** One page of the source, or one step of what follows from it. */
async function readStep(reading: Reading, at: ReadPosition): Promise<ReadPosition> {
  const { deps, context, kind, way } = reading;
  const { id: runId } = context.run;
  if (at.cursor?.startsWith(FLATTEN) === true) {
    const next = await flattenStep(deps.store, runId, Number(at.cursor.slice(FLATTEN.length)));
    return next === null ? endOf(at) : { ...at, cursor: `${FLATTEN}${next}` };
  }
  const base = at.restarts === 0 ? (way?.base ?? null) : null;
  if (base !== null && (at.cursor === null || isOfChanges(at.cursor))) {
    // What changed is told of everything at once: it is read with the users.
    if (kind === 'groups') return endOf(at);
    if (kind === 'memberships') return { ...at, cursor: `${FLATTEN}0` };
    const step = await changesStep(deps, context, base, at.cursor);
    if (step === 'full') return anew(at);
    const next = { ...at, cursor: step.cursor, reasons: [...at.reasons, ...step.incomplete] };
    return step.cursor === null ? endOf(next) : next;
  }
  try {
    return await readPage(reading, at);
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'cursorExpired' || at.restarts >= MOST_RESTARTS)
      throw error;
    await clearKind(reading);
    return anew(at);
  }
}

const BEGINNING: ReadPosition = { cursor: null, ended: false, count: 0, reasons: [], restarts: 0 };
const anew = ({ restarts }: ReadPosition): ReadPosition => ({ ...BEGINNING, restarts: restarts + 1 });
const endOf = (at: ReadPosition): ReadPosition => ({ ...at, cursor: null, ended: true });

async function readPage(reading: Reading, at: ReadPosition): Promise<ReadPosition> {
  const { deps, context, kind } = reading;
  const page = await keptPage(reading, at);
  const next = {
    ...at,
    cursor: page.cursor,
    count: at.count + page.items.length,
    reasons: [...at.reasons, ...(page.incomplete ?? [])],
  };
  if (page.cursor !== null) return next;
  const mismatch = await mismatchOf(reading, page);
  const told = mismatch === null ? next : { ...next, reasons: [...next.reasons, mismatch] };
  const isNested = kind === 'memberships' && (await deps.store.snapshots.count(context.run.id, 'nesting')) > 0;
  return isNested ? { ...told, cursor: `${FLATTEN}0` } : endOf(told);
}

/** What the provider counted and what lies in the snapshot, once the listing is at its end. */
async function mismatchOf({ deps, context, kind }: Reading, { total }: Page<unknown>): Promise<string | null> {
  if (total === undefined) return null;
  const read = await deps.store.snapshots.count(context.run.id, RECORDS[kind]);
  return read === total ? null : `the provider counts ${total} ${kind}, ${read} were read`;
}

async function keptPage({ deps, context, kind }: Reading, at: ReadPosition): Promise<Page<unknown>> {
  const { provider, run } = context;
  const signal = cancellation();
  const { snapshots } = deps.store;
  const last = { lastWins: !provider.capabilities.refusesDuplicates };
  switch (kind) {
    case 'users': {
      const page = await provider.listUsers(at.cursor, signal);
      const items = page.items.map(({ record, place }, n) => userItem(record, { seq: at.count + n, place }));
      return checked(context, page, (await snapshots.put(run.id, 'user', items, last)).duplicates);
    }
    case 'groups': {
      const page = await provider.listGroups(at.cursor, signal);
      const items = page.items.map(({ record, place }, n) => groupItem(record, { seq: at.count + n, place }));
      return checked(context, page, (await snapshots.put(run.id, 'group', items, last)).duplicates);
    }
    case 'memberships': {
      const page = await provider.listMemberships(at.cursor, signal);
      const items = page.items.map(({ record, place }, n) => membershipItem(record, { seq: at.count + n, place }));
      await snapshots.put(run.id, 'membership', items);
      await snapshots.put(run.id, 'nesting', (page.nestings ?? []).map(nestingItem));
      return page;
    }
  }
}

/** A listing that begins anew must not keep what it read before. */
async function clearKind({ deps, context, kind }: Reading): Promise<void> {
  const kinds = kind === 'memberships' ? (['membership', 'nesting'] as const) : [RECORDS[kind]];
  for (const one of kinds) {
    while ((await deps.store.snapshots.clear(context.run.id, one, CLEARED_AT_ONCE)) === CLEARED_AT_ONCE);
  }
}

/** Refuses a listing that names one id twice, where the provider's ids are promised to be unique. */
function checked<T>(context: RunContext, page: Page<T>, duplicates: readonly Duplicate[]): Page<T> {
  if (duplicates.length === 0 || !context.provider.capabilities.refusesDuplicates) return page;
  const shown = duplicates
    .slice(0, DUPLICATES_SHOWN)
    .map(({ place, firstPlace }) => `${place ?? 'a record'} repeats the id of ${firstPlace ?? 'an earlier one'}`);
  const more = duplicates.length > DUPLICATES_SHOWN ? ` and ${duplicates.length - DUPLICATES_SHOWN} more` : '';
  throw ApplicationFailure.nonRetryable(
    `duplicate ids: ${shown.join('; ')}${more}. Nothing was changed; give every record its own id.`,
    FAILURE.data
  );
}
