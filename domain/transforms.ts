import type { Transform } from './settings';

/**
 * Applies the transforms in their order. A text that is or becomes empty stays empty: a prefix would otherwise make one
 * and the same name out of everybody who has none.
 */
export function applyTransforms(text: string, transforms: readonly Transform[]): string {
  return transforms.reduce((value, transform) => (value === '' ? '' : applyOne(value, transform)), text);
}

function applyOne(text: string, transform: Transform): string {
  switch (transform.type) {
    case 'trim':
      return text.trim();
    case 'lowercase':
      return text.toLowerCase();
    case 'stripDomain':
      return stripDomain(text);
    case 'prefix':
      return transform.value + text;
    case 'suffix':
      return text + transform.value;
  }
}

/** The local part may itself hold an '@' in quotes: the domain begins at the last one. */
function stripDomain(text: string): string {
  const at = text.lastIndexOf('@');
  return at < 0 ? text : text.slice(0, at);
}
