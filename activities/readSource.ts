import { ApplicationFailure } from '@temporalio/common';
import { ProviderError } from '../connectors/errors';
import type { Page, Placed } from '../connectors/provider';
import { encodePart, sliceOf } from '../domain/ids';
import { FAILURE } from '../domain/failures';
import type { SourceGroup, SourceMembership, SourceUser } from '../domain/model';
import { sourceHealth } from '../domain/source-health';
import type { SourceReading } from '../domain/run';
import type { Duplicate, SnapshotItem } from '../store/records';
import type { ActivityDeps } from './deps';
import { cancellation, chunkClock, heartbeat, resumed, whileHeartbeating } from './progress';
import type { RunContext, RunContexts } from './runContext';

export type SourceKind = 'users' | 'groups' | 'memberships';
export interface ReadSourceInput {
  readonly runId: string;
  readonly kind: SourceKind;
  readonly cursor: string | null;
  /** Records read so far; also the position of the next one. */
  readonly count: number;
}
export interface ReadSourceChunk {
  /** Where the next chunk goes on; null at the end of the listing. */
  readonly cursor: string | null;
  readonly count: number;
  readonly incompleteReason: string | null;
}
export interface SealSourceInput {
  readonly runId: string;
  readonly counts: Readonly<Record<SourceKind, number>>;
  readonly incompleteReason: string | null;
}
type Position = Pick<ReadSourceChunk, 'cursor' | 'count'>;

/** People in one shard: small enough to plan in a second or two, large enough to keep the number of activities low. */
const SHARD_USERS = 500;
const MOST_SHARDS = 256;
const DUPLICATES_SHOWN = 5;

/** How many shards a run over this many users has. */
export const shardCount = (users: number): number => Math.min(MOST_SHARDS, Math.max(1, Math.ceil(users / SHARD_USERS)));

/** Reading the source into the snapshot, chunk by chunk, resuming from the last heartbeat. */
export function readSourceActivities(deps: ActivityDeps, contexts: RunContexts) {
  return {
    async readSourceChunk(input: ReadSourceInput): Promise<ReadSourceChunk> {
      const context = await contexts.load(input.runId);
      if (!context.provider.capabilities.delivers.includes(input.kind))
        return { cursor: null, count: 0, incompleteReason: null };
      await deps.store.runs.patch(input.runId, { phase: 'readSource', progress: { done: input.count, total: 0 } });
      try {
        return { ...(await readPages(deps, context, input)), incompleteReason: null };
      } catch (error) {
        const reason = partialReason(error, input.kind);
        if (reason === null) throw error;
        return { cursor: null, count: input.count, incompleteReason: reason };
      }
    },

    /** Compares the counts with the provider's own, where it counts, and judges the source's health (rules 4.3). */
    async sealSource({ runId, counts, incompleteReason }: SealSourceInput): Promise<void> {
      const context = await contexts.load(runId);
      const told = await context.provider.counts(cancellation());
      const mismatch = (['users', 'groups', 'memberships'] as const).filter(
        (kind) => told[kind] !== undefined && told[kind] !== counts[kind]
      );
      const reasons = [
        incompleteReason,
        ...mismatch.map((kind) => `the provider counts ${String(told[kind])} ${kind}, ${counts[kind]} were read`),
      ];
      const said = reasons.filter((reason) => reason !== null);
      const reading: SourceReading = {
        ...counts,
        complete: said.length === 0,
        incompleteReason: said.length === 0 ? null : said.join('; '),
      };
      await deps.store.snapshots.putArtifact(runId, 'health', judge(deps, context, reading));
      await deps.store.runs.patch(runId, { source: reading, shards: shardCount(counts.users) });
    },

    async countShards({ runId }: { readonly runId: string }): Promise<{ readonly shards: number }> {
      const { run } = await contexts.load(runId);
      return { shards: run.shards };
    },
  };
}

/** A listing of groups or memberships that is refused makes the run additive; without users there is no run. */
function partialReason(error: unknown, kind: SourceKind): string | null {
  return kind !== 'users' && error instanceof ProviderError && error.kind === 'permission'
    ? `${kind}: ${error.message}`
    : null;
}

async function readPages(deps: ActivityDeps, context: RunContext, input: ReadSourceInput): Promise<Position> {
  const handOver = chunkClock();
  let at: Position = (resumed() as Position | null) ?? { cursor: input.cursor, count: input.count };
  do {
    const page = await whileHeartbeating(
      () => readPage(deps, context, input, at),
      () => at
    );
    at = { cursor: page.cursor, count: at.count + page.items.length };
    heartbeat(at);
    if (at.cursor === null) return at;
  } while (!handOver());
  return at;
}

async function readPage(
  deps: ActivityDeps,
  context: RunContext,
  input: ReadSourceInput,
  at: Position
): Promise<Page<unknown>> {
  const { provider } = context;
  const signal = cancellation();
  const { snapshots } = deps.store;
  switch (input.kind) {
    case 'users': {
      const page = await provider.listUsers(at.cursor, signal);
      const items = page.items.map((item, index) => userItem(item, at.count + index));
      return checked(context, page, (await snapshots.put(input.runId, 'user', items)).duplicates);
    }
    case 'groups': {
      const page = await provider.listGroups(at.cursor, signal);
      const items = page.items.map((item, index) => groupItem(item, at.count + index));
      return checked(context, page, (await snapshots.put(input.runId, 'group', items)).duplicates);
    }
    case 'memberships': {
      const page = await provider.listMemberships(at.cursor, signal);
      const items = page.items.map((item, index) => membershipItem(item, at.count + index));
      await snapshots.put(input.runId, 'membership', items);
      return page;
    }
  }
}

const userItem = ({ record, place }: Placed<SourceUser>, seq: number): SnapshotItem<SourceUser> => ({
  key: record.externalId,
  slice: sliceOf(record.externalId),
  seq,
  place,
  record,
});
const groupItem = ({ record, place }: Placed<SourceGroup>, seq: number): SnapshotItem<SourceGroup> => ({
  key: record.externalId,
  slice: 0,
  seq,
  place,
  record,
});
const membershipItem = ({ record, place }: Placed<SourceMembership>, seq: number): SnapshotItem<SourceMembership> => ({
  key: `${encodePart(record.userId)}:${encodePart(record.groupId)}`,
  slice: sliceOf(record.userId),
  seq,
  place,
  record,
});

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

function judge(deps: ActivityDeps, context: RunContext, reading: SourceReading): ReturnType<typeof sourceHealth> {
  const { settings, connector, provider } = context;
  return sourceHealth({
    reading,
    delivers: provider.capabilities.delivers,
    references: connector.references,
    limits: settings.safety.limits.sourceShrink,
    scopeFingerprint: deps.scopeFingerprint(settings),
    identity: provider.identity(),
    now: context.run.startedAt,
  });
}
