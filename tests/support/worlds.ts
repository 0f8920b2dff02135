import fc from 'fast-check';
import type { GroupLink, Link, SourceGroup, SourceMembership, SourceUser, TargetUser } from '../../domain/model';
import { nameKey } from '../../domain/names';
import type { DecisionSettings, LeadSettings, LifecycleStep } from '../../domain/settings';
import { DEFAULTS } from './decision-settings';
import { linkTo } from './pure-apply';
import { CONNECTOR } from './pure-sync';
import type { World } from './pure-sync';

const NOW = '2026-03-10T02:00:00.000Z';
const LONG_AGO = '2026-01-01T02:00:00.000Z';
const PEOPLE = 7;
const GROUP_NAMES = ['jira-dev', 'Jira-Dev', 'jira-ops', 'jira-administrators', 'sales', 'constructor'] as const;
export const SYNC_KEY = 'K0';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

/** Names overlap on purpose: a few people want few names, in two spellings. */
const username = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: PEOPLE }).map((n) => `user${String(n)}`) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: PEOPLE }).map((n) => `USER${String(n)}`) },
  { weight: 1, arbitrary: fc.constantFrom('', 'two words', 'a<b') }
);
const email = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: PEOPLE }).map((n) => `mail${String(n)}@corp.com`) },
  { weight: 1, arbitrary: fc.constantFrom('', 'not an address', 'else@other.org') }
);

function sourceUser(n: number): fc.Arbitrary<SourceUser> {
  const usual = {
    username: `user${String(n)}`,
    email: `mail${String(n)}@corp.com`,
    displayName: `Person ${String(n)}`,
  };
  const attributes = fc.oneof(
    { weight: 4, arbitrary: fc.constant(usual) },
    { weight: 2, arbitrary: fc.record({ username, email, displayName: fc.constantFrom('A B', 'a b', '') }) }
  );
  const active = fc.boolean().chain((one) => (one ? fc.constant(true) : fc.boolean()));
  return fc.record({ externalId: fc.constant(`id-${String(n)}`), active, attributes });
}

function account(n: number): fc.Arbitrary<TargetUser> {
  return fc.record({
    key: fc.constant(`K${String(n)}`),
    username: fc.constantFrom(`user${String(n)}`, `USER${String(n)}`),
    email: fc.oneof(
      { weight: 5, arbitrary: fc.constant<string | null>(`mail${String(n)}@corp.com`) },
      { arbitrary: email, weight: 1 },
      { arbitrary: fc.constant(null), weight: 1 }
    ),
    displayName: fc.constantFrom(`Person ${String(n)}`, 'Somebody'),
    active: fc.integer({ min: 0, max: 3 }).map((draw) => draw > 0),
  });
}

/** The names of accounts and whose they are move about: the shift makes chains and cycles of wanted names. */
function links(keys: readonly string[]): fc.Arbitrary<Link[]> {
  const since = fc.constantFrom(null, LONG_AGO, NOW);
  const one = (n: number, key: string): fc.Arbitrary<Link | null> =>
    fc.option(
      fc
        .record({
          state: fc.constantFrom<Link['state']>('active', 'active', 'active', 'inactive', 'released'),
          lastDeactivatedBy: fc.constantFrom(null, 'us' as const),
          missingSince: since,
          outOfScopeSince: since,
          disabledSince: since,
          lastApplied: fc.constantFrom(null, { username: 'x', email: `mail${String(n)}@corp.com`, displayName: null }),
        })
        .map((state) => linkTo(`id-${String(n)}`, key, state)),
      { freq: 4 }
    );
  return fc
    .integer({ min: 0, max: 3 })
    .chain((shift) => fc.tuple(...keys.map((_, n) => one(n, keys[(n + (shift === 3 ? 1 : 0)) % keys.length] ?? ''))))
    .map((found) => found.filter((link) => link !== null));
}

const settings: fc.Arbitrary<DecisionSettings> = fc
  .record({
    adopt: fc.constantFrom<DecisionSettings['match']['adopt']>('ask', 'auto', 'never'),
    groupAdopt: fc.constantFrom<DecisionSettings['groups']['adopt']>('ask', 'byName', 'never'),
    onRename: fc.constantFrom<DecisionSettings['groups']['onRename']>('keepTarget', 'createNew', 'hold'),
    missing: fc.constantFrom<DecisionSettings['groups']['missing']>('hold', 'keep', 'remove'),
    outOfScope: fc.constantFrom<DecisionSettings['groups']['outOfScope']>('keep', 'remove'),
    mode: fc.constantFrom<'managed' | 'authoritative' | 'additive'>('managed', 'managed', 'authoritative', 'additive'),
    create: fc.boolean(),
    include: fc.constantFrom(null, ['jira-*'], ['*'], []),
    alwaysAdd: fc.constantFrom([], [{ group: 'jira-users' }], [{ group: 'JIRA-OPS' }]),
    keep: fc.constantFrom([], ['sales']),
    map: fc.constantFrom({}, { 'g-0': ['jira-shared'], 'g-1': ['jira-shared', 'sales'] }),
    requiredGroups: fc.constantFrom([], [], ['jira-*']),
    drop: fc.constantFrom<'keep' | 'drop'>('keep', 'drop'),
    leads: fc.constantFrom<LeadSettings>({ action: 'hold' }, { action: 'replaceWith', user: 'user1' }),
    action: fc.constantFrom<LifecycleStep['action']>(
      'deactivate',
      'deactivate',
      'removeGroups',
      'keep',
      'pseudonymize',
      'delete'
    ),
    then: fc.constantFrom<LifecycleStep['then']>(
      undefined,
      undefined,
      { afterDays: 1, action: 'pseudonymize' },
      { afterDays: 30, action: 'delete' }
    ),
    keepIf: fc.constantFrom('', '', 'user.username == "user2"'),
    reactivate: fc.constantFrom<'own' | 'always' | 'never'>('own', 'always', 'never'),
    exact: fc.boolean(),
    domains: fc.constantFrom([], ['corp.com']),
  })
  .map((draw) => ({
    ...DEFAULTS,
    mapping: { ...DEFAULTS.mapping, username: { ...DEFAULTS.mapping.username, case: draw.exact ? 'exact' : 'ignore' } },
    scope: { ...DEFAULTS.scope, requiredGroups: draw.requiredGroups },
    match: { ...DEFAULTS.match, adopt: draw.adopt, domains: draw.domains },
    users: { actions: { ...DEFAULTS.users.actions, reactivate: draw.reactivate } },
    groups: {
      ...DEFAULTS.groups,
      include: draw.include,
      alwaysAdd: draw.alwaysAdd,
      keep: draw.keep,
      map: draw.map,
      adopt: draw.groupAdopt,
      onRename: draw.onRename,
      missing: draw.missing,
      outOfScope: draw.outOfScope,
      rules: [{ match: '*', mode: draw.mode, create: draw.create, sensitive: false }],
    },
    lifecycle: {
      ...DEFAULTS.lifecycle,
      disabled: { action: draw.action, graceDays: 0, then: draw.then },
      outOfScope: { action: draw.action, graceDays: 0 },
      groupsOnDeactivate: draw.drop,
      leads: draw.leads,
      keepIf: draw.keepIf,
    },
  }));

function groupWorld(): fc.Arbitrary<Pick<World, 'groups' | 'groupLinks' | 'targetGroups'>> {
  const groups = fc.tuple(
    ...numbers(4).map((n) =>
      fc.option(
        fc
          .constantFrom(...GROUP_NAMES)
          .map((name): SourceGroup => ({ externalId: `g-${String(n)}`, name, attributes: {} })),
        { freq: 5 }
      )
    )
  );
  const groupLinks = fc.tuple(
    ...numbers(4).map((n) =>
      fc.option(
        fc
          .record({ targetName: fc.constantFrom(...GROUP_NAMES), sourceName: fc.constantFrom(...GROUP_NAMES) })
          .map((names): GroupLink => ({
            connectorId: CONNECTOR,
            groupId: `g-${String(n)}`,
            ...names,
            state: 'active',
            missingSince: null,
          })),
        { freq: 2 }
      )
    )
  );
  const targetGroups = fc.subarray([
    'jira-dev',
    'jira-ops',
    'jira-administrators',
    'sales',
    'jira-users',
    'constructor',
  ]);
  return fc.record({
    groups: groups.map((found) => found.filter((group) => group !== null)),
    groupLinks: groupLinks.map((found) => found.filter((link) => link !== null)),
    targetGroups,
  });
}

function distinct<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

/**
 * Small worlds in which everything that the rules speak of happens often: shared names and addresses, swaps, leavers,
 * hidden addresses, foreign and owned memberships, linked, renamed and missing groups.
 */
export const worlds: fc.Arbitrary<World> = fc
  .record({
    settings,
    users: fc.tuple(...numbers(PEOPLE).map((n) => fc.option(sourceUser(n), { freq: 6 }))),
    accounts: fc.tuple(...numbers(PEOPLE).map((n) => fc.option(account(n), { freq: 6 }))),
    links: links(numbers(PEOPLE).map((n) => `K${String(n)}`)),
    grouping: groupWorld(),
    leads: fc.dictionary(
      fc.constantFrom('ABC', 'DEF'),
      fc.nat(PEOPLE - 1).map((n) => `K${String(n)}`)
    ),
    memberships: fc.array(fc.record({ groupId: fc.integer({ min: 0, max: 3 }), userId: fc.nat(PEOPLE - 1) }), {
      maxLength: 24,
    }),
    members: fc.array(
      fc.record({
        group: fc.nat(5),
        key: fc.nat(PEOPLE - 1),
        ledger: fc.constantFrom('us', 'adopted', 'foreign', null),
      }),
      { maxLength: 24 }
    ),
  })
  .map(({ settings: decided, users, accounts, links: drawn, grouping, memberships, members, leads }) => {
    const existing = accounts.filter((each) => each !== null);
    const keys = new Set(existing.map((each) => each.key));
    const placed = members
      .map(({ group, key, ledger }) => ({ group: grouping.targetGroups[group] ?? '', key: `K${String(key)}`, ledger }))
      .filter(({ group, key }) => group !== '' && keys.has(key));
    const direct = distinct(placed, ({ group, key }) => `${nameKey(group)} ${key}`);
    const ledger = direct.flatMap(({ group, key, ledger: addedBy }) => {
      const owner = drawn.find((link) => link.targetKey === key);
      return owner === undefined || addedBy === null ? [] : [{ externalId: owner.externalId, group, addedBy }];
    });
    const edges = memberships.map((m): SourceMembership => ({
      groupId: `g-${String(m.groupId)}`,
      userId: `id-${String(m.userId)}`,
    }));
    return {
      settings: decided,
      now: NOW,
      syncAccountKey: SYNC_KEY,
      users: users.filter((user) => user !== null),
      memberships: distinct(edges, (edge) => `${edge.groupId} ${edge.userId}`),
      accounts: existing,
      members: direct.map(({ group, key }) => ({ group, key })),
      links: drawn,
      ledger,
      leads: Object.fromEntries(Object.entries(leads).filter(([, key]) => keys.has(key))),
      licenceGroups: ['sales', 'jira-users', 'jira-administrators'],
      ...grouping,
    };
  });
