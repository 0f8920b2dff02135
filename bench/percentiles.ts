/** Whole milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly most: number;
}

export function percentiles(times: readonly number[]): Percentiles {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0);
  return { p50: at(0.5), p95: at(0.95), most: at(1) };
}
