import fc from 'fast-check';
import { decodeCursor, encodeCursor, idsUnder, InvalidCursorError, prefixRange } from '../../store/ranges';

const utf8 = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const utf16 = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const text = fc.string({ unit: 'grapheme-composite' });

describe('prefixRange', () => {
  it.each([
    ['UTF-8, as a MongoDB server', utf8],
    ['UTF-16, as the embedded store', utf16],
  ])('holds what begins with the prefix, and nothing else, where texts compare by %s', (_, compare) => {
    const isIn = (value: string, prefix: string): boolean => {
      const { $gte, $lt } = prefixRange(prefix);
      return compare(value, $gte) >= 0 && compare(value, $lt) < 0;
    };
    fc.assert(
      fc.property(text, text, (prefix, rest) => {
        fc.pre(prefix !== '');
        expect(isIn(prefix + rest, prefix)).toBe(true);
        expect(isIn(rest, prefix)).toBe(rest.startsWith(prefix));
      })
    );
    expect(isIn('mü\u{10FFFF}', 'mü')).toBe(true);
    expect(isIn('mü\uFFFF', 'mü')).toBe(true);
  });
});

describe('idsUnder', () => {
  it('holds the ids of a connector, not those of one whose name begins alike', () => {
    const { $gte, $lt } = idsUnder('corp');
    const isIn = (id: string): boolean => utf8(id, $gte) >= 0 && utf8(id, $lt) < 0;
    expect(['corp:', 'corp:u', 'corp:🦊', 'corp:\uFFFF'].every(isIn)).toBe(true);
    expect(['corp', 'corp-2:u', 'corp2:u', 'cor:u', 'corq:u'].some(isIn)).toBe(false);
  });
});

describe('cursors', () => {
  it('come back as they were given out', () => {
    fc.assert(fc.property(fc.nat(), (position) => decodeCursor(encodeCursor(position)) === position));
  });

  it.each(['', '-1', '1.5', '1e9', ' 1', 'abc', '9'.repeat(16), '٣'])('refuse %j', (cursor) => {
    expect(() => decodeCursor(cursor)).toThrow(InvalidCursorError);
  });
});
