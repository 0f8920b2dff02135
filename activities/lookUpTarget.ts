import { usesEmail } from '../domain/matching';
import type { SliceRange } from '../domain/ids';
import { nameKey } from '../domain/names';
import type { StoredLink } from '../store/link-records';
import type { AccountWithGroups } from '../targets/target';
import { inChunks } from './chunks';
import type { ActivityDeps } from './deps';
import { cancellation } from './progress';
import { storedGroupNames } from './readMembers';
import { readPatiently } from './readPatiently';
import type { RunContext } from './runContext';
import type { ShardPeople, ShardPerson } from './shardPeople';
import { accountReading, membershipReading, putAccounts } from './targetReading';

/** Looked up side by side; what a chunk found is stored before the next one begins. */
const AT_ONCE = 8;

interface LookUp {
  readonly deps: ActivityDeps;
  readonly context: RunContext;
  readonly people: ShardPeople['people'];
  readonly links: ReadonlyMap<string, StoredLink>;
}

/**
 * Asks the target for the linked accounts of one shard that its listings did not say, into the snapshot: by key, with
 * their groups where memberships are read by account. May be repeated.
 */
export async function lookUpLinked(deps: ActivityDeps, context: RunContext, range: SliceRange): Promise<void> {
  const { complete, byAccount } = await listed(deps, context);
  if (complete && !byAccount) return;
  const linked = linkedKeys(await deps.store.links.inSlices(context.run.connectorId, range));
  if (byAccount) await lookUpWithGroups({ deps, context }, [...linked]);
  else await lookUpKeys({ deps, context }, [...linked]);
}

/**
 * The same for the people of the shard as the mapping sees them: wanted usernames and the addresses of newcomers where
 * accounts are not listed; the groups of matching accounts where memberships are read by account.
 */
export async function lookUpTarget(deps: ActivityDeps, context: RunContext, shard: ShardPeople): Promise<void> {
  const { complete, byAccount } = await listed(deps, context);
  if (complete && !byAccount) return;
  const found = await deps.store.links.inSlices(context.run.connectorId, shard.range);
  const links = new Map(found.map((link) => [link.externalId, link]));
  const lookUp: LookUp = { deps, context, people: shard.people, links };
  const linked = linkedKeys(found);
  if (!complete) {
    await lookUpNames(lookUp);
    if (usesEmail(context.settings.match)) await lookUpEmails(lookUp);
  }
  if (byAccount && context.settings.match.adopt !== 'never') {
    await lookUpWithGroups(
      lookUp,
      (await candidateKeys(lookUp)).filter((key) => !linked.has(key))
    );
  }
}

async function listed(
  deps: ActivityDeps,
  { run }: RunContext
): Promise<{ readonly complete: boolean; readonly byAccount: boolean }> {
  const { complete } = await accountReading(deps, run.id);
  return { complete, byAccount: (await membershipReading(deps, run.id)).by === 'account' };
}

function linkedKeys(links: readonly StoredLink[]): ReadonlySet<string> {
  return new Set(links.flatMap((link) => link.targetKey ?? []));
}

type Where = Pick<LookUp, 'deps' | 'context'>;

async function lookUpKeys({ deps, context }: Where, keys: readonly string[]): Promise<void> {
  const known = await deps.store.snapshots.targetUsers(context.run.id, keys);
  const missing = keys.filter((key) => !known.has(key));
  for (const chunk of inChunks(missing, AT_ONCE)) {
    const found = await all(chunk, (key) => context.target.findByKey(key, cancellation()));
    await putAccounts(deps, context.run.id, found);
  }
}

async function lookUpWithGroups({ deps, context }: Where, keys: readonly string[]): Promise<void> {
  const names = new Map(((await storedGroupNames(deps, context.run.id)) ?? []).map((name) => [nameKey(name), name]));
  for (const chunk of inChunks(keys, AT_ONCE)) {
    const found = await all(chunk, (key) => context.target.findWithGroups(key, cancellation()));
    await putAccounts(
      deps,
      context.run.id,
      found.map(({ account }) => account)
    );
    for (const [group, members] of membersByGroup(found, names)) {
      await deps.store.snapshots.putMembers(context.run.id, group, members);
    }
  }
}

/** Only groups that the run reads count, by the name under which it reads them. */
function membersByGroup(
  found: readonly AccountWithGroups[],
  names: ReadonlyMap<string, string>
): ReadonlyMap<string, readonly string[]> {
  const members = new Map<string, string[]>();
  for (const { account, groups } of found) {
    for (const group of groups.flatMap((one) => names.get(nameKey(one)) ?? [])) {
      members.set(group, [...(members.get(group) ?? []), account.key]);
    }
  }
  return members;
}

/** Everybody whose wanted username is not the one that his account has. */
async function lookUpNames({ deps, context, people, links }: LookUp): Promise<void> {
  const keys = [...links.values()].flatMap((link) => link.targetKey ?? []);
  const accounts = await deps.store.snapshots.targetUsers(context.run.id, keys);
  const wanted = [...people.values()].flatMap(({ prepared }) => {
    const account = accounts.get(links.get(prepared.externalId)?.targetKey ?? '');
    const { usernameKey, wanted: attributes } = prepared;
    if (usernameKey === null || attributes === null) return [];
    return account !== undefined && nameKey(account.username) === usernameKey ? [] : [attributes.username];
  });
  const held = await deps.store.snapshots.holders(context.run.id, 'targetName', wanted.map(nameKey));
  const unknown = wanted.filter((name) => !held.has(nameKey(name)));
  for (const chunk of inChunks(unknown, AT_ONCE)) {
    const found = await all(chunk, (name) => context.target.findByUsername(name, cancellation()));
    await putAccounts(deps, context.run.id, found);
  }
}

/** An address may have several holders, so one that is known already proves nothing. */
async function lookUpEmails(lookUp: LookUp): Promise<void> {
  const { deps, context } = lookUp;
  const emails = newcomers(lookUp).flatMap(({ prepared: { emailKey, wanted } }) =>
    emailKey === null || wanted === null || wanted.email === 'keep' ? [] : (wanted.email.set ?? [])
  );
  for (const chunk of inChunks(emails, AT_ONCE)) {
    const found = await all(chunk, (email) => context.target.findByEmail(email, cancellation()));
    await putAccounts(deps, context.run.id, found.flat());
  }
}

/** Accounts that a newcomer may turn out to have, by name or address. */
async function candidateKeys(lookUp: LookUp): Promise<string[]> {
  const { deps, context } = lookUp;
  const prepared = newcomers(lookUp).map((person) => person.prepared);
  const names = prepared.flatMap((user) => user.usernameKey ?? []);
  const emails = prepared.flatMap((user) => user.emailKey ?? []);
  const byName = await deps.store.snapshots.holders(context.run.id, 'targetName', names);
  const byEmail = await deps.store.snapshots.holders(context.run.id, 'targetEmail', emails);
  const single = [...byName.values(), ...byEmail.values()].filter(({ lo, hi }) => lo === hi);
  return [...new Set(single.map(({ lo }) => lo))];
}

function newcomers({ people, links }: LookUp): ShardPerson[] {
  return [...people.values()].filter(({ prepared }) => (links.get(prepared.externalId)?.targetKey ?? null) === null);
}

/** What was found, without those that are not there. */
async function all<T, R>(items: readonly T[], read: (item: T) => Promise<R | null>): Promise<R[]> {
  const found = await Promise.all(items.map((item) => readPatiently(() => read(item))));
  return found.flatMap((one) => (one === null ? [] : [one]));
}
