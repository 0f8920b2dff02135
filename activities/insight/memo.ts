/** Remembers the answers of a reading function by its arguments, as long as the returned function lives. */
export function remembered<Args extends readonly unknown[], Answer>(
  read: (...args: Args) => Promise<Answer>
): (...args: Args) => Promise<Answer> {
  const answers = new Map<string, Promise<Answer>>();
  return (...args) => {
    const key = JSON.stringify(args);
    const known = answers.get(key) ?? read(...args);
    answers.set(key, known);
    return known;
  };
}
