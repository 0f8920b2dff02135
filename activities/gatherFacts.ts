import { LOOK_UP_LIMIT, type LookUp } from '../connectors/provider';
import { withStandingRefusals } from '../domain/directory';
import type { Contest, Holder, HolderLink, Presence, RenameVerdict, UserFacts } from '../domain/facts';
import type { LedgerMembership, TargetUser } from '../domain/model';
import { emailKey, nameKey } from '../domain/names';
import { splitNested } from '../domain/nesting';
import { own } from '../domain/records';
import type { SliceRange } from '../domain/ids';
import type { StoredLink } from '../store/link-records';
import type { KeyHolders } from '../store/snapshot-records';
import type { AccountWithGroups } from '../targets/target';
import { inChunks } from './chunks';
import { completenessOf } from './completeness';
import type { ActivityDeps } from './deps';
import { cancellation } from './progress';
import type { RunContext } from './runContext';
import type { ShardPeople, ShardPerson } from './shardPeople';

/** Everything the shard's people need, fetched in a few calls each of which covers all of them. */
interface ShardLookups {
  readonly links: ReadonlyMap<string, StoredLink>;
  readonly ledger: ReadonlyMap<string, readonly LedgerMembership[]>;
  readonly accounts: ReadonlyMap<string, TargetUser>;
  readonly accountGroups: ReadonlyMap<string, readonly string[]>;
  readonly nestedGroups: ReadonlyMap<string, readonly string[]>;
  readonly owners: ReadonlyMap<string, StoredLink>;
  readonly seenOwners: ReadonlySet<string>;
  readonly wantedNames: ReadonlyMap<string, KeyHolders>;
  readonly wantedEmails: ReadonlyMap<string, KeyHolders>;
  readonly names: ReadonlyMap<string, KeyHolders>;
  readonly emails: ReadonlyMap<string, KeyHolders>;
  readonly presences: ReadonlyMap<string, Presence>;
  readonly rehired: ReadonlyMap<string, string>;
  readonly renames: Readonly<Record<string, RenameVerdict>>;
}

/** What was read at the time of planning, where there is something: links, and accounts that the snapshot knows differently. */
export interface ReadNow {
  readonly links: ReadonlyMap<string, StoredLink>;
  readonly accounts: readonly AccountWithGroups[];
}

export interface GatheredShard {
  readonly facts: readonly UserFacts[];
  readonly links: ReadonlyMap<string, StoredLink>;
}

/** Joins source, target, links and ledger of one shard into the facts that planUser decides on, in the order of external ids. */
export async function gatherFacts(
  deps: ActivityDeps,
  context: RunContext,
  shard: ShardPeople,
  renames: Readonly<Record<string, RenameVerdict>>,
  healthy: boolean,
  now?: ReadNow
): Promise<GatheredShard> {
  const links = now?.links ?? (await linksOf(deps, context, shard.range));
  const known = await lookUpAll(deps, context, shard, links, renames, healthy);
  const lookups = now === undefined ? known : withAccounts(known, now.accounts);
  const ids = [...new Set([...shard.people.keys(), ...links.keys()])].sort();
  const facts = ids.map((id) => factsOf(id, shard.people.get(id), lookups, context));
  return { facts, links };
}

/** The links of the people of one shard, by external id. */
export async function linksOf(
  deps: ActivityDeps,
  { run, targetVersion }: RunContext,
  range: SliceRange
): Promise<ReadonlyMap<string, StoredLink>> {
  const links = await deps.store.links.inSlices(run.connectorId, range);
  return new Map(links.map((link) => [link.externalId, withStandingRefusals(link, targetVersion)]));
}

const withAccounts = (known: ShardLookups, newer: readonly AccountWithGroups[]): ShardLookups => ({
  ...known,
  accounts: new Map([...known.accounts, ...newer.map(({ account }) => [account.key, account] as const)]),
  accountGroups: new Map([
    ...known.accountGroups,
    ...newer.map(({ account, groups }) => [account.key, groups] as const),
  ]),
});

async function lookUpAll(
  deps: ActivityDeps,
  context: RunContext,
  shard: ShardPeople,
  links: ReadonlyMap<string, StoredLink>,
  renames: Readonly<Record<string, RenameVerdict>>,
  healthy: boolean
): Promise<ShardLookups> {
  const { snapshots, memberships } = deps.store;
  const { id: runId, connectorId, targetId } = context.run;
  const nameKeys = keysOf(shard, (person) => person.prepared.usernameKey);
  const emailKeys = keysOf(shard, (person) => person.prepared.emailKey);
  const names = await snapshots.holders(runId, 'targetName', nameKeys);
  const emails = await snapshots.holders(runId, 'targetEmail', emailKeys);
  const keys = accountKeys(links, names, emails);
  const owners = await deps.store.links.owners(targetId, keys);
  const sameConnector = [...owners.values()]
    .filter((link) => link.connectorId === connectorId)
    .map((link) => link.externalId);
  const accounts = await snapshots.targetUsers(runId, keys);
  return {
    links,
    rehired: await rehiredAs(deps, context, shard, links, accounts),
    accounts,
    ledger: await memberships.inSlices(connectorId, shard.range),
    accountGroups: await snapshots.groupsOf(runId, keys),
    nestedGroups: await snapshots.nestedGroupsOf(
      runId,
      [...accounts.values()].map(({ username }) => nameKey(username))
    ),
    owners,
    seenOwners: await snapshots.seen(runId, 'user', sameConnector),
    wantedNames: await snapshots.holders(runId, 'sourceName', nameKeys),
    wantedEmails: await snapshots.holders(runId, 'sourceEmail', emailKeys),
    names,
    emails,
    presences: await confirmAbsent(context, shard, links, healthy),
    renames,
  };
}

function keysOf(shard: ShardPeople, key: (person: ShardPerson) => string | null): string[] {
  return [...new Set([...shard.people.values()].flatMap((person) => key(person) ?? []))];
}

function accountKeys(
  links: ReadonlyMap<string, StoredLink>,
  ...holders: readonly ReadonlyMap<string, KeyHolders>[]
): string[] {
  const linked = [...links.values()].flatMap((link) => link.targetKey ?? []);
  const held = holders.flatMap((map) => [...map.values()].flatMap(({ lo, hi }) => [lo, hi]));
  return [...new Set([...linked, ...held])];
}

/**
 * Linked people who are absent from a complete read are looked up by id before they count as gone. In an unhealthy read
 * nobody is looked up: the whole plan is held anyway, and an approval later looks up each (durability 3.5).
 */
async function confirmAbsent(
  context: RunContext,
  shard: ShardPeople,
  links: ReadonlyMap<string, StoredLink>,
  healthy: boolean
): Promise<Map<string, Presence>> {
  const absent = [...links.values()]
    .filter((link) => link.targetKey !== null && !shard.people.has(link.externalId))
    .map((link) => link.externalId);
  const complete = completenessOf(context).users;
  const presences = new Map<string, Presence>(
    absent.map((id) => [id, complete && !healthy ? 'absentProved' : 'absentUnproved'])
  );
  if (!complete || !healthy) return presences;
  for (const ids of inChunks(absent, LOOK_UP_LIMIT)) {
    const answers = await context.provider.lookUpUsers(ids, cancellation());
    for (const id of ids) presences.set(id, presenceOf(answers.get(id)));
  }
  return presences;
}

/** A provider may leave disabled users out of its list: that is its word, not a proof that he is gone. */
function presenceOf(answer: LookUp | undefined): Presence {
  if (answer === undefined || answer === 'unknown') return 'absentUnproved';
  if (answer === 'absent') return 'absentProved';
  return answer.found.active ? 'absentUnproved' : 'absentDisabled';
}

/** For absent people: somebody present and unlinked who wants the name or address of their account (rules 1.3). */
async function rehiredAs(
  deps: ActivityDeps,
  { run }: RunContext,
  shard: ShardPeople,
  links: ReadonlyMap<string, StoredLink>,
  accounts: ReadonlyMap<string, TargetUser>
): Promise<Map<string, string>> {
  const { snapshots } = deps.store;
  const absent = [...links.values()].flatMap((link) => {
    const account = accounts.get(link.targetKey ?? '');
    return account === undefined || shard.people.has(link.externalId) ? [] : [{ id: link.externalId, account }];
  });
  if (absent.length === 0) return new Map();
  const names = absent.map(({ account }) => nameKey(account.username));
  const emails = absent.flatMap(({ account }) => (account.email === null ? [] : emailKey(account.email)));
  const byName = await snapshots.holders(run.id, 'sourceName', names);
  const byEmail = await snapshots.holders(run.id, 'sourceEmail', emails);
  const found = absent.flatMap(({ id, account }) => {
    const wanting = [byName.get(nameKey(account.username)), byEmail.get(emailKey(account.email ?? ''))];
    return wanting.flatMap((holders) => (holders === undefined ? [] : [{ id, newcomer: holders.lo }]));
  });
  const linked = await deps.store.links.byExternalIds(
    run.connectorId,
    found.map(({ newcomer }) => newcomer)
  );
  return new Map(found.filter(({ newcomer }) => !linked.has(newcomer)).map(({ id, newcomer }) => [id, newcomer]));
}

function factsOf(
  externalId: string,
  person: ShardPerson | undefined,
  all: ShardLookups,
  context: RunContext
): UserFacts {
  const link = all.links.get(externalId) ?? null;
  const account = all.accounts.get(link?.targetKey ?? '') ?? null;
  const { usernameKey = null, emailKey = null } = person?.prepared ?? {};
  const byUsername = holder(all, all.names, usernameKey, context);
  const byEmail = holder(all, all.emails, emailKey, context);
  const candidate = account ?? candidateOf(byUsername, byEmail);
  const memberships = splitNested(
    all.accountGroups.get(candidate?.key ?? '') ?? [],
    all.nestedGroups.get(nameKey(candidate?.username ?? '')) ?? []
  );
  return {
    externalId,
    presence: person === undefined ? (all.presences.get(externalId) ?? 'absentUnproved') : 'present',
    source: person?.source ?? null,
    prepared: person?.prepared ?? null,
    groupIds: person?.groupIds ?? [],
    groupNames: person?.groupNames ?? [],
    link,
    account,
    ...memberships,
    ledger: all.ledger.get(externalId) ?? [],
    byUsername,
    byEmail,
    usernameContest: contest(all.wantedNames, usernameKey),
    emailContest: contest(all.wantedEmails, emailKey),
    rename: own(all.renames, externalId) ?? null,
    rehiredAs: all.rehired.get(externalId) ?? null,
  };
}

const candidateOf = (byUsername: Holder, byEmail: Holder): TargetUser | null => {
  if (byUsername.kind === 'one') return byUsername.account;
  return byEmail.kind === 'one' ? byEmail.account : null;
};

function contest(wanted: ReadonlyMap<string, KeyHolders>, key: string | null): Contest {
  const holders = key === null ? undefined : wanted.get(key);
  return holders === undefined || holders.lo === holders.hi ? null : [holders.lo, holders.hi];
}

function holder(
  all: ShardLookups,
  holders: ReadonlyMap<string, KeyHolders>,
  key: string | null,
  { run }: RunContext
): Holder {
  const held = key === null ? undefined : holders.get(key);
  if (held === undefined) return { kind: 'nobody' };
  if (held.lo !== held.hi) return { kind: 'many', keys: [held.lo, held.hi] };
  const account = all.accounts.get(held.lo);
  if (account === undefined) return { kind: 'nobody' };
  return { kind: 'one', account, owner: ownerOf(all, held.lo, run.connectorId) };
}

function ownerOf(all: ShardLookups, key: string, connectorId: string): HolderLink | null {
  const link = all.owners.get(key);
  if (link === undefined) return null;
  const seen = link.connectorId !== connectorId || all.seenOwners.has(link.externalId);
  return { connectorId: link.connectorId, externalId: link.externalId, seen };
}
