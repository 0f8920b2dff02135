import fc from 'fast-check';
import type { RenameEdge } from '../../domain/facts';
import { planRenames, RENAME_CHAIN_LIMIT, renameEdgeOf } from '../../domain/renames';
import { settingsWith } from '../support/decision-settings';
import { account, alice, context, held, link, member, NOBODY } from '../support/person';

/** `a>b` wants b; `a>b!` finds b free. */
function edges(...texts: readonly string[]): RenameEdge[] {
  return texts.map((text) => {
    const [fromKey = '', toKey = ''] = text.replace('!', '').split('>');
    return { externalId: `id-${fromKey}`, targetKey: `K-${fromKey}`, fromKey, toKey, wantedIsFree: text.endsWith('!') };
  });
}

function shown(list: readonly RenameEdge[]): Record<string, unknown> {
  const verdicts = Object.entries(planRenames(list));
  return Object.fromEntries(verdicts.map(([id, v]) => [id, v.verdict === 'chain' ? v.step : v.reason.code]));
}

describe('rule 1.7: planRenames', () => {
  it.each([
    ['a free name needs no verdict', ['a>b!'], {}],
    ['a chain: who frees the name goes first', ['a>b', 'b>c!'], { 'id-b': 0, 'id-a': 1 }],
    ['a chain of three', ['a>b', 'b>c', 'c>d!'], { 'id-c': 0, 'id-b': 1, 'id-a': 2 }],
    ['a chain of four is held', ['a>b', 'b>c', 'c>d', 'd>e!'], held4()],
    ['a swap is held', ['a>b', 'b>a'], { 'id-a': 'renameSwap', 'id-b': 'renameSwap' }],
    ['a cycle is held', ['a>b', 'b>c', 'c>a'], { 'id-a': 'renameCycle', 'id-b': 'renameCycle', 'id-c': 'renameCycle' }],
    ['alone, the wanted name is looked up by planUser', ['a>b'], {}],
    ['a chain to a name that nobody leaves', ['a>b', 'b>c'], { 'id-a': 'nameTaken', 'id-b': 'nameTaken' }],
    ['two for one name', ['a>x!', 'b>x!'], { 'id-a': 'usernameContest', 'id-b': 'usernameContest' }],
    [
      'who waits behind two for one name',
      ['a>x!', 'b>x!', 'c>a'],
      { 'id-a': 'usernameContest', 'id-b': 'usernameContest', 'id-c': 'nameTaken' },
    ],
    [
      'two behind a chain end do not stop it',
      ['a>x', 'b>x', 'x>y!'],
      { 'id-a': 'usernameContest', 'id-b': 'usernameContest' },
    ],
    [
      'one who wants into a swap',
      ['a>b', 'b>a', 'c>a'],
      { 'id-a': 'nameTaken', 'id-b': 'usernameContest', 'id-c': 'usernameContest' },
    ],
  ])('%s', (_, texts, expected) => {
    expect(shown(edges(...texts))).toEqual(expected);
    expect(shown(edges(...texts).reverse())).toEqual(expected);
  });

  it('names both ids where two want one name', () => {
    expect(planRenames(edges('b>x!', 'a>x!'))['id-a']).toEqual({
      verdict: 'held',
      reason: { code: 'usernameContest', rule: '1.5', params: { first: 'id-a', second: 'id-b' } },
    });
  });

  it('the renames that go on can be done in the order of their steps, whatever else is held', () => {
    const names = fc.integer({ min: 0, max: 9 });
    const cases = fc.uniqueArray(fc.tuple(names, names), { selector: ([from]) => from, maxLength: 10 });
    fc.assert(
      fc.property(cases, fc.uniqueArray(names), (pairs, stayers) => {
        const leaving = pairs.filter(([from, to]) => from !== to && !stayers.includes(from));
        const taken = new Set([...stayers, ...pairs.map(([from]) => from)].map(String));
        const list = edges(
          ...leaving.map(([from, to]) => `${String(from)}>${String(to)}${taken.has(String(to)) ? '' : '!'}`)
        );
        const verdicts = planRenames(list);
        const steps = list.flatMap((edge) => {
          const verdict = verdicts[edge.externalId];
          if (verdict === undefined) return edge.wantedIsFree === true ? [{ edge, step: 0 }] : [];
          return verdict.verdict === 'chain' ? [{ edge, step: verdict.step }] : [];
        });
        for (const { edge, step } of steps.sort((a, b) => a.step - b.step)) {
          expect(step).toBeLessThan(RENAME_CHAIN_LIMIT);
          expect(taken).not.toContain(edge.toKey);
          taken.delete(edge.fromKey);
          taken.add(edge.toKey);
        }
      }),
      { numRuns: 1000 }
    );
  });

  it('takes 100,000 edges in one long chain', () => {
    const long = edges(...Array.from({ length: 100_000 }, (_, n) => `${String(n)}>${String(n + 1)}`));
    expect(Object.keys(planRenames(long))).toHaveLength(100_000);
  });
});

function held4(): Record<string, string> {
  return Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`id-${name}`, 'renameChainTooLong']));
}

describe('renameEdgeOf', () => {
  const renamed = alice({ username: 'alice.new' });
  const wants = { byUsername: NOBODY };

  it('a linked user who wants another name has an edge, and knows whether it is free', () => {
    expect(renameEdgeOf(member(wants, renamed), context())).toEqual({
      externalId: 'a-1',
      targetKey: 'JIRAUSER1',
      fromKey: 'alice',
      toKey: 'alice.new',
      wantedIsFree: true,
    });
    const other = { byUsername: held(account({ key: 'JIRAUSER2' }), 'a-2') };
    expect(renameEdgeOf(member(other, renamed), context())?.wantedIsFree).toBe(false);
  });

  it('nothing is built on a name that will not be left now', () => {
    const none = [
      renameEdgeOf(member(), context()),
      renameEdgeOf(member({}, alice({ username: 'ALICE' })), context()),
      renameEdgeOf(member(wants, alice({ username: 'alice.new' }, false)), context()),
      renameEdgeOf(member({ ...wants, link: null }, renamed), context()),
      renameEdgeOf(member({ ...wants, usernameContest: ['a-1', 'a-2'] }, renamed), context()),
      renameEdgeOf(member({ ...wants, account: account({ active: false }) }, renamed), context()),
      renameEdgeOf(member({ ...wants, link: link({ state: 'externalDirectory' }) }, renamed), context()),
      renameEdgeOf(member(wants, renamed), context({ protectedKeys: new Set(['JIRAUSER1']) })),
      renameEdgeOf(member(wants, renamed), context({ syncAccountKey: 'JIRAUSER1' })),
      renameEdgeOf(
        member(wants, renamed),
        context({}, settingsWith({ users: { actions: { ...actions(), rename: false } } }))
      ),
    ];
    expect(none).toEqual(none.map(() => null));
  });
});

function actions(): ReturnType<typeof settingsWith>['users']['actions'] {
  return settingsWith({}).users.actions;
}
