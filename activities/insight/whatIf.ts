import { ApplicationFailure } from '@temporalio/common';
import pLimit from 'p-limit';
import type { ConnectorConfig } from '../../config/connector';
import type { RenameEdge, RenameVerdict, UserFacts } from '../../domain/facts';
import { FAILURE } from '../../domain/failures';
import { GROUP_SHARD, shardName, shardSlices } from '../../domain/ids';
import { createPlanHasher } from '../../domain/plan-hash';
import { planUser } from '../../domain/plan-user';
import { planRenames } from '../../domain/renames';
import type { HealthVerdict } from '../../domain/source-health';
import { countPlans, emptyWhatIfCounts, planDifference } from '../../domain/what-if';
import type { ComparedPerson, PlannedUnder, WhatIfCounts } from '../../domain/what-if';
import type { WhatIfPerson } from '../../domain/what-if-result';
import type { PlanShardRecord, RunRecord } from '../../store/records';
import type { ActivityDeps } from '../deps';
import { toShard } from '../draftShard';
import { gatherFacts } from '../gatherFacts';
import { keptOrganizations } from '../particulars';
import { planContext, usernameOf, peopleCounts } from '../planShard';
import { renameEdges } from '../prepareShard';
import type { ConnectorContext, RunContext } from '../runContext';
import { shardPeople } from '../shardPeople';
import type { ShardPeople } from '../shardPeople';
import { createShardReads, withGroupsRead } from './storedState';
import type { ShardReads } from './storedState';
import { storedSource } from './storedSource';
import { decideSide } from './whatIfSides';
import type { Side } from './whatIfSides';

/** Shards under way at once: while one waits for the store, another one is planned. */
const SHARDS_AT_ONCE = 2;
/** Shards of some 500 people that stay in memory between the two passes. */
const SHARDS_KEPT = 24;

interface ShardOfSides {
  readonly index: number;
  readonly reads: ShardReads;
  /** The people of the shard with what scope and mapping of a side make of them. */
  people(side: Side): Promise<ShardPeople>;
}

export interface WhatIf {
  readonly run: RunRecord;
  readonly now: Side;
  readonly then: Side;
  readonly counts: WhatIfCounts;
  /** What the gate counts of the other configuration's plan, the groups' part first. */
  readonly shards: readonly PlanShardRecord[];
  /** Hash over the operations of that plan. */
  readonly planDigest: string;
}

export interface WhatIfInput {
  readonly connector: ConnectorContext;
  readonly run: RunRecord;
  /** ISO time as of which is planned: grace counts from here. */
  readonly at: string;
  /** The configuration that is tried. */
  readonly settings: ConnectorConfig;
  /** Takes the differing people of a shard, in the order of shards. */
  readonly onPeople: (people: readonly WhatIfPerson[]) => Promise<void>;
}

/** The run whose snapshot is the newest over everybody. @throws ApplicationFailure Refused when nothing is stored */
export async function latestSnapshot(deps: ActivityDeps, { connector }: ConnectorContext): Promise<RunRecord> {
  const id = connector.planned?.runId ?? '';
  const run = await deps.store.runs.get(id);
  const health = run === null ? null : await deps.store.snapshots.artifact(id, 'health');
  if (run === null || health === null) {
    throw ApplicationFailure.nonRetryable(
      'No run has stored what source and Jira hold; make a preview first.',
      FAILURE.refused
    );
  }
  return run;
}

/**
 * Plans everybody of a stored snapshot twice, under the present configuration and under another one, with the decisions
 * and in the shards of a run. Asks neither source nor target, writes nothing; keeps in memory what one shard needs, and
 * of all people the names and addresses that they want.
 */
export async function whatIf(deps: ActivityDeps, input: WhatIfInput): Promise<WhatIf> {
  const { connector, run } = input;
  const planned = { ...run, startedAt: input.at };
  const now = await decideSide(deps, connector, planned, connector.settings);
  const then = await decideSide(deps, connector, planned, input.settings);
  const health = (await deps.store.snapshots.artifact(run.id, 'health')) as HealthVerdict;
  const shardOf = createShards(withGroupsRead(deps, run.id), run);
  const edges = await gatherNames(run, shardOf, [now, then]);
  const renames = edges.map((own, index) => renamesOf(own, index === 0 ? now : then));
  const groups = toShard({
    runId: run.id,
    shard: GROUP_SHARD,
    drafts: then.decided.groups.operations,
    username: () => null,
  });
  const hasher = createPlanHasher();
  for (const { digest } of groups.operations) hasher.add(digest);
  const shards = [groups.record];
  let counts = emptyWhatIfCounts();
  await inOrder(
    run.shards,
    async (index) => planShardTwice({ run, now, then, renames, health, shard: shardOf(index) }),
    async ({ people, shard }) => {
      counts = countPlans(counts, people);
      shards.push(shard.record);
      for (const { digest } of shard.operations) hasher.add(digest);
      await input.onPeople(people.flatMap(differing));
    }
  );
  return { run, now, then, counts, shards, planDigest: hasher.digest() };
}

function differing({ then, difference }: ComparedPerson): readonly WhatIfPerson[] {
  return difference === null ? [] : [{ ...difference, username: usernameOf(then.facts) }];
}

/** Works on some shards at once and takes what they give in their order. */
async function inOrder<T>(
  shards: number,
  work: (index: number) => Promise<T>,
  take: (result: T) => Promise<void>
): Promise<void> {
  const limit = pLimit(SHARDS_AT_ONCE);
  for (let from = 0; from < shards; from += SHARDS_AT_ONCE) {
    const indexes = Array.from({ length: Math.min(SHARDS_AT_ONCE, shards - from) }, (_, offset) => from + offset);
    for (const result of await Promise.all(indexes.map((index) => limit(() => work(index))))) await take(result);
  }
}

/** The shards of the snapshot. The first ones are kept from the first pass to the second, the others are read twice. */
function createShards(deps: ActivityDeps, run: RunRecord): (index: number) => ShardOfSides {
  const kept = new Map<number, ShardOfSides>();
  return (index) => {
    const known = kept.get(index);
    if (known !== undefined) return known;
    const range = shardSlices(index, run.shards);
    const reads = createShardReads({ deps, run, index, range });
    const people = new Map<Side, Promise<ShardPeople>>();
    const shard: ShardOfSides = {
      index,
      reads,
      people: (side) => {
        const input = { runId: run.id, index, shards: run.shards };
        const prepared = people.get(side) ?? shardPeople(reads.deps(side.decided), side.context, input);
        people.set(side, prepared);
        return prepared;
      },
    };
    if (index < SHARDS_KEPT) kept.set(index, shard);
    return shard;
  };
}

/** First pass: who wants which name and address, and who would be renamed. @returns the renames of each side */
async function gatherNames(
  run: RunRecord,
  shardOf: (index: number) => ShardOfSides,
  sides: readonly Side[]
): Promise<readonly (readonly RenameEdge[])[]> {
  const edges = sides.map((): RenameEdge[] => []);
  const work = (index: number): Promise<readonly (readonly RenameEdge[])[]> => {
    const shard = shardOf(index);
    return Promise.all(
      sides.map(async (side) => {
        const { context, decided } = side;
        const people = await shard.people(side);
        for (const { prepared } of people.people.values()) {
          decided.names.add(prepared.usernameKey, prepared.externalId);
          decided.emails.add(prepared.emailKey, prepared.externalId);
        }
        return renameEdges(shard.reads.deps(decided), context, people);
      })
    );
  };
  await inOrder(run.shards, work, async (found) => {
    found.forEach((own, side) => edges[side]?.push(...own));
    return Promise.resolve();
  });
  return edges;
}

/** Whoever wants a name that somebody else wants too is no part of a chain. */
function renamesOf(edges: readonly RenameEdge[], { decided }: Side): Readonly<Record<string, RenameVerdict>> {
  const wanted = decided.names.holders(edges.map((edge) => edge.toKey));
  return planRenames(edges.filter(({ toKey }) => wanted.get(toKey)?.lo === wanted.get(toKey)?.hi));
}

interface ShardTask {
  readonly run: RunRecord;
  readonly now: Side;
  readonly then: Side;
  readonly renames: readonly Readonly<Record<string, RenameVerdict>>[];
  readonly health: HealthVerdict;
  readonly shard: ShardOfSides;
}

/** Second pass over one shard: every person under both configurations. */
async function planShardTwice(task: ShardTask) {
  const {
    run,
    shard: { index },
  } = task;
  const [now, then] = await Promise.all([planSide(task, task.now, 0), planSide(task, task.then, 1)]);
  const before = new Map(now.map((person) => [person.facts.externalId, person]));
  const people = then.flatMap((person): readonly ComparedPerson[] => {
    const other = before.get(person.facts.externalId);
    return other === undefined ? [] : [{ now: other, then: person, difference: planDifference(other, person) }];
  });
  const names = new Map(then.map(({ facts }) => [facts.externalId, usernameOf(facts)]));
  const shard = toShard({
    runId: run.id,
    shard: shardName(index),
    drafts: then.flatMap(({ plan }) => plan.operations),
    username: (externalId) => names.get(externalId ?? '') ?? null,
    people: peopleCounts(then.map(({ facts }) => facts)),
  });
  return { people, shard };
}

async function planSide(
  { run, renames, health, shard }: ShardTask,
  side: Side,
  number: 0 | 1
): Promise<readonly PlannedUnder[]> {
  const own = shard.reads.deps(side.decided);
  const people = await shard.people(side);
  const provider = storedSource({
    provider: side.context.provider,
    store: own.store,
    run,
    range: people.range,
  });
  const context: RunContext = { ...side.context, provider };
  const { facts } = await gatherFacts(own, context, people, renames[number] ?? {}, health.healthy);
  const rules = { ...(await planContext(own, context)), ...(await keptOrganizations(own, context)) };
  return facts.map((one: UserFacts) => ({ facts: one, plan: planUser(one, rules) }));
}
