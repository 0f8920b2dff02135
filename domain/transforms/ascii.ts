import anyAscii from 'any-ascii';

/** Marks that are put on letters. */
const MARKS = /\p{Mn}/gu;
/** Letters that have no decomposition and still count as a letter with a mark. */
const STROKES: Readonly<Record<string, string>> = {
  Ø: 'O',
  ø: 'o',
  Ł: 'L',
  ł: 'l',
  Đ: 'D',
  đ: 'd',
  Ħ: 'H',
  ħ: 'h',
  ı: 'i',
};

/** The text in ASCII: `Žofie Ångström` becomes `Zofie Angstrom`, `ß` becomes `ss`, `北京` becomes `BeiJing`. */
export function transliterate(text: string): string {
  return anyAscii(text.normalize('NFC'));
}

/** The text without marks on letters; letters of other scripts stay. */
export function withoutDiacritics(text: string): string {
  return Array.from(text.normalize('NFD').replace(MARKS, ''), (letter) => STROKES[letter] ?? letter)
    .join('')
    .normalize('NFC');
}
