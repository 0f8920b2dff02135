import fc from 'fast-check';
import { createSortedNames } from '../../../simulators/support/sortedNames';

describe('createSortedNames', () => {
  it('reads like a sorted set after any additions and removals', () => {
    const change = fc.record({ name: fc.string({ maxLength: 2 }), add: fc.boolean(), look: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const names = createSortedNames();
        const expected = new Set<string>();
        for (const { name, add, look } of changes) {
          if (add && !expected.has(name)) names.add(name);
          if (!add) names.remove(name);
          if (add) expected.add(name);
          else expected.delete(name);
          if (look) expect(names.slice(0, names.size())).toEqual([...expected].sort());
        }
        expect(names.size()).toBe(expected.size);
        expect(names.slice(0, Infinity)).toEqual([...expected].sort());
      })
    );
  });

  it('finds the place after a name that has gone', () => {
    const names = createSortedNames();
    for (const name of ['a', 'c', 'd']) names.add(name);
    expect(['', 'a', 'b', 'c', 'z'].map((name) => names.positionAfter(name))).toEqual([0, 1, 1, 2, 3]);
  });
});
