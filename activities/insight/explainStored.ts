import { explainFacts } from '../../domain/explain';
import type { Explanation } from '../../domain/explain';
import type { UserFacts } from '../../domain/facts';
import { NAMES_SHARD, SLICES, shardName, shardOfSlice, sliceOf, WHOLE_RANGE } from '../../domain/ids';
import { emailKey, nameKey } from '../../domain/names';
import { PHASES } from '../../domain/operation';
import type { OperationRecord, OutcomeRecord, RunRecord } from '../../store/records';
import { storedGroups } from '../decideGroups';
import type { ActivityDeps } from '../deps';
import { gatherFacts } from '../gatherFacts';
import { storedRenames } from '../prepareShard';
import type { RunContexts } from '../runContext';
import { shardPeople } from '../shardPeople';
import type { Explained } from './explain';
import { explainedOperation } from './explainLive';
import { TaskRefusal } from './refusal';
import { storedSource } from './storedSource';

interface Asked {
  readonly connectorId: string;
  readonly identifier: string;
}

/** Runs of a connector that are looked through at most: as many as keep their data. */
const RUNS_SEARCHED = 60;
const RUNS_PAGE = 20;
const CELL_PAGE = 500;

/** The last run until a moment that did something with the person, or held something of him. @throws TaskRefusal not-found */
export async function explainAt(
  deps: ActivityDeps,
  contexts: RunContexts,
  { connectorId, identifier, at }: Asked & { readonly at: string }
): Promise<Explained> {
  let cursor: string | null = null;
  let searched = 0;
  do {
    const page: Awaited<ReturnType<typeof deps.store.runs.list>> = await deps.store.runs.list({
      connectorId,
      limit: RUNS_PAGE,
      cursor,
    });
    for (const run of page.items.filter(({ startedAt, mode }) => startedAt <= at && mode !== 'preview')) {
      const outcome = await outcomeOfPerson(deps, run, identifier);
      if (outcome !== null && (outcome.operations.length > 0 || outcome.outcome === 'held'))
        return explained(deps, contexts, run, outcome);
    }
    searched += page.items.length;
    cursor = page.nextCursor;
  } while (cursor !== null && searched < RUNS_SEARCHED);
  throw new TaskRefusal(
    'not-found',
    'No run until then, of those whose results are kept, did anything with this person.'
  );
}

/** What a run that is over made of a person, from what it has stored. @throws TaskRefusal not-found */
export async function explainRun(
  deps: ActivityDeps,
  contexts: RunContexts,
  { connectorId, identifier, runId }: Asked & { readonly runId: string }
): Promise<Explained> {
  const run = await deps.store.runs.get(runId);
  if (run?.connectorId !== connectorId)
    throw new TaskRefusal('not-found', `There is no run "${runId}" of this connector.`);
  const outcome = await outcomeOfPerson(deps, run, identifier);
  if (outcome === null)
    throw new TaskRefusal('not-found', 'This run has no result of this person, or its results are no longer kept.');
  return explained(deps, contexts, run, outcome);
}

/** By external id, username as of the run, or the address that the source had. */
async function outcomeOfPerson(deps: ActivityDeps, run: RunRecord, identifier: string): Promise<OutcomeRecord | null> {
  const { outcomes, snapshots } = deps.store;
  const found = (await outcomes.list(run.id, { q: identifier, limit: 20, cursor: null })).items;
  const wanted = nameKey(identifier);
  const named = found.filter(
    ({ externalId, username }) => externalId === identifier || (username !== null && nameKey(username) === wanted)
  );
  const last = named.at(-1);
  if (last !== undefined || !identifier.includes('@')) return last ?? null;
  const key = emailKey(identifier);
  const holders = (await snapshots.holders(run.planRunId ?? run.id, 'sourceEmail', [key])).get(key);
  if (holders === undefined || holders.lo !== holders.hi) return null;
  return (await outcomes.list(run.id, { q: holders.lo, limit: 1, cursor: null })).items[0] ?? null;
}

async function explained(
  deps: ActivityDeps,
  contexts: RunContexts,
  run: RunRecord,
  outcome: OutcomeRecord
): Promise<Explained> {
  const planned = run.planRunId === null ? run : ((await deps.store.runs.get(run.planRunId)) ?? run);
  const background = await backgroundOf(deps, contexts, planned, outcome.externalId);
  const operations = await operationsOf(deps, run, planned, outcome.externalId);
  return {
    at: planned.startedAt,
    runId: run.id,
    configVersion: planned.configVersion,
    explanation: { ...background, ...whatWasDone(outcome, operations) },
  };
}

function whatWasDone(outcome: OutcomeRecord, operations: readonly OperationRecord[]) {
  return {
    operations:
      operations.length > 0
        ? operations.map(explainedOperation)
        : outcome.operations.map((operation) => ({ ...operation, reasons: outcome.reasons, appliedBy: null })),
    standing: outcome.outcome === 'held' || outcome.outcome === 'skipped' ? outcome.outcome : ('unchanged' as const),
    reasons: outcome.reasons,
    outcome: outcome.outcome,
    error: outcome.error,
  };
}

type Background = Omit<Explanation, keyof ReturnType<typeof whatWasDone>>;

/** The facts of that read under the configuration of that time; of a run that read nobody but one person, none are stored. */
async function backgroundOf(
  deps: ActivityDeps,
  contexts: RunContexts,
  run: RunRecord,
  externalId: string
): Promise<Background> {
  const isStored = (await deps.store.snapshots.artifact(run.id, 'groups')) !== null;
  if (!isStored) return nothingStored(externalId);
  const context = await contexts.load(run.id);
  const index = sliceOf(externalId);
  const shard = await shardPeople(deps, context, { runId: run.id, index, shards: SLICES });
  const provider = storedSource({
    provider: context.provider,
    store: deps.store,
    run,
    range: shard.range,
  });
  const renames = await storedRenames(deps, run.id);
  const { facts } = await gatherFacts(deps, { ...context, provider }, shard, renames, true);
  const own = facts.find((one) => one.externalId === externalId);
  if (own === undefined) return nothingStored(externalId);
  const groupIds = new Set(own.groupIds);
  const groups = (await deps.store.snapshots.inSlices(run.id, 'group', WHOLE_RANGE)).filter((group) =>
    groupIds.has(group.externalId)
  );
  const { link: _link, ...background } = explainFacts({
    facts: asOfThen(own),
    settings: context.settings,
    groups,
    decision: await storedGroups(deps, run.id),
  });
  return { ...background, link: null };
}

/** Links and the ledger are those of today: of the past only what was read is shown. */
const asOfThen = (facts: UserFacts): UserFacts => ({ ...facts, ledger: [] });

function nothingStored(externalId: string): Background {
  return {
    externalId,
    presence: 'absentUnproved',
    source: null,
    groups: [],
    scope: [],
    mapping: [],
    prepared: null,
    contests: { username: null, email: null },
    candidates: [],
    link: null,
    desired: null,
    desiredGroups: [],
    actual: null,
  };
}

/** What the plan had for the person; of a run that applies, what it took. */
async function operationsOf(
  { store }: ActivityDeps,
  run: RunRecord,
  planned: RunRecord,
  externalId: string
): Promise<readonly OperationRecord[]> {
  if (planned.plan === null || planned.shards === 0) return [];
  const own = shardName(shardOfSlice(sliceOf(externalId), planned.shards));
  const found: OperationRecord[] = [];
  for (const phase of PHASES) {
    for (const { shard, count } of planned.plan.cells.filter((cell) => cell.phase === phase)) {
      if (shard !== own && shard !== NAMES_SHARD) continue;
      for (let from = 0; from < count; from += CELL_PAGE) {
        const to = Math.min(from + CELL_PAGE, count) - 1;
        const page = await store.plans.cell(planned.id, phase, shard, from, to);
        found.push(...page.filter((operation) => operation.externalId === externalId));
      }
    }
  }
  return run.planRunId === null ? found : found.filter(({ appliedBy }) => appliedBy === run.id);
}
