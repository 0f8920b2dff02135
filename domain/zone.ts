/** A time zone as offsets; wall time is written as if it were UTC, in milliseconds since 1970. */
export interface Zone {
  /** What is added to an instant to get its wall time, in milliseconds. */
  offsetAt(instantMs: number): number;
}

/** An interval with one offset. */
export interface Regime {
  /** The first instant that belongs to it. */
  readonly startMs: number;
  /** The first instant that does not. */
  readonly endMs: number;
  readonly offsetMs: number;
}

/** Closer than this no zone has changed its offset twice. */
const PROBE_STEP_MS = 43_200_000;
const SECOND_MS = 1000;

/** @throws RangeError when the platform does not know the zone */
export function createZone(timezone: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return {
    offsetAt(instantMs) {
      const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
      for (const { type, value } of format.formatToParts(instantMs)) part[type] = Number(value);
      const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
      return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instantMs / SECOND_MS) * SECOND_MS;
    },
  };
}

/** The first whole second in (lowMs, highMs] with the offset of highMs; the offset changes once between them. */
function changeBetween(zone: Zone, lowMs: number, highMs: number): number {
  const after = zone.offsetAt(highMs);
  let low = Math.floor(lowMs / SECOND_MS);
  let high = Math.ceil(highMs / SECOND_MS);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (zone.offsetAt(middle * SECOND_MS) === after) high = middle;
    else low = middle;
  }
  return high * SECOND_MS;
}

/** The regimes that cover [fromMs, toMs), in order; the first and the last are cut off at these bounds. */
export function regimesBetween(zone: Zone, fromMs: number, toMs: number): readonly Regime[] {
  const regimes: Regime[] = [];
  let startMs = fromMs;
  let offsetMs = zone.offsetAt(fromMs);
  for (let probeMs = fromMs; probeMs < toMs; probeMs += PROBE_STEP_MS) {
    const nextMs = Math.min(probeMs + PROBE_STEP_MS, toMs);
    const nextOffsetMs = zone.offsetAt(nextMs);
    if (nextOffsetMs === offsetMs) continue;
    const endMs = changeBetween(zone, probeMs, nextMs);
    regimes.push({ startMs, endMs, offsetMs });
    startMs = endMs;
    offsetMs = nextOffsetMs;
  }
  return [...regimes, { startMs, endMs: toMs, offsetMs }];
}
