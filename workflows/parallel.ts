/** Runs `step` for every item with at most `limit` at once; the first failure is thrown after its siblings have ended. */
export async function inParallel<T>(
  items: readonly T[],
  limit: number,
  step: (item: T) => Promise<unknown>
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await step(item);
  };
  const lanes = Array.from({ length: Math.min(limit, items.length) }, lane);
  const results = await Promise.allSettled(lanes);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
