import { ProviderError } from '../connectors/errors';
import { sourceHealth } from '../domain/source-health';
import type { SourceReading } from '../domain/run';
import { measureCredentials } from './credentials';
import type { ActivityDeps } from './deps';
import { cancellation } from './progress';
import { nextMark } from './readChanges';
import { readPages, type ReadPosition, type SourceKind } from './readPages';
import type { RunContext, RunContexts } from './runContext';

export type { SourceKind } from './readPages';

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

/** People in one shard: small enough to plan in a second or two, large enough to keep the number of activities low. */
const SHARD_USERS = 500;
const MOST_SHARDS = 256;
/** Of a thousand groups in doubt the first few tell enough. */
const REASONS_TOLD = 10;

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
        return chunkOf(await readPages(deps, context, input));
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
      await deps.store.snapshots.putArtifact(runId, 'identity', context.provider.identity());
      await deps.store.runs.patch(runId, { source: reading, shards: shardCount(counts.users) });
      measureCredentials(deps, context.connector.id, context.provider);
      const mark = reading.complete ? await nextMark(deps, context) : null;
      if (mark !== null) await deps.store.connectors.patch(context.connector.id, { sourceMark: mark });
    },

    async countShards({ runId }: { readonly runId: string }): Promise<{ readonly shards: number }> {
      const { run } = await contexts.load(runId);
      return { shards: run.shards };
    },
  };
}

function chunkOf({ cursor, count, reasons }: ReadPosition): ReadSourceChunk {
  const told = reasons.slice(0, REASONS_TOLD);
  const more = reasons.length - told.length;
  const all = more > 0 ? [...told, `and ${more} more`] : told;
  return { cursor, count, incompleteReason: all.length === 0 ? null : all.join('; ') };
}

/** A listing of groups or memberships that is refused makes the run additive; without users there is no run. */
function partialReason(error: unknown, kind: SourceKind): string | null {
  return kind !== 'users' && error instanceof ProviderError && error.kind === 'permission'
    ? `${kind}: ${error.message}`
    : null;
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
