import fc from 'fast-check';
import { createKeyIndex } from '../../domain/key-index';

const entries = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'constructor'), fc.constantFrom('1', '2', '3', '4')));

describe('createKeyIndex', () => {
  it('tells the lowest and the highest of those who want a key, in whatever order they come, and however often', () => {
    fc.assert(
      fc.property(entries, (wanted) => {
        const index = createKeyIndex();
        for (const [key, id] of [...wanted, ...wanted]) index.add(key, id);
        const found = index.holders(['a', 'b', 'constructor', 'nobody']);
        for (const key of ['a', 'b', 'constructor', 'nobody']) {
          const ids = wanted
            .filter(([name]) => name === key)
            .map(([, id]) => id)
            .sort();
          expect(found.get(key)).toEqual(ids.length === 0 ? undefined : { lo: ids[0], hi: ids.at(-1) });
        }
      })
    );
  });

  it('takes no key as nobody', () => {
    const index = createKeyIndex();
    index.add(null, '1');
    expect(index.holders(['null', ''])).toEqual(new Map());
  });
});
