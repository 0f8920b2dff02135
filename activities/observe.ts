import { LOOK_UP_LIMIT } from '../connectors/provider';
import { decideGroups } from '../domain/groups';
import type { PlanContext, Presence, UserFacts } from '../domain/facts';
import { handoverKeys } from '../domain/handover';
import { WHOLE_RANGE } from '../domain/ids';
import { findMatch } from '../domain/matching';
import type { TargetUser } from '../domain/model';
import { countObserved, observe } from '../domain/observe';
import type { Observation, ObserveCounts } from '../domain/observe';
import { because } from '../domain/reasons';
import { OBSERVED_SINCE, observePage } from '../store/shard-pages';
import type { ObservedSince, RunRecord, StandingRecord } from '../store/records';
import { inChunks } from './chunks';
import { completenessOf } from './completeness';
import type { ActivityDeps } from './deps';
import { cancellation } from './progress';
import type { RunContext } from './runContext';
import type { ShardInput, ShardPeople } from './shardPeople';
import { accountReading } from './targetReading';

export interface ObservedShard {
  readonly counts: ObserveCounts;
  /** What the next run compares with, by external id. */
  readonly observations: ReadonlyMap<string, Observation>;
}

/** The standings of the planned, each with what was seen of the person, and those of people who are gone but were seen before. */
export function withObservations(
  standings: readonly StandingRecord[],
  observed: ObservedShard | null
): readonly StandingRecord[] {
  if (observed === null) return standings;
  const planned = new Set(standings.map(({ externalId }) => externalId));
  const gone = [...observed.observations].filter(([externalId]) => !planned.has(externalId));
  return [
    ...standings.map((record) => {
      const seen = observed.observations.get(record.externalId);
      return seen === undefined ? record : { ...record, observed: seen };
    }),
    ...gone.map(([externalId, seen]): StandingRecord => ({
      externalId,
      username: seen.account?.username ?? null,
      standing: 'unchanged',
      reasons: [because('missing', '3.1')],
      observed: seen,
    })),
  ];
}

interface ObserveInput {
  readonly input: ShardInput;
  readonly shard: ShardPeople;
  readonly facts: readonly UserFacts[];
  readonly rules: PlanContext;
  readonly healthy: boolean;
}

/**
 * Compares the people of a shard with their accounts as if these were linked, and with what the run before saw of them
 * (rules 6); may be repeated. Null for a connector that does not observe.
 */
export async function observeShard(
  deps: ActivityDeps,
  context: RunContext,
  { input, shard, facts, rules, healthy }: ObserveInput
): Promise<ObservedShard | null> {
  if (context.settings.mode !== 'observe') return null;
  const { snapshots } = deps.store;
  const { former, isFirstLook } = await formerRun(deps, context);
  const before = new Map(
    former === null
      ? []
      : (await snapshots.standings(former.id, shard.range)).flatMap(({ externalId, observed }) =>
          observed === undefined ? [] : [[externalId, observed] as const]
        )
  );
  const virtual = { ...rules, ...(await asIfAdopted(deps, context)) };
  const absent = await absentPeople(context, before, facts, healthy);
  const people = await withAccounts(deps, context, [...facts, ...absent], before, virtual);
  const observed = people.map((one) => ({
    one,
    found: observe(one, before.get(one.externalId) ?? null, { ctx: virtual, isFirstLook }),
  }));
  const compared = observed.map(({ found }) => found);
  await snapshots.putArtifact(
    input.runId,
    observePage(input.index),
    compared.flatMap(({ differences }) => differences)
  );
  const since = former === null || isFirstLook ? null : { runId: former.id, readAt: former.startedAt };
  const record: ObservedSince = { since };
  await snapshots.putArtifact(input.runId, OBSERVED_SINCE, record);
  return {
    counts: countObserved(compared),
    observations: new Map(observed.map(({ one, found }) => [one.externalId, found.observation])),
  };
}

/** The run that planned last before this one, if its data are kept, and whether it observed too. */
async function formerRun(
  { store }: ActivityDeps,
  { connector, run }: RunContext
): Promise<{ readonly former: RunRecord | null; readonly isFirstLook: boolean }> {
  const latest = connector.planned?.runId ?? run.id;
  const former = latest === run.id ? null : await store.runs.get(latest);
  const observed = former === null ? null : await store.snapshots.artifact(former.id, OBSERVED_SINCE);
  return { former, isFirstLook: observed === null };
}

/** Nothing is linked beside another product: accounts and groups count as if they had been taken over by name. */
async function asIfAdopted(
  { store }: ActivityDeps,
  context: RunContext
): Promise<Pick<PlanContext, 'settings' | 'groups'>> {
  const { settings, run } = context;
  const adopting = {
    ...settings,
    groups: { ...settings.groups, adopt: 'byName' as const },
    match: { ...settings.match, adopt: settings.match.adopt === 'never' ? ('never' as const) : ('auto' as const) },
  };
  const existing = await store.snapshots.targetGroups(run.id);
  const groups = decideGroups({
    settings: adopting,
    groups: await store.snapshots.inSlices(run.id, 'group', WHOLE_RANGE),
    links: await store.groupLinks.list(run.connectorId),
    existingNames: existing.filter((group) => group.exists).map((group) => group.name),
    complete: completenessOf(context),
    provedMissing: [],
  });
  return { settings: adopting, groups };
}

/** People whom the run before saw with an active account and this read lacks; gone only where a look-up by id proves it. */
async function absentPeople(
  context: RunContext,
  before: ReadonlyMap<string, Observation>,
  facts: readonly UserFacts[],
  healthy: boolean
): Promise<readonly UserFacts[]> {
  const known = new Set(facts.map(({ externalId }) => externalId));
  const absent = [...before].flatMap(([id, { account }]) => (known.has(id) || account?.active !== true ? [] : [id]));
  const proved = new Set<string>();
  if (completenessOf(context).users && healthy) {
    for (const ids of inChunks(absent, LOOK_UP_LIMIT)) {
      const answers = await context.provider.lookUpUsers(ids, cancellation());
      for (const id of ids) if (answers.get(id) === 'absent') proved.add(id);
    }
  }
  return absent.map((externalId) => gonePerson(externalId, proved.has(externalId) ? 'absentProved' : 'absentUnproved'));
}

const gonePerson = (externalId: string, presence: Presence): UserFacts => ({
  externalId,
  presence,
  source: null,
  prepared: null,
  groupIds: [],
  link: null,
  account: null,
  accountGroups: [],
  ledger: [],
  byUsername: { kind: 'nobody' },
  byEmail: { kind: 'nobody' },
  usernameContest: null,
  emailContest: null,
  rename: null,
});

/**
 * Each person with the account that is taken to be his: the linked one, the one the run before saw, or the one that matches.
 * Who has none that could be read, on a target that lists not everybody, is left out: nothing is known of him.
 */
async function withAccounts(
  deps: ActivityDeps,
  { run }: RunContext,
  people: readonly UserFacts[],
  before: ReadonlyMap<string, Observation>,
  ctx: PlanContext
): Promise<readonly UserFacts[]> {
  const { snapshots } = deps.store;
  const disabled = await disabledKeys(deps, run, people);
  const keyOf = (facts: UserFacts): string | null => {
    const known = facts.account?.key ?? before.get(facts.externalId)?.account?.key;
    if (known !== undefined) return known;
    if (facts.source?.active === false) return disabled.get(facts.externalId) ?? null;
    const match = (facts.prepared?.wanted ?? null) === null ? null : findMatch(facts, ctx);
    return match?.kind === 'candidate' ? match.account.key : null;
  };
  const keys = new Map(people.map((facts) => [facts.externalId, keyOf(facts)]));
  const wanted = [...keys.values()].flatMap((key) => key ?? []);
  const accounts = await snapshots.targetUsers(run.id, wanted);
  const groups = await snapshots.groupsOf(run.id, wanted);
  const { complete } = await accountReading(deps, run.id);
  return people.flatMap((facts) => {
    const key = keys.get(facts.externalId) ?? null;
    const account: TargetUser | null = (key === null ? undefined : accounts.get(key)) ?? null;
    if (key !== null && account === null && !complete) return [];
    const accountGroups = key === null ? [] : (groups.get(key) ?? []);
    return [{ ...facts, account, accountGroups }];
  });
}

/** Accounts of disabled people, who claim no name in a plan: by username, else by address, where one account alone has it. */
async function disabledKeys(
  { store: { snapshots } }: ActivityDeps,
  run: RunRecord,
  people: readonly UserFacts[]
): Promise<ReadonlyMap<string, string>> {
  const wanted = people.flatMap(({ externalId, source, prepared }) => {
    const account = prepared?.wanted ?? null;
    return source?.active === false && account !== null ? [{ externalId, ...handoverKeys(account) }] : [];
  });
  const names = await snapshots.holders(
    run.id,
    'targetName',
    wanted.map(({ usernameKey }) => usernameKey)
  );
  const emails = await snapshots.holders(
    run.id,
    'targetEmail',
    wanted.flatMap(({ emailKey }) => emailKey ?? [])
  );
  return new Map(
    wanted.flatMap(({ externalId, usernameKey, emailKey }) => {
      const holders = names.get(usernameKey) ?? emails.get(emailKey ?? '');
      return holders === undefined || holders.lo !== holders.hi ? [] : [[externalId, holders.lo] as const];
    })
  );
}
