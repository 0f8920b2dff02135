import { CronExpressionParser } from 'cron-parser';
import type { CronExpression } from 'cron-parser';
import { createZone, regimesBetween } from './zone';
import type { Regime, Zone } from './zone';

/** The fires of one cron expression in one time zone. */
export interface Fires {
  /** The first fire after an instant (both in milliseconds since 1970), or null when none is found within bounds. */
  next(afterMs: number): number | null;
}

const DAY_MS = 86_400_000;
/** Around an instant, far enough for any change of the clock (at most a whole day, Samoa 2011). */
const NEAR_MS = 2 * DAY_MS;
/** The offsets of this many days are looked up at once; they serve the fires that follow. */
const LOOK_UP_MS = 30 * DAY_MS;
/** Matching days that no clock ever shows are passed over this often, then the search ends. */
const SEARCH_LIMIT = 16;
const ALL_HOURS = 24;

interface Cron {
  readonly everyHour: boolean;
  /** The first matching wall time after a wall time, or null when there is none within the bounds of cron-parser. */
  nextWall(afterWallMs: number): number | null;
}

/** Evaluates the expression on a clock without changes, so that cron-parser's own handling of them has no part. */
function createCron(cron: string): Cron {
  const expression: CronExpression = CronExpressionParser.parse(cron, { tz: 'UTC', currentDate: 0, hashSeed: 'none' });
  return {
    everyHour: expression.fields.hour.values.length === ALL_HOURS,
    nextWall(afterWallMs) {
      expression.reset(new Date(afterWallMs));
      try {
        return expression.next().getTime();
      } catch {
        return null; // cron-parser gave up after its 10,000 steps
      }
    },
  };
}

/** The earliest of the wall times of one regime that is a fire after `afterMs`. */
function nextInRegime(cron: Cron, regime: Regime, before: Regime | undefined, afterMs: number): number | null {
  const setBackMs = before === undefined ? 0 : before.offsetMs - regime.offsetMs;
  // Set back: what the clock shows twice fires the first time only, unless the expression means every hour.
  const startMs = setBackMs > 0 && !cron.everyHour ? regime.startMs + setBackMs : regime.startMs;
  const wallMs = cron.nextWall(Math.max(afterMs, startMs - 1) + regime.offsetMs);
  const fireMs = wallMs === null ? null : wallMs - regime.offsetMs;
  return fireMs !== null && fireMs < regime.endMs ? fireMs : null;
}

/** The earliest fire after `afterMs` for a wall time that was skipped when the clock was set forward. */
function nextSkipped(cron: Cron, regime: Regime, before: Regime | undefined, afterMs: number): number | null {
  const skippedMs = before === undefined ? 0 : regime.offsetMs - before.offsetMs;
  if (before === undefined || skippedMs <= 0 || cron.everyHour) return null;
  const wallMs = cron.nextWall(Math.max(afterMs, regime.startMs - 1) + before.offsetMs);
  return wallMs !== null && wallMs < regime.startMs + regime.offsetMs ? wallMs - before.offsetMs : null;
}

function nextNear(cron: Cron, regimes: readonly Regime[], afterMs: number): number | null {
  const untilMs = afterMs + NEAR_MS;
  const found: number[] = [];
  regimes.forEach((regime, index) => {
    if (regime.endMs <= afterMs || regime.startMs > untilMs) return;
    const before = regimes[index - 1];
    for (const fireMs of [nextInRegime(cron, regime, before, afterMs), nextSkipped(cron, regime, before, afterMs)]) {
      if (fireMs !== null && fireMs <= untilMs) found.push(fireMs);
    }
  });
  return found.length > 0 ? Math.min(...found) : null;
}

function createRegimes(zone: Zone): (aroundMs: number) => readonly Regime[] {
  let fromMs = 0;
  let toMs = 0;
  let regimes: readonly Regime[] = [];
  return (aroundMs) => {
    if (aroundMs - NEAR_MS < fromMs || aroundMs + 2 * NEAR_MS > toMs) {
      fromMs = aroundMs - NEAR_MS;
      toMs = fromMs + LOOK_UP_MS;
      regimes = regimesBetween(zone, fromMs, toMs);
    }
    return regimes;
  };
}

/**
 * The fires of a cron expression by the clock of a time zone.
 * Clock set forward: a skipped time fires as much later as the clock jumped (02:30 at 03:30), once.
 * Clock set back: a repeated time fires once, the first time. An expression for every hour keeps its pace in both cases.
 * The work of one search is bounded: a few walks of at most 10,000 steps.
 * @throws Error (cron-parser) for a wrong expression, RangeError for an unknown zone
 */
export function createFires(cron: string, timezone: string): Fires {
  const parsed = createCron(cron);
  const zone = createZone(timezone);
  const regimesAround = createRegimes(zone);
  return {
    next(afterMs) {
      let fromMs = afterMs;
      for (let round = 0; round < SEARCH_LIMIT; round += 1) {
        const fireMs = nextNear(parsed, regimesAround(fromMs), fromMs);
        if (fireMs !== null) return fireMs;
        const offsetMs = zone.offsetAt(fromMs);
        const wallMs = parsed.nextWall(fromMs + NEAR_MS + offsetMs - DAY_MS);
        if (wallMs === null) return null;
        fromMs = Math.max(fromMs + DAY_MS / 2, wallMs - offsetMs - DAY_MS - DAY_MS / 2);
      }
      return null;
    },
  };
}
