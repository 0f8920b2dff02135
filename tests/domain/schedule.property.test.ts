import { CronExpressionParser } from 'cron-parser';
import fc from 'fast-check';
import { dueTicks, nextFire } from '../../domain/schedule';
import type { ScheduleSettings } from '../../domain/settings';
import { createZone, regimesBetween } from '../../domain/zone';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Days on which a clock is changed, and two on which none is. */
const PLACES: readonly (readonly [zone: string, day: string])[] = [
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2026-10-25'],
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['America/Sao_Paulo', '2018-02-18'],
  ['America/Sao_Paulo', '2018-11-04'],
  ['Antarctica/Casey', '2018-03-11'],
  ['Asia/Kathmandu', '2026-02-28'],
  ['UTC', '2028-02-29'],
];

const listOf = (max: number) =>
  fc.uniqueArray(fc.nat(max), { minLength: 1, maxLength: 4 }).map((values) => values.join(','));
const crons = fc
  .tuple(
    fc.oneof(listOf(59), fc.constantFrom('*/15', '*/20', '0')),
    fc.oneof(listOf(4), listOf(23), fc.constantFrom('*', '1-3', '22-23', '*/2')),
    fc.constantFrom('*', '*/2', 'L'),
    fc.constantFrom('*', '*', '0', '1-5')
  )
  .map(([minute, hour, day, weekday]) => `${minute} ${hour} ${day} * ${weekday}`);
const cases = fc.record({ cron: crons, place: fc.constantFrom(...PLACES) });
const settings = (cron: string, timezone: string): ScheduleSettings => ({
  cron,
  timezone,
  enabled: true,
  jitterSeconds: 0,
});

/** The rule by brute force: looks at every minute of the clock and at every minute a change of the clock skipped. */
function firesByHand(cron: string, timezone: string, fromMs: number, toMs: number): number[] {
  const expression = CronExpressionParser.parse(cron, { tz: 'UTC', currentDate: 0, hashSeed: 'none' });
  const everyHour = expression.fields.hour.values.length === 24;
  const matches = (wallMs: number): boolean => expression.includesDate(new Date(wallMs));
  const zone = createZone(timezone);
  const shown = new Set<number>();
  const fires = new Set<number>();
  let offsetBefore = zone.offsetAt(fromMs - DAY_MS);
  for (let at = fromMs - DAY_MS; at <= toMs; at += MINUTE_MS) {
    const offset = zone.offsetAt(at);
    for (let skipped = at + offsetBefore; skipped < at + offset; skipped += MINUTE_MS) {
      if (!everyHour && matches(skipped)) fires.add(skipped - offsetBefore);
    }
    if (matches(at + offset) && (everyHour || !shown.has(at + offset))) fires.add(at);
    shown.add(at + offset);
    offsetBefore = offset;
  }
  return [...fires].filter((at) => at > fromMs && at <= toMs).sort((a, b) => a - b);
}

function firesOf(schedule: ScheduleSettings, fromMs: number, toMs: number): number[] {
  const found: number[] = [];
  for (let at = nextFire(schedule, fromMs); at !== null && at <= toMs; at = nextFire(schedule, at)) found.push(at);
  return found;
}

describe('a schedule, for any expression, around a change of the clock', () => {
  it('fires exactly when the rule says', () => {
    fc.assert(
      fc.property(cases, ({ cron, place: [zone, day] }) => {
        const fromMs = Date.parse(day) - DAY_MS;
        const toMs = fromMs + 3 * DAY_MS;
        expect(firesOf(settings(cron, zone), fromMs, toMs)).toEqual(firesByHand(cron, zone, fromMs, toMs));
      }),
      { numRuns: 40 }
    );
  });

  it('has the same next fire for every moment between two fires', () => {
    fc.assert(
      fc.property(cases, fc.nat(3 * 24 * 3600), fc.nat(100), ({ cron, place: [zone, day] }, seconds, share) => {
        const schedule = settings(cron, zone);
        const at = Date.parse(day) - DAY_MS + seconds * 1000;
        const next = nextFire(schedule, at) ?? Number.NaN;
        expect(next).toBeGreaterThan(at);
        expect(nextFire(schedule, at + Math.floor(((next - 1 - at) * share) / 100))).toBe(next);
      }),
      { numRuns: 100 }
    );
  });

  it('misses nothing: one fire and the missed ones are all fires of the time', () => {
    fc.assert(
      fc.property(cases, fc.nat(72), ({ cron, place: [zone, day] }, hours) => {
        const schedule = settings(cron, zone);
        const lastMs = Date.parse(day) - DAY_MS;
        const nowMs = lastMs + hours * 3_600_000;
        const all = firesOf(schedule, lastMs, nowMs);
        const { due, fireMs, missed } = dueTicks(schedule, lastMs, nowMs);
        expect(due).toBe(all.length > 0);
        expect(fireMs).toBe(all.at(-1) ?? lastMs);
        expect(missed).toBe(Math.max(0, all.length - 1));
      }),
      { numRuns: 100 }
    );
  });
});

describe('the regimes of a zone', () => {
  it.each(PLACES)('%s around %s cover the time without a hole, each with its one offset', (timezone, day) => {
    const zone = createZone(timezone);
    const fromMs = Date.parse(day) - DAY_MS;
    const regimes = regimesBetween(zone, fromMs, fromMs + 3 * DAY_MS);
    expect(regimes[0]?.startMs).toBe(fromMs);
    expect(regimes.at(-1)?.endMs).toBe(fromMs + 3 * DAY_MS);
    regimes.forEach(({ startMs, endMs, offsetMs }, index) => {
      expect(zone.offsetAt(startMs)).toBe(offsetMs);
      expect(zone.offsetAt(endMs - 1)).toBe(offsetMs);
      expect(regimes[index + 1]?.startMs ?? endMs).toBe(endMs);
    });
  });
});
