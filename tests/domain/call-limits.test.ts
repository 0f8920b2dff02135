import fc from 'fast-check';
import {
  FULL_SHARE,
  afterRefusal,
  firstGrantAt,
  grantTime,
  interactiveCapacity,
  isBlocked,
  isLow,
  leaseSize,
  nextWindow,
  recovered,
  remainingCapacity,
  windowAt,
} from '../../domain/call-rate';
import type { SeenRate } from '../../domain/call-limiter';
import { fairShare, slotsFor } from '../../domain/call-slots';

const NOW = Date.parse('2026-03-01T02:00:00.500Z');
const SECOND = Math.floor(NOW / 1_000);
const rate = (fillRate: number, intervalSeconds = 1, limit = fillRate): SeenRate => ({
  fillRate,
  intervalSeconds,
  limit,
  remaining: limit,
});

describe('the windows of a rate (durability 5.6)', () => {
  it.each([
    ['5 a second', rate(5), 1, { start: Math.floor(SECOND / 10) * 10, seconds: 10, capacity: 50 }],
    ['100 a second, half of it', rate(100), 0.5, { start: SECOND, seconds: 1, capacity: 50 }],
    ['1 in 10 seconds', rate(1, 10), 1, { start: Math.floor(SECOND / 500) * 500, seconds: 500, capacity: 50 }],
    ['300 a minute', rate(300, 60), 1, { start: Math.floor(SECOND / 10) * 10, seconds: 10, capacity: 50 }],
  ])('%s', (_name, seen, share, window) => {
    expect(windowAt(seen, share, NOW)).toEqual(window);
  });

  it('follow each other, and their grants lie evenly within them', () => {
    const rates = fc.record({ fillRate: fc.integer({ min: 1, max: 500 }), interval: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(rates, fc.double({ min: 0.5, max: 1, noNaN: true }), ({ fillRate, interval }, share) => {
        const window = windowAt(rate(fillRate, interval), share, NOW);
        const end = (window.start + window.seconds) * 1_000;
        expect(window.start * 1_000).toBeLessThanOrEqual(NOW);
        expect(end).toBeGreaterThan(NOW);
        expect(grantTime(window, 1)).toBe(window.start * 1_000);
        expect(grantTime(window, window.capacity)).toBeLessThan(end);
        expect(grantTime(nextWindow(window), 1)).toBe(end);
      })
    );
  });

  it('never let more through than the rate, and hardly less than the share of it', () => {
    const rates = fc.record({ fillRate: fc.integer({ min: 1, max: 500 }), interval: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(rates, ({ fillRate, interval }) => {
        const { capacity, seconds } = windowAt(rate(fillRate, interval), FULL_SHARE.share, NOW);
        const whole = (seconds * fillRate) / interval;
        expect(capacity).toBeLessThanOrEqual(whole);
        expect(capacity).toBeGreaterThanOrEqual(Math.floor(0.95 * whole));
      })
    );
  });

  it('are leased in tenths, and a fifth is for people who wait', () => {
    const window = { start: SECOND, seconds: 1, capacity: 50 };
    expect([leaseSize(window), interactiveCapacity(window, rate(50))]).toEqual([5, 10]);
    expect(leaseSize({ ...window, seconds: 10 })).toBe(1);
    expect(interactiveCapacity(window, rate(5))).toBe(2);
    expect(interactiveCapacity(window, rate(1))).toBe(1);
    expect([remainingCapacity(window, 12), remainingCapacity(window, 60)]).toEqual([38, 0]);
  });

  it('void what went by unused, but for a part of the bucket', () => {
    const window = { start: SECOND, seconds: 10, capacity: 50 };
    expect(firstGrantAt(window, rate(5), SECOND * 1_000)).toBe(1);
    expect(firstGrantAt(window, rate(5), SECOND * 1_000 + 2_000)).toBe(10);
    expect(firstGrantAt(window, { ...rate(5), limit: 20 }, SECOND * 1_000 + 2_000)).toBe(6);
    expect(grantTime(window, 11)).toBe(SECOND * 1_000 + 2_000);
  });

  it('are none where nobody is let through', () => {
    expect([rate(0), { ...rate(5), limit: 0 }, rate(5)].map(isBlocked)).toEqual([true, true, false]);
  });
});

describe('the share of the rate that is used', () => {
  it('stays after one refusal, falls with each that follows within a minute, and comes back a step a minute', () => {
    const chance = afterRefusal(FULL_SHARE, NOW);
    expect(chance.share).toBe(FULL_SHARE.share);
    expect(afterRefusal(chance, NOW + 60_001).share).toBe(FULL_SHARE.share);
    let share = afterRefusal(chance, NOW + 60_000);
    expect(share.share).toBeLessThan(FULL_SHARE.share);
    for (let n = 0; n < 50; n += 1) share = afterRefusal(share, NOW);
    expect(share.share).toBe(0.5);
    expect(recovered(share, NOW + 59_999)).toEqual(share);
    const later = recovered(share, NOW + 60_000);
    expect(later.share).toBeGreaterThan(0.5);
    expect(recovered(later, NOW + 60_001)).toEqual(later);
    for (let n = 1; n < 50; n += 1) share = recovered(share, NOW + n * 60_000);
    expect(share.share).toBe(FULL_SHARE.share);
  });
});

describe('a burst of refusals', () => {
  it('counts as one: those that come while everybody is stopped say nothing new', () => {
    const once = afterRefusal(FULL_SHARE, NOW);
    expect(afterRefusal(once, NOW + 10, NOW + 500)).toBe(once);
    expect(afterRefusal(once, NOW + 500, NOW + 500).share).toBeLessThan(once.share);
  });
});

describe('a bucket', () => {
  it.each([
    [5, 2, false],
    [5, 1, true],
    [5, 0, true],
    [1, 1, false],
    [1, 0, true],
    [70, 15, false],
    [70, 14, true],
  ])('of %d with %d left is low: %s', (limit, remaining, low) => {
    expect(isLow({ limit, remaining, fillRate: 5, intervalSeconds: 1 })).toBe(low);
  });
});

describe('slots (durability 5.1)', () => {
  it.each([
    ['interactive', 4, true, [0, 1, 2, 3]],
    ['bulk', 4, true, [1, 2, 3]],
    ['bulk', 4, false, [0, 1, 2, 3]],
    ['bulk', 1, true, [0]],
  ] as const)('%s, of %d, reserved %s: %j', (priority, concurrency, reserved, slots) => {
    expect(slotsFor(priority, concurrency, reserved)).toEqual(slots);
  });
  it.each([
    [4, 0, 4],
    [4, 1, 2],
    [3, 1, 2],
    [4, 2, 2],
    [1, 5, 1],
  ])('of %d with %d others waiting, each keeps %d', (concurrency, others, share) => {
    expect(fairShare(concurrency, others)).toBe(share);
  });
});
