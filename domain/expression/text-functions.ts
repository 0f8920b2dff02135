import { transliterate, withoutDiacritics } from '../transforms/ascii';
import { base64, hexadecimal, properCase, wordOf } from './text-parts';
import type { CallTools, FunctionSpec } from './functions';
import type { Value } from './values';

type Run = FunctionSpec['run'];
/** Characters that a step changes. */
const CHANGED_PER_STEP = 8;
const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '');
const number = (value: Value | undefined): number => (typeof value === 'number' ? value : 0);
/** Positions count characters, so that none is ever cut in two. */
const characters = (value: Value | undefined, { budget }: CallTools): string[] => {
  budget.pass(text(value).length);
  return Array.from(text(value));
};
/** A function that makes one text of one text, in linear time. */
const changing = (change: (value: string) => string): FunctionSpec => ({
  parameters: ['text'],
  result: 'text',
  run: ([value], { budget }) => {
    budget.spend(1 + Math.ceil(text(value).length / CHANGED_PER_STEP));
    const changed = change(text(value));
    budget.fit(changed.length);
    return changed;
  },
});
const asking = (ask: (value: string, part: string) => boolean): FunctionSpec => ({
  parameters: ['text', 'text'],
  result: 'truth',
  run: ([value, part], { budget }) => {
    budget.pass(text(value).length);
    return ask(text(value), text(part));
  },
});
const slice = (from: (count: number, length: number) => number): Run => {
  return ([value, count], tools) => {
    const all = characters(value, tools);
    const at = Math.trunc(number(count));
    return at <= 0 ? '' : all.slice(from(at, all.length), from(at, all.length) + at).join('');
  };
};

const replaceText: FunctionSpec = {
  parameters: ['text', 'text', 'text'],
  result: 'text',
  run: ([value, old, by], { budget }) => {
    if (text(old) === '') return text(value);
    budget.pass(text(value).length);
    const parts = text(value).split(text(old));
    budget.make(text(value).length + (parts.length - 1) * text(by).length);
    return parts.join(text(by));
  },
};
const splitText: FunctionSpec = {
  parameters: ['text', 'text'],
  result: 'list',
  run: ([value, separator], { budget }) => {
    budget.spend(text(value).length);
    return text(separator) === '' ? [text(value)] : text(value).split(text(separator));
  },
};
const matchesPattern: FunctionSpec = {
  parameters: ['text', 'text'],
  result: 'truth',
  patternAt: 1,
  run: ([value], { pattern, budget }) => pattern?.test(text(value), budget) ?? false,
};
const position: FunctionSpec['run'] = ([value, part, from], { budget }) => {
  budget.pass(text(value).length);
  return text(value).indexOf(text(part), Math.max(0, number(from)));
};

export const TEXT_FUNCTIONS: Readonly<Record<string, FunctionSpec>> = {
  Append: {
    parameters: ['text', 'text'],
    result: 'text',
    run: ([value, suffix], { budget }) => {
      budget.make(text(value).length + text(suffix).length);
      return text(value) + text(suffix);
    },
  },
  ConvertToBase64: changing(base64),
  ConvertToUTF8Hex: changing(hexadecimal),
  InStr: {
    parameters: ['text', 'text', 'number'],
    optional: 1,
    result: 'number',
    // Counts from 1; 0 stands for "not found".
    run: ([value, part, from], tools) => Number(position([value ?? null, part ?? null, number(from) - 1], tools)) + 1,
  },
  Left: { parameters: ['text', 'number'], result: 'text', run: slice(() => 0) },
  Right: { parameters: ['text', 'number'], result: 'text', run: slice((count, length) => Math.max(0, length - count)) },
  Mid: {
    parameters: ['text', 'number', 'number'],
    result: 'text',
    run: ([value, start, length], tools) => {
      const from = Math.max(0, Math.trunc(number(start)) - 1);
      return characters(value, tools)
        .slice(from, from + Math.max(0, Math.trunc(number(length))))
        .join('');
    },
  },
  Len: { parameters: ['text'], result: 'number', run: ([value], tools) => characters(value, tools).length },
  NormalizeDiacritics: changing(withoutDiacritics),
  PCase: changing(properCase),
  RegexExtract: {
    parameters: ['text', 'text', 'number'],
    optional: 1,
    result: 'text',
    patternAt: 1,
    run: ([value, , group], { pattern, budget, fail }) => {
      const wanted = group === undefined ? Math.min(1, pattern?.groupCount ?? 0) : number(group);
      const isGroup = Number.isInteger(wanted) && wanted >= 0 && wanted <= (pattern?.groupCount ?? 0);
      if (!isGroup) throw fail('has no such group');
      return pattern?.extract(text(value), wanted, budget) ?? null;
    },
  },
  RegexMatch: matchesPattern,
  RegexReplace: {
    parameters: ['text', 'text', 'text'],
    result: 'text',
    patternAt: 1,
    replacementAt: 2,
    run: ([value], { pattern, replacement, budget }) =>
      pattern?.replace(text(value), replacement ?? [], budget) ?? text(value),
  },
  Replace: replaceText,
  Split: splitText,
  StripSpaces: changing((value) => value.replaceAll(/\s/gu, '')),
  ToLower: changing((value) => value.toLowerCase()),
  ToUpper: changing((value) => value.toUpperCase()),
  Transliterate: changing(transliterate),
  Trim: changing((value) => value.trim()),
  Word: {
    parameters: ['text', 'number', 'text'],
    result: 'text',
    run: ([value, count, delimiters], tools) => {
      const all = characters(value, tools);
      tools.budget.spend(all.length);
      return wordOf(all, number(count), new Set(characters(delimiters, tools)));
    },
  },
};

export const TEXT_METHODS: Readonly<Record<string, FunctionSpec>> = {
  startsWith: asking((value, part) => value.startsWith(part)),
  endsWith: asking((value, part) => value.endsWith(part)),
  contains: asking((value, part) => value.includes(part)),
  matches: matchesPattern,
  lowerAscii: changing((value) => value.toLowerCase()),
  upperAscii: changing((value) => value.toUpperCase()),
  trim: changing((value) => value.trim()),
  indexOf: { parameters: ['text', 'text', 'number'], optional: 1, result: 'number', run: position },
  replace: replaceText,
  split: splitText,
  substring: {
    parameters: ['text', 'number', 'number'],
    optional: 1,
    result: 'text',
    run: ([value, from, to], tools) => {
      const all = characters(value, tools);
      const [first, last] = [Math.max(0, number(from)), to === undefined ? all.length : Math.max(0, number(to))];
      return all.slice(first, last).join('');
    },
  },
  join: {
    parameters: ['list', 'text'],
    optional: 1,
    result: 'text',
    run: ([list, separator], tools) => joined(Array.isArray(list) ? list : [], text(separator), tools),
  },
  size: { parameters: ['any'], result: 'number', run: ([value], tools) => sizeOf(value ?? null, tools) },
};

/** The texts of a list with a separator between them; what is empty is left out. */
export function joined(list: readonly Value[], separator: string, { budget, fail }: CallTools): string {
  const parts: string[] = [];
  let length = 0;
  for (const value of list) {
    if (value === null || value === '') continue;
    if (typeof value === 'object') throw fail('joins texts only');
    const part = String(value);
    length += part.length + separator.length;
    budget.fit(length);
    budget.spend(1);
    budget.pass(part.length + separator.length);
    parts.push(part);
  }
  return parts.join(separator);
}

/** Characters of a text, entries of a list or a record. */
export function sizeOf(value: Value, tools: CallTools): number {
  if (typeof value === 'string') return characters(value, tools).length;
  if (typeof value !== 'object' || value === null) throw tools.fail('has no size');
  const count = Array.isArray(value) ? value.length : Object.keys(value).length;
  tools.budget.pass(count);
  return count;
}
