const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The UTF-8 bytes of a text. Halves of surrogate pairs become the replacement character. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The UTF-8 bytes of a text in Base64. */
export function base64(text: string): string {
  const bytes = utf8(text);
  let out = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const given = bytes.length - at;
    out += digit(a >> 2) + digit(((a & 3) << 4) | (b >> 4));
    out += (given > 1 ? digit(((b & 15) << 2) | (c >> 6)) : '=') + (given > 2 ? digit(c & 63) : '=');
  }
  return out;
}

/** The UTF-8 bytes of a text as hexadecimal digits. */
export function hexadecimal(text: string): string {
  return Array.from(utf8(text), (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('');
}

/** The first letter of every word large, the others small. */
export function properCase(text: string): string {
  return text.toLowerCase().replace(/(?<![\p{L}\p{M}\p{N}'’])\p{L}/gu, (letter) => letter.toUpperCase());
}

/** The n-th word (from 1) between any of the delimiters; '' where there are fewer. */
export function wordOf(characters: readonly string[], n: number, delimiters: ReadonlySet<string>): string {
  let found = 0;
  let word = '';
  for (const character of [...characters, null]) {
    if (character !== null && !delimiters.has(character)) {
      word += character;
      continue;
    }
    if (word !== '') found += 1;
    if (word !== '' && found === n) return word;
    word = '';
  }
  return '';
}

const digit = (value: number): string => BASE64[value] ?? '';
