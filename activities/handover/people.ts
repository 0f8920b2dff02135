import { handoverKeys, isStandingLink } from '../../domain/handover';
import type { FormerHolder, FormerLink, HandoverOrder, HandoverPerson } from '../../domain/handover';
import type { WantedAccount } from '../../domain/facts';
import type { Link, TargetUser } from '../../domain/model';
import type { KeyHolders } from '../../store/snapshot-records';
import type { ActivityDeps } from '../deps';
import type { RunContext } from '../runContext';
import { shardPeople } from '../shardPeople';
import type { ShardInput } from '../shardPeople';

/** A person of the new connector in scope, before it is known who has the account. */
export interface Candidate {
  readonly externalId: string;
  readonly active: boolean;
  readonly wanted: WantedAccount;
  readonly usernameKey: string;
  readonly emailKey: string | null;
}

/** The people of a shard to whom something may be handed over: in scope, and without an account of their own. */
export async function candidatesOf(
  deps: ActivityDeps,
  context: RunContext,
  input: ShardInput
): Promise<readonly Candidate[]> {
  const { people } = await shardPeople(deps, context, input);
  const own = await deps.store.links.byExternalIds(context.run.connectorId, [...people.keys()]);
  return [...people].flatMap(
    ([
      externalId,
      {
        source,
        prepared: { wanted },
      },
    ]) => {
      if (wanted === null || isStandingLink(own.get(externalId) ?? null)) return [];
      return [{ externalId, active: source.active, wanted, ...handoverKeys(wanted) }];
    }
  );
}

/** Joins the candidates with the links of the former connector, in a few calls for all of them. */
export async function withFormer(
  { store }: ActivityDeps,
  { run }: RunContext,
  { from }: HandoverOrder,
  candidates: readonly Candidate[]
): Promise<readonly HandoverPerson[]> {
  const { snapshots, links } = store;
  const usernames = candidates.map(({ usernameKey }) => usernameKey);
  const emails = candidates.flatMap(({ emailKey }) => emailKey ?? []);
  const byName = await snapshots.holders(run.id, 'targetName', usernames);
  const byEmail = await snapshots.holders(run.id, 'targetEmail', emails);
  const keys = [...byName.values(), ...byEmail.values()].filter(({ lo, hi }) => lo === hi).map(({ lo }) => lo);
  const owners = await links.owners(run.targetId, [...new Set(keys)]);
  const sameId = await links.byExternalIds(
    from,
    candidates.map(({ externalId }) => externalId)
  );
  const linked = [...owners.values(), ...sameId.values()].flatMap(({ targetKey }) => targetKey ?? []);
  const accounts = await snapshots.targetUsers(run.id, [...new Set(linked)]);
  const former = (link: Link | undefined): FormerHolder => {
    if (link?.connectorId !== from || !isStandingLink(link)) return 'nobody';
    return formerLink(link, accounts);
  };
  const holder =
    (holders: ReadonlyMap<string, KeyHolders>, wanting: ReadonlyMap<string, KeyHolders>) =>
    (key: string | null): FormerHolder => {
      const found = key === null ? undefined : holders.get(key);
      if (found === undefined) return 'nobody';
      if (found.lo !== found.hi || isContested(wanting.get(key ?? ''))) return 'several';
      return former(owners.get(found.lo));
    };
  const byUsername = holder(byName, await snapshots.holders(run.id, 'sourceName', usernames));
  const byAddress = holder(byEmail, await snapshots.holders(run.id, 'sourceEmail', emails));
  return candidates.map(({ externalId, active, wanted, usernameKey, emailKey }) => ({
    externalId,
    active,
    wanted,
    found: { key: former(sameId.get(externalId)), email: byAddress(emailKey), username: byUsername(usernameKey) },
  }));
}

export const formerLink = (link: Link, accounts: ReadonlyMap<string, TargetUser>): FormerLink => ({
  link,
  account: accounts.get(link.targetKey ?? '') ?? null,
});

export const isContested = (holders: KeyHolders | undefined): boolean =>
  holders !== undefined && holders.lo !== holders.hi;
