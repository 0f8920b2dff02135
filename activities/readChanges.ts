import { ProviderError } from '../connectors/errors';
import type { ChangePage, IncrementalReading } from '../connectors/provider';
import { isFullReadDue } from '../domain/full-read';
import { SLICES, WHOLE_RANGE } from '../domain/ids';
import type { SourceMark } from '../store/records';
import type { SourceChange } from '../store/snapshot-records';
import type { Store } from '../store/store';
import type { ActivityDeps } from './deps';
import { cancellation } from './progress';
import type { RunContext } from './runContext';
import { changeItem, changeKey, groupItem, membershipItem, nestingItem, userItem } from './sourceItems';

/** How a run reads a source that can tell what changed; decided once a run. Kept as an artifact. */
export interface SourceWay {
  /** Null: everything is read. */
  readonly base: SourceMark | null;
  /** Where the next reading of changes begins; null while that is not known. */
  readonly mark: string | null;
}

export interface ChangesStep {
  /** Null at the end. */
  readonly cursor: string | null;
  readonly incomplete: readonly string[];
}

const WAY = 'sourceWay';
const CHANGES = '~changes:';
const COPY = '~copy:';
const COPIED_SLICES = 256;
const CLEARED_AT_ONCE = 500;
const NOWHERE = { seq: 0, place: null };

/** True for a cursor of this module: those of providers are their own. */
export const isOfChanges = (cursor: string | null): boolean =>
  cursor !== null && (cursor.startsWith(CHANGES) || cursor.startsWith(COPY));

/** The way this run goes; null for a source that cannot tell what changed. */
export async function sourceWay(deps: ActivityDeps, context: RunContext): Promise<SourceWay | null> {
  const { changes } = context.provider;
  if (changes === undefined) return null;
  const { snapshots } = deps.store;
  const known = (await snapshots.artifact(context.run.id, WAY)) as SourceWay | null | undefined;
  if (known !== null && known !== undefined) return known;
  const base = await usableBase(deps, context);
  const way: SourceWay = { base, mark: base === null ? await markOf(changes) : null };
  await snapshots.putArtifact(context.run.id, WAY, way);
  return way;
}

/** What the next run may begin with, once this one is known to be complete. */
export async function nextMark({ store }: ActivityDeps, { run }: RunContext): Promise<SourceMark | null> {
  const way = (await store.snapshots.artifact(run.id, WAY)) as SourceWay | null | undefined;
  if (way === null || way === undefined || way.mark === null) return null;
  return {
    mark: way.mark,
    runId: run.id,
    fullReadAt: way.base?.fullReadAt ?? run.startedAt,
    configVersion: run.configVersion,
  };
}

/** The last complete read of the same configuration, unless it is time to read everything again. */
async function usableBase({ store }: ActivityDeps, context: RunContext): Promise<SourceMark | null> {
  const { connector, settings, run } = context;
  const base = connector.sourceMark;
  if (base === undefined || base.configVersion !== run.configVersion) return null;
  if (isFullReadDue(base.fullReadAt, run.startedAt, settings.fullRead)) return null;
  const read = (await store.runs.get(base.runId))?.source;
  // An expired snapshot is no base.
  const isWhole = read?.complete === true && (await store.snapshots.count(base.runId, 'user')) === read.users;
  return isWhole ? base : null;
}

/** A source that refuses to tell is read as a whole each time. */
async function markOf(changes: IncrementalReading): Promise<string | null> {
  try {
    return await changes.mark(cancellation());
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'permission') return null;
    throw error;
  }
}

/**
 * The next part of what changed, or of what is copied from the base. A source that no longer knows the place is read as a
 * whole instead.
 */
export async function changesStep(
  deps: ActivityDeps,
  context: RunContext,
  base: SourceMark,
  cursor: string | null
): Promise<ChangesStep | 'full'> {
  const { store } = deps;
  if (cursor?.startsWith(COPY) === true)
    return copyStep(store, context.run.id, base, Number(cursor.slice(COPY.length)));
  const { changes } = context.provider;
  if (changes === undefined) throw new ProviderError('configuration', 'the source no longer tells what changed');
  try {
    const page = await changes.listChanges(
      {
        since: base.mark,
        cursor: cursor === null ? null : cursor.slice(CHANGES.length),
        nestedGroups: await nestedGroups(store, base.runId),
      },
      cancellation()
    );
    await keepChanges(store, context.run.id, base, page);
    if (page.cursor !== null) return { cursor: `${CHANGES}${page.cursor}`, incomplete: page.incomplete };
    await store.snapshots.putArtifact(context.run.id, WAY, { base, mark: page.mark } satisfies SourceWay);
    return { cursor: `${COPY}0`, incomplete: page.incomplete };
  } catch (error) {
    if (!(error instanceof ProviderError) || error.kind !== 'cursorExpired') throw error;
    await clearSource(store, context.run.id);
    const way: SourceWay = { base: null, mark: await markOf(changes) };
    await store.snapshots.putArtifact(context.run.id, WAY, way);
    return 'full';
  }
}

async function nestedGroups({ snapshots }: Store, runId: string): Promise<ReadonlySet<string>> {
  return new Set((await snapshots.inSlices(runId, 'nesting', WHOLE_RANGE)).map(({ childId }) => childId));
}

/** Later parts win: what is gone and comes again is there, what comes and is gone again is not. */
async function keepChanges({ snapshots }: Store, runId: string, base: SourceMark, page: ChangePage): Promise<void> {
  const ids = page.users.map(({ externalId }) => externalId);
  const isKnown = page.onlyKnownUsers ? await snapshots.seen(base.runId, 'user', ids) : new Set(ids);
  const users = page.users.filter(({ externalId }) => isKnown.has(externalId));
  const groups = page.groups.map(({ externalId }) => externalId);
  const gone = (kind: SourceChange['gone'], of: readonly string[]): SourceChange[] =>
    of.map((id) => ({ gone: kind, id }));
  await snapshots.drop(runId, 'change', [...gone('user', ids), ...gone('group', groups)].map(changeKey));
  await snapshots.put(
    runId,
    'user',
    users.map((user) => userItem(user, NOWHERE))
  );
  await snapshots.put(
    runId,
    'group',
    page.groups.map((group) => groupItem(group, NOWHERE))
  );
  await snapshots.put(
    runId,
    'membership',
    page.memberships.map((one) => membershipItem(one, NOWHERE))
  );
  await snapshots.put(runId, 'nesting', page.nestings.map(nestingItem));
  await snapshots.drop(runId, 'user', page.goneUsers);
  await snapshots.drop(runId, 'group', page.goneGroups);
  const left = [
    ...gone('user', page.goneUsers),
    ...gone('group', page.goneGroups),
    ...gone('members', page.rereadGroups),
  ];
  await snapshots.put(runId, 'change', left.map(changeItem));
}

/** A sixteenth of the people with their memberships; groups with the first of them. */
async function copyStep({ snapshots }: Store, runId: string, base: SourceMark, slice: number): Promise<ChangesStep> {
  const changes = await snapshots.inSlices(runId, 'change', WHOLE_RANGE);
  const idsOf = (...kinds: readonly SourceChange['gone'][]): readonly string[] =>
    changes.filter(({ gone }) => kinds.includes(gone)).map(({ id }) => id);
  const withoutGroups = idsOf('group', 'members');
  const range = { from: slice, to: Math.min(SLICES, slice + COPIED_SLICES) - 1 };
  const input = { from: base.runId, to: runId, withoutGroups };
  await snapshots.copy({ ...input, kind: 'user', range, withoutGroups: [] });
  await snapshots.copy({ ...input, kind: 'membership', range });
  if (range.to + 1 < SLICES) return { cursor: `${COPY}${range.to + 1}`, incomplete: [] };
  await snapshots.copy({ ...input, kind: 'group', range: WHOLE_RANGE, withoutGroups: [] });
  await snapshots.copy({ ...input, kind: 'nesting', range: WHOLE_RANGE });
  await snapshots.drop(runId, 'user', idsOf('user'));
  await snapshots.drop(runId, 'group', idsOf('group'));
  return { cursor: null, incomplete: [] };
}

/** Begins anew: nothing that was read of the source so far counts. */
async function clearSource({ snapshots }: Store, runId: string): Promise<void> {
  for (const kind of ['user', 'group', 'membership', 'nesting', 'change'] as const) {
    while ((await snapshots.clear(runId, kind, CLEARED_AT_ONCE)) === CLEARED_AT_ONCE);
  }
}
