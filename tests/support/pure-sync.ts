import { canonicalOperation } from '../../domain/plan-hash';
import { decideGroups } from '../../domain/groups';
import { sliceOf } from '../../domain/ids';
import type {
  Completeness,
  Contest,
  GroupsDecision,
  Holder,
  PlanContext,
  PreparedUser,
  UserFacts,
  UserPlan,
} from '../../domain/facts';
import type {
  GroupLink,
  LedgerMembership,
  Link,
  SourceGroup,
  SourceMembership,
  SourceUser,
  TargetUser,
} from '../../domain/model';
import { emailKey, nameKey } from '../../domain/names';
import type { DraftOperation } from '../../domain/operation';
import { leavesNow } from '../../domain/lifecycle-steps';
import { planUser } from '../../domain/plan-user';
import { preparePerson } from '../../domain/prepare';
import { planRenames, renameEdgeOf } from '../../domain/renames';
import type { DecisionSettings } from '../../domain/settings';

/** Source, target and what is remembered between runs, as plain data. */
export interface World {
  readonly settings: DecisionSettings;
  /** ISO time at which plans are made. */
  readonly now: string;
  readonly syncAccountKey: string | null;
  readonly users: readonly SourceUser[];
  readonly groups: readonly SourceGroup[];
  readonly memberships: readonly SourceMembership[];
  readonly accounts: readonly TargetUser[];
  readonly targetGroups: readonly string[];
  /** Direct members of target groups. */
  readonly members: readonly { readonly group: string; readonly key: string }[];
  readonly links: readonly Link[];
  readonly groupLinks: readonly GroupLink[];
  readonly ledger: readonly ({ readonly externalId: string } & LedgerMembership)[];
  /** Keys of the accounts that lead projects, by project. */
  readonly leads: Readonly<Record<string, string>>;
  /** Groups whose members take a seat. */
  readonly licenceGroups: readonly string[];
}

export const COMPLETE: Completeness = { users: true, groups: true, memberships: true };
export const CONNECTOR = 'corp';
export const TARGET = 'jira';

/** A plan of everybody, in plan order. */
export interface PurePlan {
  readonly operations: readonly DraftOperation[];
  readonly users: ReadonlyMap<string, UserPlan>;
  readonly groups: GroupsDecision;
}

/** Plans the whole world as a run does, with all data in memory. `shards` splits the people by their slice. */
export function planAll(world: World, complete: Completeness, shards = 1): PurePlan {
  const ctx = contextOf(world, complete);
  const facts = allFacts(world, ctx).map((one) => withLeads(one, world, ctx));
  const edges = facts.flatMap((one) => renameEdgeOf(one, ctx) ?? []);
  const verdicts = planRenames(edges);
  const users = new Map<string, UserPlan>();
  for (let shard = 0; shard < shards; shard++) {
    for (const one of facts.filter((each) => sliceOf(each.externalId) % shards === shard)) {
      users.set(one.externalId, planUser({ ...one, rename: verdicts[one.externalId] ?? null }, ctx));
    }
  }
  const operations = [...ctx.groups.operations, ...[...users.values()].flatMap((plan) => plan.operations)];
  return { operations: operations.sort(byPlanOrder), users, groups: ctx.groups };
}

/** The texts that are hashed, in plan order: equal for equal plans. */
export function canonicalPlan(plan: PurePlan): readonly string[] {
  return plan.operations.map(canonicalOperation);
}

function byPlanOrder(a: DraftOperation, b: DraftOperation): number {
  if (a.phase !== b.phase) return a.phase - b.phase;
  return canonicalOperation(a) < canonicalOperation(b) ? -1 : 1;
}

function contextOf(world: World, complete: Completeness): PlanContext {
  const { settings, groups, groupLinks } = world;
  const sourceIds = new Set(groups.map((group) => group.externalId));
  const decision = decideGroups({
    settings,
    groups,
    links: groupLinks,
    existingNames: world.targetGroups,
    complete,
    provedMissing: complete.groups ? groupLinks.map((link) => link.groupId).filter((id) => !sourceIds.has(id)) : [],
  });
  const protectedGroups = new Set(settings.protected.groups.map(nameKey));
  const guards = world.members.filter(({ group }) => protectedGroups.has(nameKey(group))).map(({ key }) => key);
  const named = new Set(settings.protected.users.map(nameKey));
  const guarded = world.accounts.filter((account) => named.has(nameKey(account.username))).map(({ key }) => key);
  return {
    settings,
    targetId: TARGET,
    groups: decision,
    complete,
    now: world.now,
    syncAccountKey: world.syncAccountKey,
    protectedKeys: new Set([...guards, ...guarded]),
    protectedGroups,
    leadSuccessor: successorOfLeads(world),
  };
}

interface Prepared {
  readonly user: SourceUser;
  readonly prepared: PreparedUser;
  readonly groupIds: readonly string[];
}

function successorOfLeads({ settings, accounts }: World): NonNullable<PlanContext['leadSuccessor']> | null {
  const { leads } = settings.lifecycle;
  if (leads.action === 'hold') return null;
  const found = accounts.find(({ username, active }) => active && nameKey(username) === nameKey(leads.user));
  return found === undefined ? null : { key: found.key, username: found.username };
}

/** As a run does: asked of leavers alone. */
function withLeads(facts: UserFacts, world: World, ctx: PlanContext): UserFacts {
  if (!leavesNow(facts, ctx)) return facts;
  const key = facts.account?.key;
  const leads = Object.keys(world.leads).filter((project) => world.leads[project] === key);
  const groups = world.members.filter((member) => member.key === key).map((member) => member.group);
  return { ...facts, leads: leads.sort(), licenceGroups: groups.filter((name) => world.licenceGroups.includes(name)) };
}

function allFacts(world: World, ctx: PlanContext): UserFacts[] {
  const prepared = world.users.map((user) => prepare(user, world));
  const seen = new Map(prepared.map((one) => [one.user.externalId, one]));
  const links = new Map(world.links.map((link) => [link.externalId, link]));
  const ids = [...seen.keys(), ...[...links.keys()].filter((id) => !seen.has(id))];
  return ids.map((id) => {
    const one = seen.get(id);
    const link = links.get(id) ?? null;
    const key = link?.state === 'released' ? null : (link?.targetKey ?? null);
    const account = world.accounts.find((each) => each.key === key) ?? null;
    const holders = { byUsername: nameHolder(one, world, ctx), byEmail: emailHolder(one, world, ctx) };
    const candidate = account ?? candidateOf(holders.byEmail) ?? candidateOf(holders.byUsername);
    return {
      externalId: id,
      presence: one !== undefined ? 'present' : ctx.complete.users ? 'absentProved' : 'absentUnproved',
      source: one?.user ?? null,
      prepared: one?.prepared ?? null,
      groupIds: one?.groupIds ?? [],
      link,
      account,
      accountGroups: world.members.filter((member) => member.key === candidate?.key).map((member) => member.group),
      ledger: world.ledger.filter((entry) => entry.externalId === id),
      ...holders,
      usernameContest: contest(one, prepared, 'usernameKey'),
      emailContest: contest(one, prepared, 'emailKey'),
      rename: null,
      rehiredAs: one === undefined && account !== null ? successorOf(account, prepared, links) : null,
    };
  });
}

function prepare(user: SourceUser, world: World): Prepared {
  const groupIds = world.memberships.filter((m) => m.userId === user.externalId).map((m) => m.groupId);
  const groups = world.groups.filter((group) => groupIds.includes(group.externalId));
  const { source, prepared } = preparePerson(user, groups, world.settings);
  return { user: source, prepared, groupIds };
}

function nameHolder(one: Prepared | undefined, world: World, ctx: PlanContext): Holder {
  const key = one?.prepared.usernameKey ?? null;
  return holderOf(key === null ? [] : world.accounts.filter((a) => nameKey(a.username) === key), world, ctx);
}

function emailHolder(one: Prepared | undefined, world: World, ctx: PlanContext): Holder {
  const key = one?.prepared.emailKey ?? null;
  if (key === null) return { kind: 'nobody' };
  return holderOf(
    world.accounts.filter((a) => a.email !== null && emailKey(a.email) === key),
    world,
    ctx
  );
}

function holderOf(accounts: readonly TargetUser[], world: World, ctx: PlanContext): Holder {
  const [account, second] = accounts;
  if (account === undefined) return { kind: 'nobody' };
  if (second !== undefined) return { kind: 'many', keys: accounts.map((each) => each.key) };
  const owner = world.links.find((link) => link.targetKey === account.key && link.state !== 'released');
  if (owner === undefined) return { kind: 'one', account, owner: null };
  const present = world.users.some((user) => user.externalId === owner.externalId);
  const seen = present || !ctx.complete.users;
  return { kind: 'one', account, owner: { connectorId: CONNECTOR, externalId: owner.externalId, seen } };
}

function candidateOf(holder: Holder): TargetUser | null {
  return holder.kind === 'one' && holder.owner === null ? holder.account : null;
}

function contest(one: Prepared | undefined, all: readonly Prepared[], field: 'usernameKey' | 'emailKey'): Contest {
  const key = one?.prepared[field] ?? null;
  if (key === null) return null;
  const ids = all.filter(({ prepared }) => prepared[field] === key).map(({ user }) => user.externalId);
  const [first, second] = ids.sort();
  return first === undefined || second === undefined ? null : [first, second];
}

function successorOf(account: TargetUser, all: readonly Prepared[], links: ReadonlyMap<string, Link>): string | null {
  const email = account.email === null ? null : emailKey(account.email);
  const found = all.filter(({ user, prepared }) => {
    if (links.has(user.externalId)) return false;
    return prepared.usernameKey === nameKey(account.username) || (email !== null && prepared.emailKey === email);
  });
  return found.map(({ user }) => user.externalId).sort()[0] ?? null;
}
