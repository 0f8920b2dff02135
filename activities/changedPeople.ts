import { LOOK_UP_LIMIT, type LookUp } from '../connectors/provider';
import { existingRecord, linkRecord } from '../domain/expression/subject';
import { nameKey } from '../domain/names';
import { preparePerson } from '../domain/prepare';
import type { StoredLink } from '../store/link-records';
import type { AccountWithGroups } from '../targets/target';
import { inChunks } from './chunks';
import type { ActivityDeps } from './deps';
import { cancellation } from './progress';
import { storedGroupNames } from './readMembers';
import { readPatiently } from './readPatiently';
import type { RunContext } from './runContext';
import { namesFor } from './shardPeople';
import type { ShardPeople, ShardPerson } from './shardPeople';

/** Read side by side. */
const AT_ONCE = 8;

export interface ChangedPeople {
  readonly shard: ShardPeople;
  /** Their accounts as they are now, with those groups that the run reads. */
  readonly accounts: readonly AccountWithGroups[];
}

/**
 * People whom a sync of one person changed since the run began are read once more from source and target: what the run has
 * read is older, and would undo it. Somebody of whom the source does not tell now is left out, as one who is absent.
 */
export async function withChangedPeople(
  deps: ActivityDeps,
  context: RunContext,
  shard: ShardPeople,
  links: ReadonlyMap<string, StoredLink>
): Promise<ChangedPeople> {
  const changed = [...links.values()].filter(
    ({ changedAt, targetKey }) => targetKey !== null && (changedAt ?? '') >= context.run.startedAt
  );
  if (changed.length === 0) return { shard, accounts: [] };
  const people = new Map(shard.people);
  const accounts: AccountWithGroups[] = [];
  const read = new Set(((await storedGroupNames(deps, context.run.id)) ?? []).map(nameKey));
  for (const some of inChunks(changed, Math.min(AT_ONCE, LOOK_UP_LIMIT))) {
    const ids = some.map(({ externalId }) => externalId);
    const answers = await context.provider.lookUpUsers(ids, cancellation());
    const now = await Promise.all(some.map((link) => personNow(context, link, answers.get(link.externalId))));
    for (const { externalId, person, account } of now) {
      if (person === null) people.delete(externalId);
      else people.set(externalId, person);
      if (account === null) continue;
      accounts.push({ ...account, groups: account.groups.filter((group) => read.has(nameKey(group))) });
    }
  }
  return { shard: { ...shard, people }, accounts };
}

interface PersonNow {
  readonly externalId: string;
  readonly person: ShardPerson | null;
  readonly account: AccountWithGroups | null;
}

async function personNow(
  { provider, target, settings }: RunContext,
  link: StoredLink,
  answer: LookUp | undefined
): Promise<PersonNow> {
  const { externalId, targetKey } = link;
  const account =
    targetKey === null ? null : await readPatiently(() => target.findWithGroups(targetKey, cancellation()));
  const nobody = { externalId, person: null, account };
  if (answer === undefined || answer === 'absent' || answer === 'unknown') return nobody;
  const groups = await provider.groupsOf(externalId, cancellation());
  if (groups === 'unknown') return nobody;
  const known = { link: linkRecord(link), existing: existingRecord(account?.account ?? null, account?.groups) };
  const person = preparePerson(answer.found, groups, settings, known);
  const groupIds = groups.map((group) => group.externalId).sort();
  return { externalId, account, person: { ...person, groupIds, groupNames: namesFor(groups, settings) } };
}
