import fc from 'fast-check';
import { syntaxErrorPosition } from '../../../connectors/file/jsonSyntax';

describe('syntaxErrorPosition', () => {
  it.each([
    ['{"a": hunter2}', 6],
    ['{"a" 1}', 5],
    ['{"a": 1,}', 8],
    ['{"a": [1 2]}', 9],
    ['{"a": "x\ny"}', 8],
    ['{"a": "\\q"}', 7],
    ['{"a": "\\u12g4"}', 7],
    ['{"a": 01}', 7],
    ['{"a": tru}', 6],
    ['{a: 1}', 1],
    ['{"a": 1', 7],
    ['{"a": "x', 8],
    ['{]', 1],
    ['', 0],
    ['{} x', 3],
  ])('of %j is %d', (text, position) => {
    expect(syntaxErrorPosition(text)).toBe(position);
  });

  it('finds none where JSON.parse finds none', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 2), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        expect(syntaxErrorPosition(text)).toBe(text.length);
      })
    );
  });

  it('finds one where JSON.parse does: a text with one character too few or too many', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.constantFrom('', '"', ',', '}', 'x'), (json, at, put) => {
        const cut = at % json.length;
        const text = json.slice(0, cut) + put + json.slice(cut + 1);
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        const position = syntaxErrorPosition(text);
        if (valid) expect(position).toBe(text.length);
        else expect(position).toBeLessThanOrEqual(text.length);
      })
    );
  });
});
