import { transliterate } from './ascii';
import type { PlainTransform } from '../mapping-settings';

/** What a step without settings makes of one text; `first` is about lists and leaves a text as it is. */
export function changedText(type: PlainTransform, text: string): string {
  switch (type) {
    case 'trim':
      return text.trim();
    case 'lowercase':
      return text.toLowerCase();
    case 'uppercase':
      return text.toUpperCase();
    case 'stripDomain':
      return stripDomain(text);
    case 'guestUpn':
      return guestAddress(text);
    case 'transliterate':
      return transliterate(text);
    case 'first':
      return text;
  }
}

/** Characters of a text from a position on; a negative one counts from the end. No character is cut in two. */
export function substring(text: string, start: number, length: number | undefined): string {
  const characters = Array.from(text);
  const from = start < 0 ? Math.max(0, characters.length + start) : start;
  return characters.slice(from, length === undefined ? characters.length : from + length).join('');
}

/** The local part may itself hold an '@' in quotes: the domain begins at the last one. */
function stripDomain(text: string): string {
  const at = text.lastIndexOf('@');
  return at < 0 ? text : text.slice(0, at);
}

/**
 * The address behind the name that Entra gives a guest: `ada_corp.com#EXT#@tenant.onmicrosoft.com` is `ada@corp.com`.
 * The last underscore before the mark stands for the '@'; anything else stays as it is.
 */
function guestAddress(text: string): string {
  const mark = text.toUpperCase().indexOf('#EXT#');
  const underscore = text.slice(0, Math.max(0, mark)).lastIndexOf('_');
  return underscore < 0 ? text : `${text.slice(0, underscore)}@${text.slice(underscore + 1, mark)}`;
}
