import { planDrift } from '../domain/drift';
import type { PlanContext, UserFacts, UserPlan } from '../domain/facts';
import { NAMES_SHARD, shardName } from '../domain/ids';
import { nameKey } from '../domain/names';
import type { DraftOperation } from '../domain/operation';
import { planUser } from '../domain/plan-user';
import type { Seating } from '../domain/seats';
import type { HealthVerdict } from '../domain/source-health';
import type { PlanShardRecord, StandingRecord } from '../store/records';
import { noteAdoption } from './adoption';
import { noteBookkeeping } from './bookkeeping';
import { completenessOf } from './completeness';
import { storedGroups } from './decideGroups';
import type { ActivityDeps } from './deps';
import { toShard } from './draftShard';
import { withChangedPeople } from './changedPeople';
import { gatherFacts, linksOf } from './gatherFacts';
import { withLeads } from './leadFacts';
import { observeShard, withObservations } from './observe';
import { askedOrganizations, particularsOfRun } from './particulars';
import { storedRenames } from './prepareShard';
import { whileHeartbeating } from './progress';
import { storedGroupNames } from './readMembers';
import { noteSeats, seatingOf } from './seating';
import { storedSpecialAccounts } from './protectedAccounts';
import type { RunContext, RunContexts } from './runContext';
import { shardPeople } from './shardPeople';
import type { ShardInput } from './shardPeople';

/**
 * Renames that meet other accounts, first members of new organizations, and anonymizations, of which a target runs one at a
 * time, are applied apart from their shard, serially (durability 3.2).
 */
export const namesOf = (index: number): string => `names:${index}`;

interface PlannedPerson {
  readonly facts: UserFacts;
  readonly plan: UserPlan;
}

/** Second pass: plans every person of the shard and stores operations, standings and what was noted. */
export function planShardActivities(deps: ActivityDeps, contexts: RunContexts) {
  return {
    async planShard(input: ShardInput): Promise<void> {
      await whileHeartbeating(() => planOne(deps, contexts, input));
    },
  };
}

async function planOne(deps: ActivityDeps, contexts: RunContexts, input: ShardInput): Promise<void> {
  const { store } = deps;
  const context = await contexts.load(input.runId);
  const health = (await store.snapshots.artifact(input.runId, 'health')) as HealthVerdict;
  const read = await shardPeople(deps, context, input);
  // Before the people: an operation counts for the version that it was planned on.
  const links = await linksOf(deps, context, read.range);
  const { shard, accounts } = await withChangedPeople(deps, context, read, links);
  const renames = await storedRenames(deps, input.runId);
  const gathered = await gatherFacts(deps, context, shard, renames, health.healthy, { links, accounts });
  const particulars = particularsOfRun(deps, context);
  const rules = { ...(await planContext(deps, context)), ...(await askedOrganizations(context.settings, particulars)) };
  const facts = await withLeads(context.target, particulars, gathered.facts, rules);
  const decide = context.run.mode === 'drift' ? planDrift : planUser;
  const plans = facts.map((one): PlannedPerson => ({ facts: one, plan: decide(one, rules) }));
  const planned = await withNotedSeats(deps, context, await seatingOf(context.settings, particulars), plans);
  const adoption = await noteAdoption(deps, input, gathered.facts, rules);
  const { healthy } = health;
  const observed = await observeShard(deps, context, { input, shard, facts: gathered.facts, rules, healthy });
  await storePlan(deps, input, planned, { adoption, ...(observed !== null && { observe: observed.counts }) });
  await store.snapshots.putStandings(input.runId, withObservations(planned.map(standing), observed));
  if (health.healthy && context.run.mode === 'sync' && context.settings.mode === 'apply') {
    await noteBookkeeping(deps, { ...rules, connectorId: context.run.connectorId }, planned, gathered.links);
  }
}

/** The same plans with the seats that each takes and frees (rules 5.2). */
async function withNotedSeats(
  deps: ActivityDeps,
  { run, target }: RunContext,
  seating: Seating | null,
  planned: readonly PlannedPerson[]
): Promise<readonly PlannedPerson[]> {
  if (seating === null) return planned;
  const read = new Set(((await storedGroupNames(deps, run.id)) ?? []).map(nameKey));
  const noted: PlannedPerson[] = [];
  for (const { facts, plan } of planned) {
    const { operations } = plan;
    noted.push({ facts, plan: { ...plan, operations: await noteSeats(target, seating, read, { facts, operations }) } });
  }
  return noted;
}

/** What a run decides by, the same for all its people. */
export async function planContext(deps: ActivityDeps, context: RunContext): Promise<PlanContext> {
  const { settings, run } = context;
  const special = await storedSpecialAccounts(deps, run.id);
  const { syncAccountKey, protectedKeys, lastMemberKeys } = special;
  return {
    settings,
    targetId: run.targetId,
    groups: await storedGroups(deps, run.id),
    complete: completenessOf(context),
    now: run.startedAt,
    syncAccountKey,
    protectedKeys: new Set(protectedKeys),
    lastMemberKeys: new Set(lastMemberKeys),
    protectedGroups: new Set(settings.protected.groups.map(nameKey)),
    ...special.leads,
  };
}

/** What a shard noted for reports, beside its operations. */
type Noted = Pick<PlanShardRecord, 'adoption' | 'observe'>;

async function storePlan(
  deps: ActivityDeps,
  input: ShardInput,
  planned: readonly PlannedPerson[],
  noted: Noted
): Promise<void> {
  const { store } = deps;
  const names = new Map(planned.map(({ facts }) => [facts.externalId, usernameOf(facts)]));
  const drafts = planned.flatMap(({ plan }) => plan.operations);
  const isRename = isConnectedRename(planned);
  const creators = organizationCreators(drafts);
  const connected = drafts.filter((draft) => isRename(draft) || creators.has(draft) || draft.kind === 'anonymizeUser');
  const { record, operations } = toShard({
    runId: input.runId,
    shard: shardName(input.index),
    drafts: drafts.filter((draft) => !connected.includes(draft)),
    username: (externalId) => names.get(externalId ?? '') ?? null,
    people: peopleCounts(planned.map(({ facts }) => facts)),
  });
  await store.plans.putShard({ ...record, ...noted }, operations);
  await store.snapshots.putArtifact(input.runId, namesOf(input.index), connected);
}

/** What the gate measures a plan against, of the people of one shard. */
export function peopleCounts(
  people: readonly UserFacts[]
): Pick<PlanShardRecord, 'users' | 'activeManaged' | 'ownedMemberships' | 'foreignMemberships'> {
  return {
    users: people.length,
    activeManaged: people.filter((facts) => facts.link !== null && facts.account?.active === true).length,
    ownedMemberships: people.reduce(
      (sum, facts) => sum + facts.ledger.filter((entry) => entry.addedBy !== 'foreign').length,
      0
    ),
    foreignMemberships: people.reduce((sum, facts) => sum + foreign(facts), 0),
  };
}

/** What the shards set apart becomes the shard `names`. */
export async function storeConnectedRenames(deps: ActivityDeps, runId: string, shards: number): Promise<void> {
  const drafts: DraftOperation[] = [];
  for (let index = 0; index < shards; index += 1) {
    drafts.push(...((await deps.store.snapshots.artifact(runId, namesOf(index))) as readonly DraftOperation[]));
  }
  const { record, operations } = toShard({ runId, shard: NAMES_SHARD, drafts, username: () => null });
  await deps.store.plans.putShard(record, operations);
}

/** The first to be put into each organization that does not exist yet: one after the other, so that each is created once. */
function organizationCreators(drafts: readonly DraftOperation[]): ReadonlySet<DraftOperation> {
  const first = new Map<string, DraftOperation>();
  for (const draft of drafts) {
    const name = draft.after?.['organization'];
    if (draft.kind !== 'addOrganization' || typeof name !== 'string' || draft.after?.['id'] !== null) continue;
    if (!first.has(nameKey(name))) first.set(nameKey(name), draft);
  }
  return new Set(first.values());
}

function isConnectedRename(planned: readonly PlannedPerson[]): (draft: DraftOperation) => boolean {
  const chained = new Set(
    planned.filter(({ facts }) => facts.rename?.verdict === 'chain').map(({ facts }) => facts.externalId)
  );
  return (draft) => draft.kind === 'renameUser' && chained.has(draft.externalId ?? '');
}

/** What a person is called in plans and results. */
export const usernameOf = (facts: UserFacts): string | null =>
  facts.account?.username ?? facts.prepared?.wanted?.username ?? facts.link?.lastApplied?.username ?? null;

function foreign(facts: UserFacts): number {
  if (facts.link === null || facts.account === null) return 0;
  const known = new Set(facts.ledger.map((entry) => nameKey(entry.group)));
  return facts.accountGroups.filter((group) => !known.has(nameKey(group))).length;
}

const standing = ({ facts, plan }: PlannedPerson): StandingRecord => ({
  externalId: facts.externalId,
  username: usernameOf(facts),
  standing: plan.standing,
  reasons: plan.reasons,
});
