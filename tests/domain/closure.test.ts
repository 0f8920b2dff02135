import fc from 'fast-check';
import { holdersOf } from '../../domain/closure';
import type { SourceNesting } from '../../domain/model';

const edges = (...pairs: readonly string[]): readonly SourceNesting[] =>
  pairs.map((pair) => ({ groupId: pair[0] ?? '', childId: pair[1] ?? '' }));
const sortedHolders = (nestings: readonly SourceNesting[]) =>
  Object.fromEntries([...holdersOf(nestings)].map(([child, holders]) => [child, [...holders].sort().join('')]));

const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

describe('groups within groups (rules 2.8)', () => {
  it('counts to every group above', () => {
    expect(sortedHolders(edges('ab', 'bc', 'cd', 'xc'))).toEqual({ b: 'a', c: 'abx', d: 'abcx' });
  });

  it('survives circles, in which each holds every other one and not itself', () => {
    expect(sortedHolders(edges('ab', 'bc', 'ca', 'oa'))).toEqual({ a: 'bco', b: 'aco', c: 'abo' });
    expect(sortedHolders(edges('aa'))).toEqual({ a: '' });
  });

  it('is what following the edges step by step gives, whatever the edges', () => {
    const letter = fc.constantFrom(...LETTERS);
    const nesting = fc.record({ groupId: letter, childId: letter });
    fc.assert(
      fc.property(fc.array(nesting, { maxLength: 20 }), (nestings) => {
        const holds = new Set(nestings.map(({ groupId, childId }) => `${groupId}${childId}`));
        for (let before = -1; before < holds.size;) {
          before = holds.size;
          for (const one of [...holds])
            for (const two of [...holds]) if (one[1] === two[0]) holds.add(`${one[0]}${two[1]}`);
        }
        for (const [child, holders] of holdersOf(nestings)) {
          const expected = LETTERS.filter((group) => group !== child && holds.has(`${group}${child}`));
          expect([...holders].sort()).toEqual(expected);
        }
      })
    );
  });
});
