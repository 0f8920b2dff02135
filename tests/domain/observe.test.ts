import type { UserFacts } from '../../domain/facts';
import { countObserved, observe } from '../../domain/observe';
import type { Observation } from '../../domain/observe';
import { DEFAULTS, settingsWith } from '../support/decision-settings';
import { absent, account, alice, context, grouping, newcomer } from '../support/person';

const AUTO = settingsWith({ match: { ...DEFAULTS.match, adopt: 'auto', domains: ['corp.com'] } });
const ctx = context({ settings: AUTO, groups: grouping({}, { exists: true }) });
const seen = (facts: UserFacts, before: Observation | null = null, isFirstLook = false) =>
  observe(facts, before, { ctx, isFirstLook });
const withAccount = (changes: Parameters<typeof account>[0] = {}, user = alice()): UserFacts =>
  newcomer({ account: account(changes) }, user);

describe('observe (rules 6)', () => {
  it('has nothing to tell of an account that is as it should be', () => {
    const { differences, observation } = seen(withAccount());
    expect(differences).toEqual([]);
    expect(observation).toMatchObject({ account: { key: 'JIRAUSER1' }, open: [] });
  });

  it('finds at the first look, and knows at the next one what stands', () => {
    const facts = withAccount({ displayName: 'A. Ames' });
    const first = seen(facts, null, true);
    expect(first.differences).toMatchObject([
      { what: 'displayName', jira: 'A. Ames', rollcall: 'Alice Ames', cause: 'found', verdict: null },
    ]);
    expect(seen(facts, first.observation).differences).toMatchObject([{ cause: 'notDone' }]);
  });

  it('tells a change in Jira from one at the source', () => {
    const { observation } = seen(withAccount());
    const inJira = seen(withAccount({ displayName: 'By Hand' }), observation);
    expect(inJira).toMatchObject({ changes: 1, agreed: 0, differences: [{ cause: 'changedInJira' }] });
    const atSource = seen(withAccount({}, alice({ displayName: 'A. Bell' })), observation);
    expect(atSource).toMatchObject({ changes: 0, differences: [{ cause: 'newAtSource', rollcall: 'A. Bell' }] });
    const both = seen(withAccount({ displayName: 'A. Bell' }, alice({ displayName: 'A. Bell' })), observation);
    expect(both).toMatchObject({ changes: 1, agreed: 1, differences: [] });
  });

  it('calls an active account of a disabled person wrongly alive, and an inactive one of an active person wrongly dead', () => {
    expect(seen(withAccount({}, alice({}, false))).differences).toMatchObject([
      { what: 'active', jira: true, rollcall: false, verdict: 'wronglyAlive' },
    ]);
    expect(seen(withAccount({ active: false })).differences).toMatchObject([
      { what: 'active', jira: false, rollcall: true, verdict: 'wronglyDead', held: true },
    ]);
  });

  it('lets the grace of somebody who is gone pass first, counted from the first run that lacked him', () => {
    const gone: UserFacts = { ...absent(), link: null };
    const first = seen(gone, seen(withAccount()).observation);
    expect(first.differences).toEqual([]);
    const later = context({ settings: AUTO, now: '2026-03-12T02:00:00.000Z' });
    expect(observe(gone, first.observation, { ctx: later, isFirstLook: false }).differences).toMatchObject([
      { verdict: 'wronglyAlive', reasons: [{ code: 'missing' }] },
    ]);
  });

  it('takes a membership for its own only once the source asserted it', () => {
    const inGroup = { ...withAccount(), accountGroups: ['jira-dev'] };
    expect(seen(inGroup).differences).toEqual([]);
    const { observation } = seen({ ...inGroup, groupIds: ['g-1'] });
    expect(observation.ledger).toEqual(['jira-dev']);
    expect(seen(inGroup, observation).differences).toMatchObject([
      { what: 'group', group: 'jira-dev', jira: true, rollcall: false, cause: 'newAtSource' },
    ]);
    expect(seen({ ...withAccount(), groupIds: ['g-1'] }, observation).differences).toMatchObject([
      { what: 'group', jira: false, rollcall: true, cause: 'changedInJira' },
    ]);
  });

  it('shows a person without an account as one missing account, without attributes and groups', () => {
    expect(seen({ ...newcomer(), groupIds: ['g-1'] }).differences).toMatchObject([
      { what: 'account', account: null, jira: null, rollcall: 'alice', cause: 'newAtSource' },
    ]);
  });

  it('adds people up', () => {
    const people = [seen(withAccount({ active: false })), seen(withAccount({ displayName: 'X' })), seen(withAccount())];
    expect(countObserved(people)).toMatchObject({ people: 3, differences: 2, wronglyDead: 1, newAtSource: 2 });
  });
});
