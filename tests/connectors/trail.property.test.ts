import fc from 'fast-check';
import { followed, NO_TRAIL, type Trail } from '../../connectors/trail';

/** Follows links `next(page)` until they are cut; how many were followed, null when `most` were. */
function cutAfter(next: (page: number) => string, most: number): number | null {
  let trail: Trail = NO_TRAIL;
  for (let page = 0; page < most; page++) {
    try {
      trail = followed(trail, next(page), 'the list');
    } catch {
      return page;
    }
  }
  return null;
}

describe('the trail of a list that links to its next page', () => {
  it('lets every list without a circle through', () => {
    expect(cutAfter((page) => `?after=${page}`, 5_000)).toBeNull();
  });

  it('cuts every circle, wherever it begins and however long it is', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.integer({ min: 1, max: 300 }), (before, length) => {
        const pageAt = (page: number) => (page < before ? page : before + ((page - before) % length));
        const cut = cutAfter((page) => `?after=${pageAt(page)}`, 10_000);
        // One full power of two to reach the circle and a few rounds in it.
        expect(cut).not.toBeNull();
        expect(cut).toBeLessThan(2 * (before + length) + 5 * length + 5);
      })
    );
  });

  it('forgives a page that comes twice now and then', () => {
    expect(cutAfter((page) => `?after=${page >= 7 ? page - 1 : page}`, 1_000)).toBeNull();
  });

  it('says what leads in a circle, and cuts what does not end', () => {
    expect(() => {
      for (let trail = NO_TRAIL; ;) trail = followed(trail, '?after=1', 'Okta: list the users');
    }).toThrow('Okta: list the users: page 5 leads back to an earlier one');
    expect(() => followed({ ...NO_TRAIL, pages: 200_000 }, '?after=1', 'the list')).toThrow('does not end after');
  });
});
