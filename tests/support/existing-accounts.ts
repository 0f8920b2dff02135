import type { AdoptionKind } from '../../domain/adoption';
import type { Holder, UserFacts } from '../../domain/facts';
import { createKeyIndex } from '../../domain/key-index';
import type { Link, SourceUser, TargetUser } from '../../domain/model';
import { emailKey, nameKey } from '../../domain/names';
import { preparePerson } from '../../domain/prepare';
import type { DecisionSettings } from '../../domain/settings';
import { linkTo } from './pure-apply';

/** People whose accounts exist already, and what an adoption report has to say of each. */
export interface ExistingAccounts {
  readonly users: readonly SourceUser[];
  readonly accounts: readonly TargetUser[];
  readonly links: readonly Link[];
  readonly expected: Readonly<Partial<Record<AdoptionKind, number>>>;
}

type Share = Readonly<Partial<Record<AdoptionKind, number>>>;
type Made = Pick<ExistingAccounts, 'users' | 'accounts' | 'links'>;

/** Makes up people of each kind, `share` of them. The kinds it knows: those of the cases below. */
export function existingAccounts(share: Share): ExistingAccounts {
  const made = Object.entries(share).flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, n) => person(kind as AdoptionKind, `${kind.toLowerCase()}${n}`))
  );
  return {
    users: made.flatMap(({ users }) => users),
    accounts: made.flatMap(({ accounts }) => accounts),
    links: made.flatMap(({ links }) => links),
    expected: share,
  };
}

function person(kind: AdoptionKind, name: string): Made {
  const user = sourceUser(name);
  const account = accountOf(name);
  switch (kind) {
    case 'exact':
      return { users: [user], accounts: [account], links: [] };
    case 'caseOnly':
      return {
        users: [user],
        accounts: [{ ...account, username: name.toUpperCase(), email: `${name}@CORP.com` }],
        links: [],
      };
    case 'inactive':
      return { users: [user], accounts: [{ ...account, active: false }], links: [] };
    case 'ambiguous':
      return {
        users: [user],
        accounts: [account, { ...accountOf(`${name}.old`), email: account.email }],
        links: [],
      };
    case 'otherDomain':
      return {
        users: [sourceUser(name, `${name}@elsewhere.org`)],
        accounts: [{ ...account, email: `${name}@elsewhere.org` }],
        links: [],
      };
    case 'externalDirectory':
      // Its directory refused a write once: since then what the source says of name and address is not tried.
      return {
        users: [sourceUser(`${name}.new`)],
        accounts: [account],
        links: [linkTo(user.externalId.replace('.new', ''), account.key, { state: 'externalDirectory' })],
      };
    default:
      throw new Error(`the generator makes no people of kind ${kind}`);
  }
}

const sourceUser = (name: string, email = `${name}@corp.com`): SourceUser => ({
  externalId: `id-${name.replace('.new', '')}`,
  active: true,
  attributes: { username: name, email, displayName: name },
});

const accountOf = (name: string): TargetUser => ({
  key: `KEY-${name}`,
  username: name,
  email: `${name}@corp.com`,
  displayName: name,
  active: true,
});

/** What is known of each when a plan is made, as the activities gather it. */
export function factsOf(
  { users, accounts, links }: ExistingAccounts,
  settings: DecisionSettings
): readonly UserFacts[] {
  const byKey = new Map(accounts.map((account) => [account.key, account]));
  const owners = new Map(links.map((link) => [link.targetKey, link]));
  const [names, emails] = [createKeyIndex(), createKeyIndex()];
  for (const { key, username, email } of accounts) {
    names.add(nameKey(username), key);
    emails.add(email === null ? null : emailKey(email), key);
  }
  const holder = (index: typeof names, wanted: string | null): Holder => {
    const found = wanted === null ? undefined : index.holders([wanted]).get(wanted);
    if (found === undefined) return { kind: 'nobody' };
    if (found.lo !== found.hi) return { kind: 'many', keys: [found.lo, found.hi] };
    const account = byKey.get(found.lo);
    if (account === undefined) throw new Error(`there is no account ${found.lo}`);
    const owner = owners.get(account.key);
    return { kind: 'one', account, owner: owner === undefined ? null : { ...owner, seen: true } };
  };
  return users.map((user) => {
    const { source, prepared } = preparePerson(user, [], settings);
    const link = links.find(({ externalId }) => externalId === user.externalId) ?? null;
    return {
      externalId: user.externalId,
      presence: 'present',
      source,
      prepared,
      groupIds: [],
      link,
      account: byKey.get(link?.targetKey ?? '') ?? null,
      accountGroups: [],
      ledger: [],
      byUsername: holder(names, prepared.usernameKey),
      byEmail: holder(emails, prepared.emailKey),
      usernameContest: null,
      emailContest: null,
      rename: null,
    };
  });
}
