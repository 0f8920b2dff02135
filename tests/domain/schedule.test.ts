import { MISSED_LIMIT, checkSchedule, dueTicks, jitterMs, nextFire } from '../../domain/schedule';
import type { ScheduleSettings } from '../../domain/settings';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const schedule = (cron: string, timezone = 'UTC'): ScheduleSettings => ({
  cron,
  timezone,
  enabled: true,
  jitterSeconds: 60,
});

/** The fires after a moment, as UTC without seconds where they are 0. */
function fires(cron: string, timezone: string, after: string, count: number): string[] {
  const found: string[] = [];
  let at: number | null = Date.parse(after);
  for (let n = 0; n < count && at !== null; n += 1) {
    at = nextFire(schedule(cron, timezone), at);
    if (at !== null) found.push(new Date(at).toISOString().replace(/(:00)?\.000Z$/, 'Z'));
  }
  return found;
}

describe('nextFire: the calendar', () => {
  it.each([
    ['every day at 2', '0 2 * * *', '2026-01-01T02:00Z', ['2026-01-02T02:00Z', '2026-01-03T02:00Z']],
    ['strictly after a moment', '0 2 * * *', '2026-01-01T01:59:59.999Z', ['2026-01-01T02:00Z']],
    ['a seconds field', '*/20 59 23 * * *', '2026-01-01T23:59:20Z', ['2026-01-01T23:59:40Z', '2026-01-02T23:59Z']],
    [
      'a day in a common year',
      '0 2 * * *',
      '2025-02-28T12:00Z',
      ['2025-03-01T02:00Z', '2025-03-02T02:00Z', '2025-03-03T02:00Z'],
    ],
    ['29 February', '0 0 29 2 *', '2026-01-01T00:00Z', ['2028-02-29T00:00Z', '2032-02-29T00:00Z']],
    ['29 February around 2100', '0 0 29 2 *', '2096-03-01T00:00Z', ['2104-02-29T00:00Z']],
    ['28 February', '0 0 28 2 *', '2027-03-01T00:00Z', ['2028-02-28T00:00Z', '2029-02-28T00:00Z']],
    ['the 31st', '0 0 31 * *', '2026-01-31T00:00Z', ['2026-03-31T00:00Z', '2026-05-31T00:00Z']],
    ['the last day', '0 0 L * *', '2028-01-31T00:00Z', ['2028-02-29T00:00Z', '2028-03-31T00:00Z', '2028-04-30T00:00Z']],
    ['the last day of February', '0 0 L 2 *', '2027-01-01T00:00Z', ['2027-02-28T00:00Z', '2028-02-29T00:00Z']],
    ['the end of a year', '59 23 31 12 *', '2026-01-01T00:00Z', ['2026-12-31T23:59Z', '2027-12-31T23:59Z']],
    ['the last Friday', '0 0 * * 5L', '2026-01-01T00:00Z', ['2026-01-30T00:00Z', '2026-02-27T00:00Z']],
    ['the second Monday', '0 0 * * 1#2', '2026-01-01T00:00Z', ['2026-01-12T00:00Z', '2026-02-09T00:00Z']],
    ['the fifth Monday', '0 0 * * MON#5', '2026-01-01T00:00Z', ['2026-03-30T00:00Z', '2026-06-29T00:00Z']],
    ['working days', '0 6 * * MON-FRI', '2026-01-02T06:00Z', ['2026-01-05T06:00Z']],
    [
      'the 13th or a Friday, as cron has it',
      '0 0 13 * 5',
      '2026-01-10T00:00Z',
      ['2026-01-13T00:00Z', '2026-01-16T00:00Z'],
    ],
    ['a nickname', '@weekly', '2026-01-01T00:00Z', ['2026-01-04T00:00Z']],
    ['Sunday as 0 and as 7', '0 0 * * 7', '2026-01-01T00:00Z', ['2026-01-04T00:00Z', '2026-01-11T00:00Z']],
  ])('%s: %s', (_, cron, after, expected) => {
    expect(fires(cron, 'UTC', after, expected.length)).toEqual(expected);
  });
});

describe('nextFire: the clock is set forward', () => {
  it.each([
    ['Europe/Berlin', '30 2 * * *', '2026-03-28T02:00Z', ['2026-03-29T01:30Z', '2026-03-30T00:30Z']],
    ['America/New_York', '30 2 * * *', '2026-03-07T12:00Z', ['2026-03-08T07:30Z', '2026-03-09T06:30Z']],
    ['Australia/Lord_Howe', '15 2 * * *', '2026-10-03T00:00Z', ['2026-10-03T15:45Z', '2026-10-04T15:15Z']],
    ['America/Sao_Paulo', '30 0 * * *', '2018-11-03T12:00Z', ['2018-11-04T03:30Z', '2018-11-05T02:30Z']],
    ['Pacific/Apia', '30 12 30 12 *', '2011-01-01T00:00Z', ['2011-12-30T22:30Z', '2012-12-29T22:30Z']],
  ])('%s: "%s" fires as much later as the clock jumped, once', (zone, cron, after, expected) => {
    expect(fires(cron, zone, after, expected.length)).toEqual(expected);
  });

  it('fires once where a skipped time falls on one that is there', () => {
    expect(fires('30 2,3 * * *', 'Europe/Berlin', '2026-03-29T00:00Z', 2)).toEqual([
      '2026-03-29T01:30Z',
      '2026-03-30T00:30Z',
    ]);
  });

  it('keeps the pace of an expression for every hour', () => {
    const expected = ['2026-03-29T00:30Z', '2026-03-29T01:00Z', '2026-03-29T01:30Z'];
    expect(fires('*/30 * * * *', 'Europe/Berlin', '2026-03-29T00:00Z', 3)).toEqual(expected);
    const lordHowe = ['2026-10-03T15:00Z', '2026-10-03T15:30Z', '2026-10-03T16:00Z'];
    expect(fires('*/30 * * * *', 'Australia/Lord_Howe', '2026-10-03T14:30Z', 3)).toEqual(lordHowe);
  });
});

describe('nextFire: the clock is set back', () => {
  it.each([
    ['Europe/Berlin', '30 2 * * *', '2026-10-24T12:00Z', ['2026-10-25T00:30Z', '2026-10-26T01:30Z']],
    ['America/New_York', '30 1 * * *', '2026-10-31T12:00Z', ['2026-11-01T05:30Z', '2026-11-02T06:30Z']],
    ['Australia/Lord_Howe', '45 1 * * *', '2026-04-04T00:00Z', ['2026-04-04T14:45Z', '2026-04-05T15:15Z']],
    ['Australia/Lord_Howe', '15 1 * * *', '2026-04-04T14:15Z', ['2026-04-05T14:45Z']],
    ['America/Sao_Paulo', '30 23 * * *', '2018-02-17T12:00Z', ['2018-02-18T01:30Z', '2018-02-19T02:30Z']],
  ])('%s: "%s" fires the first time only', (zone, cron, after, expected) => {
    expect(fires(cron, zone, after, expected.length)).toEqual(expected);
  });

  it('does not fire again when asked in the middle of the repeated hour', () => {
    expect(fires('30 2 * * *', 'Europe/Berlin', '2026-10-25T01:10:00Z', 1)).toEqual(['2026-10-26T01:30Z']);
  });

  it('keeps the pace of an expression for every hour', () => {
    const expected = ['2026-10-25T00:30Z', '2026-10-25T01:00Z', '2026-10-25T01:30Z', '2026-10-25T02:00Z'];
    expect(fires('*/30 * * * *', 'Europe/Berlin', '2026-10-25T00:00Z', 4)).toEqual(expected);
    const lordHowe = ['2026-04-04T14:45Z', '2026-04-04T15:00Z', '2026-04-04T15:15Z', '2026-04-04T15:30Z'];
    expect(fires('*/15 * * * *', 'Australia/Lord_Howe', '2026-04-04T14:30Z', 4)).toEqual(lordHowe);
  });
});

describe('nextFire: what never fires', () => {
  it.each([
    ['it is off', { ...schedule('* * * * *'), enabled: false }],
    ['the expression is wrong', schedule('61 * * * *')],
    ['the expression is empty', schedule('')],
    ['the zone is unknown', schedule('* * * * *', 'Mars/Olympus')],
    ['the day does not exist', schedule('0 0 30 2 *')],
    ['it fires in 18 years only', schedule('0 0 * 2 1#5')],
  ])('is null when %s', (_, settings) => {
    expect(nextFire(settings, NOW)).toBeNull();
    expect(dueTicks(settings, NOW, NOW + 400 * 86_400_000)).toEqual({ due: false, fireMs: NOW, missed: 0 });
  });
});

describe('checkSchedule', () => {
  it.each(['0 2 * * *', ' 0  2 * * * ', '*/10 0 2 * * *', '@daily', '0 0 29 2 *', '0 6 * * mon-fri', '0 0 * * THU'])(
    'has nothing against "%s"',
    (cron) => {
      expect(checkSchedule(schedule(cron, 'Europe/Berlin'), NOW)).toEqual([]);
    }
  );

  it.each([
    ['', '0 fields found'],
    ['5', '1 fields found'],
    ['0 2 * * * * *', '7 fields found'],
    ['61 * * * *', 'the minute "61" is wrong; use 0-59'],
    ['0 24 * * *', 'the hour "24" is wrong; use 0-23'],
    ['60 0 2 * * *', 'the second "60" is wrong'],
    ['0 0 0 * *', 'the day of month "0" is wrong'],
    ['0 0 15W * *', 'the day of month "15W" is wrong'],
    ['0 0 * FOO *', 'the month "FOO" is wrong; use 1-12 or JAN-DEC'],
    ['0 0 * * 1#6', 'the day of week "1#6" is wrong'],
    ['5-1 * * * *', 'the minute "5-1" is wrong'],
    ['*/0 * * * *', 'the minute "*/0" is wrong'],
    ['H 2 * * *', 'uses H; write a number'],
    ['@often', 'use one of @yearly'],
    ['0 0 30 2 *', 'does not fire within 8 years'],
    ['0 0 31 4,6 *', 'does not fire within 8 years'],
    ['0 0 * 2 1#5', 'does not fire within 8 years'],
  ])('names what is wrong with "%s": %s', (cron, problem) => {
    expect(checkSchedule(schedule(cron), NOW)).toEqual([expect.stringContaining(problem)]);
  });

  it.each(['Mars/Olympus', '', '+02:00', 'local', 'Europe'])('refuses the zone "%s" and says what to write', (zone) => {
    expect(checkSchedule(schedule('0 2 * * *', zone), NOW)).toEqual([expect.stringContaining('use an IANA name')]);
  });

  it.each([-1, 0.5, Number.NaN])('refuses a jitter of %d seconds', (jitterSeconds) => {
    expect(checkSchedule({ ...schedule('0 2 * * *'), jitterSeconds }, NOW)).toEqual([
      expect.stringContaining('jitter'),
    ]);
  });

  it('names every problem at once, of a schedule that is off too', () => {
    expect(checkSchedule({ ...schedule('61 25 * * *', 'Mars'), enabled: false }, NOW)).toHaveLength(3);
  });
});

describe('dueTicks', () => {
  const daily = schedule('0 2 * * *', 'Europe/Berlin');
  const due = (last: string, now: string, settings = daily) => {
    const { fireMs, ...rest } = dueTicks(settings, Date.parse(last), Date.parse(now));
    return { ...rest, fire: new Date(fireMs).toISOString() };
  };

  it('is not due before the next fire and keeps the last one', () => {
    const fire = '2026-01-01T01:00:00.000Z';
    expect(due(fire, '2026-01-02T00:59:59.999Z')).toEqual({ due: false, fire, missed: 0 });
  });

  it('is due at the fire itself and after it, and names it', () => {
    const expected = { due: true, fire: '2026-01-02T01:00:00.000Z', missed: 0 };
    expect(due('2026-01-01T01:00:00Z', '2026-01-02T01:00:00Z')).toEqual(expected);
    expect(due('2026-01-01T01:00:00Z', '2026-01-02T20:00:00Z')).toEqual(expected);
  });

  it('makes one run of all fires that were missed, and counts them', () => {
    const expected = { due: true, fire: '2026-01-11T01:00:00.000Z', missed: 9 };
    expect(due('2026-01-01T01:00:00Z', '2026-01-11T12:00:00Z')).toEqual(expected);
  });

  it('counts the days of a change of the clock once each', () => {
    const settings = schedule('30 2 * * *', 'Europe/Berlin');
    expect(due('2026-10-24T00:30:00Z', '2026-10-26T12:00:00Z', settings)).toMatchObject({ missed: 1 });
    expect(due('2026-03-28T01:30:00Z', '2026-03-30T12:00:00Z', settings)).toMatchObject({ missed: 1 });
  });

  it('counts at most the limit after an outage of years, and still names the newest fire', () => {
    const settings = schedule('*/5 * * * *', 'Europe/Berlin');
    const expected = { due: true, fire: '2026-05-05T12:05:00.000Z', missed: MISSED_LIMIT };
    expect(due('2016-01-01T00:00:00Z', '2026-05-05T12:07:30.500Z', settings)).toEqual(expected);
  });

  it('is not due when the clock went back', () => {
    expect(due('2026-01-02T01:00:00Z', '2025-12-31T00:00:00Z').due).toBe(false);
  });
});

describe('jitterMs', () => {
  it('is the same for a connector each time, below the window, and 0 without one', () => {
    for (const id of ['corp-entra', 'corp-okta', 'x']) {
      expect(jitterMs(id, 60)).toBe(jitterMs(id, 60));
      expect(jitterMs(id, 60)).toBeGreaterThanOrEqual(0);
      expect(jitterMs(id, 60)).toBeLessThan(60_000);
      for (const none of [0, -5, Number.NaN]) expect(jitterMs(id, none)).toBe(0);
    }
  });

  it('spreads connectors over the window', () => {
    const minutes = Array.from({ length: 600 }, (_, n) => Math.floor(jitterMs(`c-${n}`, 600) / 60_000));
    for (let minute = 0; minute < 10; minute += 1) {
      expect(minutes.filter((other) => other === minute).length).toBeGreaterThan(30);
    }
  });
});
