import type { Completeness, GroupsDecision, Holder, HolderLink, UserFacts, WantedAccount } from '../../domain/facts';
import { withStandingRefusals } from '../../domain/directory';
import { sliceOf } from '../../domain/ids';
import type { Link, SourceGroup, SourceUser, TargetUser } from '../../domain/model';
import { nameKey } from '../../domain/names';
import { existingRecord, linkRecord } from '../../domain/expression/subject';
import { splitNested } from '../../domain/nesting';
import { preparePerson } from '../../domain/prepare';
import { withLoginAttributes } from '../../domain/single-user';
import type { StoredLink } from '../../store/link-records';
import type { AccountWithGroups } from '../../targets/target';
import type { ActivityDeps } from '../deps';
import { cancellation } from '../progress';
import { contestsOf } from './contests';
import type { FoundPerson } from './findPerson';
import type { SingleContext } from './order';
import { namesFor } from '../shardPeople';
import { decidePersonGroups } from './personGroups';

export interface GatheredPerson {
  readonly facts: UserFacts;
  readonly link: StoredLink | null;
  readonly groups: GroupsDecision;
  /** The person's groups at the source; empty where the provider cannot tell them all. */
  readonly own: readonly SourceGroup[];
  readonly complete: Completeness;
}

/** Reads what source, target and store know of one person now: the facts that a run has from its snapshots. */
export async function gatherPerson(
  deps: ActivityDeps,
  context: SingleContext,
  seen: FoundPerson
): Promise<GatheredPerson> {
  const { externalId, presence } = seen;
  const { connectorId } = context.order;
  const found = seen.source === null ? null : completed(seen.source, context);
  const [links, ledgers, own] = await Promise.all([
    deps.store.links.byExternalIds(connectorId, [externalId]),
    deps.store.memberships.inSlices(connectorId, { from: sliceOf(externalId), to: sliceOf(externalId) }),
    found === null ? [] : context.provider.groupsOf(externalId, cancellation()),
  ]);
  const stored = links.get(externalId) ?? null;
  const link = stored === null ? null : withStandingRefusals(stored, context.targetVersion);
  const ledger = ledgers.get(externalId) ?? [];
  const linked = await accountOf(context, link);
  const account = linked?.account ?? null;
  const about = { link: linkRecord(link), existing: existingRecord(account, linked?.groups) };
  const person = found === null ? null : preparePerson(found, own === 'unknown' ? [] : own, context.settings, about);
  const prepared = person?.prepared ?? null;
  const { byUsername, byEmail } = await holders(deps, context, { link, account, wanted: prepared?.wanted ?? null });
  const candidate = account ?? one(byUsername) ?? one(byEmail);
  const known = linked?.groups ?? (await groupsOf(context, candidate));
  const { accountGroups, nestedGroups } = splitNested(known, await nestedOf(context, candidate, known));
  const groups = await decidePersonGroups(deps, context, { own, ledger, accountGroups });
  const facts: UserFacts = {
    externalId,
    presence,
    source: person?.source ?? null,
    prepared,
    groupIds: (groups.own ?? []).map((group) => group.externalId).sort(),
    groupNames: namesFor(groups.own ?? [], context.settings),
    link,
    account,
    accountGroups,
    nestedGroups,
    ledger,
    byUsername,
    byEmail,
    ...(await contestsOf(deps, context, externalId, prepared)),
    rename: null,
  };
  const isWhole = groups.own !== null;
  return {
    facts,
    link,
    groups: groups.decision,
    own: groups.own ?? [],
    complete: { users: presence !== 'absentUnproved', groups: isWhole, memberships: isWhole },
  };
}

const completed = (source: SourceUser, { settings, order }: SingleContext): SourceUser =>
  withLoginAttributes(source, order.attributes, settings.login.attributes);

async function accountOf({ target }: SingleContext, link: Link | null): Promise<AccountWithGroups | null> {
  const key = link?.targetKey ?? null;
  return key === null ? null : target.findWithGroups(key, cancellation());
}

const one = (holder: Holder): TargetUser | null => (holder.kind === 'one' ? holder.account : null);

async function groupsOf({ target }: SingleContext, account: TargetUser | null): Promise<readonly string[]> {
  return account === null ? [] : ((await target.groupsOf(account.key, cancellation())) ?? []);
}

/** Those of its groups in which the account is by way of a group within them alone, where the target can tell (rules 2.8). */
async function nestedOf(
  { target: { nesting } }: SingleContext,
  account: TargetUser | null,
  groups: readonly string[]
): Promise<readonly string[]> {
  if (nesting === undefined || account === null || groups.length === 0) return [];
  const direct = new Set((await nesting.directGroupsOf(account.username, cancellation())).map(nameKey));
  return groups.filter((group) => !direct.has(nameKey(group)));
}

interface Known {
  readonly link: Link | null;
  readonly account: TargetUser | null;
  readonly wanted: WantedAccount | null;
}

/** Who has the wanted name and, for somebody without an account, the wanted address. */
async function holders(
  deps: ActivityDeps,
  context: SingleContext,
  { link, account, wanted }: Known
): Promise<Pick<UserFacts, 'byUsername' | 'byEmail'>> {
  const nobody: Holder = { kind: 'nobody' };
  if (wanted === null) return { byUsername: nobody, byEmail: nobody };
  if (account !== null) {
    const owner = link === null ? null : { connectorId: link.connectorId, externalId: link.externalId, seen: true };
    const isOwn = nameKey(account.username) === nameKey(wanted.username);
    const byUsername = isOwn ? ({ kind: 'one', account, owner } as const) : await named(deps, context, wanted.username);
    return { byUsername, byEmail: nobody };
  }
  const email = wanted.email === 'keep' ? null : wanted.email.set;
  return {
    byUsername: await named(deps, context, wanted.username),
    byEmail:
      email === null ? nobody : await holding(deps, context, await context.target.findByEmail(email, cancellation())),
  };
}

async function named(deps: ActivityDeps, context: SingleContext, username: string): Promise<Holder> {
  const account = await context.target.findByUsername(username, cancellation());
  return holding(deps, context, account === null ? [] : [account]);
}

async function holding(deps: ActivityDeps, context: SingleContext, accounts: readonly TargetUser[]): Promise<Holder> {
  const [account, second] = accounts;
  if (account === undefined) return { kind: 'nobody' };
  if (second !== undefined) return { kind: 'many', keys: [account.key, second.key] };
  return { kind: 'one', account, owner: await ownerOf(deps, context, account.key) };
}

async function ownerOf(deps: ActivityDeps, context: SingleContext, key: string): Promise<HolderLink | null> {
  const { connector, order, provider } = context;
  const link = (await deps.store.links.owners(connector.targetId, [key])).get(key);
  if (link === undefined) return null;
  const { connectorId, externalId } = link;
  if (connectorId !== order.connectorId) return { connectorId, externalId, seen: true };
  const answer = (await provider.lookUpUsers([externalId], cancellation())).get(externalId);
  return { connectorId, externalId, seen: answer !== 'absent' };
}
