import { nameKey } from './names';

type Matcher = (text: string) => boolean;

/** Compiled lists, so that callers may pass the settings' own list for every user of a run. */
const compiledLists = new WeakMap<readonly string[], Matcher>();

/**
 * A predicate that tells whether a text as a whole matches one of the patterns: `*` stands for any characters, `?` for
 * one. Compares as names do (rules 1.5). An empty list matches nothing.
 * Time: at most pattern length x text length for each pattern, whatever the pattern.
 */
export function compileGlobs(patterns: readonly string[]): (text: string) => boolean {
  const known = compiledLists.get(patterns);
  if (known !== undefined) return known;
  const compiled = compile(patterns);
  compiledLists.set(patterns, compiled);
  return compiled;
}

function compile(patterns: readonly string[]): Matcher {
  const literals = new Set<string>();
  const globs: string[][] = [];
  for (const pattern of new Set(patterns.map(globKey))) {
    if (/[*?]/.test(pattern)) globs.push(Array.from(pattern));
    else literals.add(pattern);
  }
  const matchesEverything = globs.some((glob) => glob.every((character) => character === '*'));
  if (matchesEverything) return () => true;
  return (text) => {
    const key = globKey(text);
    if (literals.has(key)) return true;
    if (globs.length === 0) return false;
    const characters = Array.from(key);
    return globs.some((glob) => matches(glob, characters));
  };
}

/** A sigma is lower-cased by its place in the word, which a wildcard beside it would change. */
function globKey(text: string): string {
  return nameKey(text).replaceAll('ς', 'σ');
}

/** Goes back to the last star only: earlier stars need no second try, which is what bounds the time. */
function matches(glob: readonly string[], text: readonly string[]): boolean {
  let g = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (glob[g] === '*') {
      star = g++;
      resume = t;
    } else if (g < glob.length && (glob[g] === '?' || glob[g] === text[t])) {
      g++;
      t++;
    } else if (star >= 0) {
      g = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (glob[g] === '*') g++;
  return g === glob.length;
}
