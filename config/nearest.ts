import { distance } from 'fastest-levenshtein';

/** The known name that a wrong one was probably meant to be, or null when none is near enough. */
export function nearestName(wrong: string, known: readonly string[]): string | null {
  const typed = wrong.toLowerCase();
  const limit = Math.max(2, Math.floor(typed.length / 3));
  let best: string | null = null;
  let bestDistance = limit + 1;
  for (const name of known) {
    const d = distance(typed, name.toLowerCase());
    if (d < bestDistance) [best, bestDistance] = [name, d];
  }
  return best;
}

/** "unknown key; did you mean "cron"?", or the keys there are when none is near. */
export function unknownKeyMessage(key: string, known: readonly string[]): string {
  const near = nearestName(key, known);
  return near === null ? `unknown key; known here: ${known.join(', ')}` : `unknown key; did you mean "${near}"?`;
}
