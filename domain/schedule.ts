import { CronExpressionParser } from 'cron-parser';
import { createFires } from './fires';
import type { Fires } from './fires';
import { fingerprint } from './ids';
import type { ScheduleSettings } from './settings';
import { createZone } from './zone';

export interface DueTicks {
  readonly due: boolean;
  /** Due: the newest fire at or before now. Else `lastFireMs`, so that it may be stored either way. */
  readonly fireMs: number;
  /** Fires before `fireMs` that nobody ran: they become this one run. MISSED_LIMIT means "at least". */
  readonly missed: number;
}

/** Fires that were missed are counted up to here. */
export const MISSED_LIMIT = 10_000;
/** A schedule has to fire within this time; 29 February may take 8 years (2096 to 2104). */
const HORIZON_MS = 8 * 366 * 86_400_000;

const FIELDS = [
  { name: 'second', allowed: '0-59' },
  { name: 'minute', allowed: '0-59' },
  { name: 'hour', allowed: '0-23' },
  { name: 'day of month', allowed: '1-31 or L' },
  { name: 'month', allowed: '1-12 or JAN-DEC' },
  { name: 'day of week', allowed: '0-7 or SUN-SAT, 5L for the last Friday, 1#2 for the second Monday' },
] as const;
const NICKNAMES = ['@yearly', '@annually', '@monthly', '@weekly', '@weekdays', '@weekends', '@daily', '@hourly'];

function parses(cron: string): boolean {
  try {
    CronExpressionParser.parse(cron, { tz: 'UTC', currentDate: 0, hashSeed: 'none' });
    return true;
  } catch {
    return false;
  }
}

function checkField(text: string, index: number): string[] {
  const { name, allowed } = FIELDS[index] ?? { name: 'field', allowed: '' };
  if (/(^|,)H/.test(text)) {
    return [`schedule.cron: the ${name} "${text}" uses H; write a number and spread connectors by jitterSeconds.`];
  }
  if (parses(FIELDS.map((_, other) => (other === index ? text : '*')).join(' '))) return [];
  return [`schedule.cron: the ${name} "${text}" is wrong; use ${allowed}, lists (1,2), ranges (1-5) and steps (*/5).`];
}

function checkCron(cron: string): string[] {
  const text = cron.trim();
  if (text.startsWith('@')) {
    return NICKNAMES.includes(text) ? [] : [`schedule.cron: "${text}" is unknown; use one of ${NICKNAMES.join(', ')}.`];
  }
  const fields = text.split(/\s+/);
  if (fields.length < FIELDS.length - 1 || fields.length > FIELDS.length) {
    const count = text === '' ? 0 : fields.length;
    return [
      `schedule.cron: ${count} fields found; write minute, hour, day of month, month and day of week, ` +
        'if wanted with the second before them, for example "0 2 * * *".',
    ];
  }
  const skipped = FIELDS.length - fields.length;
  return fields.flatMap((field, index) => checkField(field, index + skipped));
}

function checkZone(timezone: string): string[] {
  const hint = 'use an IANA name such as Europe/Berlin, America/New_York or UTC.';
  if (!/^[A-Za-z]/.test(timezone)) return [`schedule.timezone: "${timezone}" is no time zone; ${hint}`];
  try {
    createZone(timezone);
    return [];
  } catch {
    return [`schedule.timezone: "${timezone}" is unknown; ${hint}`];
  }
}

function firesOf(schedule: ScheduleSettings): Fires | null {
  if (checkCron(schedule.cron).length > 0 || checkZone(schedule.timezone).length > 0) return null;
  try {
    return createFires(schedule.cron.trim(), schedule.timezone);
  } catch {
    return null; // fields that are right one by one, but name no day (30 February)
  }
}

function nextWithin(fires: Fires, afterMs: number): number | null {
  const fireMs = fires.next(afterMs);
  return fireMs !== null && fireMs <= afterMs + HORIZON_MS ? fireMs : null;
}

/**
 * What is wrong with a schedule, a sentence each with what to do; empty when it is good.
 * Checked whether enabled or not. `now` in milliseconds: the schedule has to fire within 8 years from there.
 */
export function checkSchedule(schedule: ScheduleSettings, now: number): string[] {
  const problems = [...checkCron(schedule.cron), ...checkZone(schedule.timezone)];
  if (!Number.isInteger(schedule.jitterSeconds) || schedule.jitterSeconds < 0) {
    problems.push('schedule.jitterSeconds: use a whole number of seconds, 0 or more.');
  }
  if (problems.length > 0) return problems;
  const fires = firesOf(schedule);
  if (fires !== null && nextWithin(fires, now) !== null) return [];
  return [`schedule.cron: "${schedule.cron}" does not fire within 8 years; name a day that comes more often.`];
}

/**
 * The first fire after `afterMs` (milliseconds since 1970), by the clock of the schedule's zone (domain/fires.ts).
 * Null when the schedule is off, wrong, or does not fire within 8 years; never throws, as workflows call it.
 * The same for every instant between two fires: a restart neither repeats nor loses one.
 */
export function nextFire(schedule: ScheduleSettings, afterMs: number): number | null {
  const fires = schedule.enabled ? firesOf(schedule) : null;
  return fires === null ? null : nextWithin(fires, afterMs);
}

/** The newest fire in (lowMs, highMs], where there is one: `next` leaves the interval from exactly there on. */
function newestFire(fires: Fires, lowMs: number, highMs: number): number {
  let low = lowMs;
  let high = highMs;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const next = fires.next(middle);
    if (next !== null && next <= highMs) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * Whether a run is due: the schedule fired in (lastFireMs, nowMs]. Many missed fires become one run and are counted
 * (at most MISSED_LIMIT, so that an outage of years costs no more). Times in milliseconds since 1970.
 * Whoever turns a schedule on starts with `lastFireMs` = that moment, or the time it was off counts as missed.
 */
export function dueTicks(schedule: ScheduleSettings, lastFireMs: number, nowMs: number): DueTicks {
  const fires = schedule.enabled ? firesOf(schedule) : null;
  const first = fires === null ? null : nextWithin(fires, lastFireMs);
  if (fires === null || first === null || first > nowMs) return { due: false, fireMs: lastFireMs, missed: 0 };
  let fireMs = first;
  for (let missed = 0; missed < MISSED_LIMIT; missed += 1) {
    const next = fires.next(fireMs);
    if (next === null || next > nowMs) return { due: true, fireMs, missed };
    fireMs = next;
  }
  return { due: true, fireMs: newestFire(fires, fireMs - 1, nowMs), missed: MISSED_LIMIT };
}

/**
 * How much later than its fire a connector starts, in milliseconds: 0 up to (not including) jitterSeconds, always the
 * same for one connector, so that many connectors with one schedule do not start at once.
 */
export function jitterMs(connectorId: string, jitterSeconds: number): number {
  const windowMs = Math.floor(jitterSeconds * 1000);
  if (!(windowMs > 0)) return 0;
  return Number.parseInt(fingerprint(connectorId).slice(0, 12), 16) % windowMs;
}
