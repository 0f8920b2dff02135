import { adoptionReport } from '../../api/adoption';
import type { AdoptionReport } from '../../api/adoption';
import type { AdoptionKind } from '../../domain/adoption';
import { accountsOf } from '../support/accounts';
import { people } from '../support/people';
import type { Row } from '../support/people';
import { startSystem } from '../support/system';
import type { System } from '../support/system';

const COUNT = 40;
const PEOPLE = people(COUNT);
const kindOf = (n: number): AdoptionKind | null => {
  if (n <= 20) return 'exact';
  if (n <= 26) return 'caseOnly';
  if (n <= 30) return 'inactive';
  if (n <= 32) return 'ambiguous';
  if (n <= 34) return 'protected';
  return n <= 36 ? 'otherDomain' : null;
};
const EXPECTED = { exact: 20, caseOnly: 6, inactive: 4, ambiguous: 2, protected: 2, otherDomain: 2 };

/** The account that exists for a person, as its kind wants it. */
function existing({ username, email, displayName }: Row, kind: AdoptionKind) {
  const account = { name: username, emailAddress: email, displayName };
  switch (kind) {
    case 'caseOnly':
      return [{ ...account, name: username.toUpperCase() }];
    case 'inactive':
      return [{ ...account, active: false }];
    case 'ambiguous':
      return [account, { ...account, name: `${username}.old` }];
    case 'protected':
      return [{ ...account, groups: ['jira-administrators'] }];
    default:
      return [account];
  }
}

describe('the adoption report', () => {
  let system: System;
  let report: AdoptionReport;
  beforeAll(async () => {
    const rows = PEOPLE.map((row, at) =>
      kindOf(at + 1) === 'otherDomain' ? { ...row, email: `${row.username}@elsewhere.org` } : row
    );
    system = await startSystem({ rows, config: { match: { adopt: 'ask', domains: ['example.com'] } } });
    const users = rows.flatMap((row, at) => {
      const kind = kindOf(at + 1);
      return kind === null ? [] : existing(row, kind);
    });
    await system.sim.change({ users });
    await system.run('preview');
    await system.sim.reset('stats');
    report = await adoptionReport(system.store, system.connectorId, { limit: 500 });
  });
  afterAll(async () => system.stop());

  it('counts everybody who finds an account by what is in the way, without asking Jira', async () => {
    const found = Object.fromEntries(Object.entries(report.counts).filter(([, count]) => count > 0));
    expect(found).toEqual(EXPECTED);
    expect((await system.sim.stats()).calls).toEqual({});
  });

  it('lists each with the accounts that it is about: both of an ambiguous one', () => {
    expect(report.items).toHaveLength(36);
    const ambiguous = report.items.find(({ kind }) => kind === 'ambiguous');
    expect(ambiguous?.accounts.map(({ username }) => username)).toEqual(['user31', 'user31.old']);
    expect(report.items.find(({ kind }) => kind === 'caseOnly')).toMatchObject({
      wanted: { username: 'user21' },
      accounts: [{ username: 'USER21' }],
      differences: ['username'],
    });
  });

  it('pages and filters', async () => {
    const ids: string[] = [];
    for (let cursor: string | undefined = '0.0'; cursor !== undefined;) {
      const page = await adoptionReport(system.store, system.connectorId, { kind: 'exact', limit: 7, cursor });
      ids.push(...page.items.map(({ externalId }) => externalId));
      cursor = page.nextCursor ?? undefined;
    }
    expect(ids.toSorted()).toEqual(
      PEOPLE.slice(0, 20)
        .map(({ id }) => id)
        .toSorted()
    );
    const named = await adoptionReport(system.store, system.connectorId, { q: 'USER31', limit: 5 });
    expect(named.items.map(({ externalId }) => externalId)).toEqual(['id-31']);
  });

  it('means what it says: adopting all of them renames nobody and takes nothing away', async () => {
    const before = await accountsOf(system.sim);
    const run = await system.run();
    expect(run).toMatchObject({ status: 'held' });
    const kinds = new Set((await system.operations(run)).map(({ kind }) => kind));
    expect([...kinds].filter((kind) => kind === 'renameUser' || kind === 'removeMembership')).toEqual([]);
    await system.ended(await system.approve(run));
    const after = await accountsOf(system.sim);
    for (const [name, { active, groups }] of Object.entries(before)) {
      expect(after[name]).toMatchObject({ active, groups: expect.arrayContaining([...groups]) });
    }
    await system.run('preview');
    const later = await adoptionReport(system.store, system.connectorId, { limit: 5 });
    expect(later.counts).toMatchObject({ exact: 0, caseOnly: 0, inactive: 4 });
  });
});
