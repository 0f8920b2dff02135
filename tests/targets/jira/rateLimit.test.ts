import fc from 'fast-check';
import { rateHeaders, retryAfterMs, waitAfterRefusal } from '../../../targets/jira/rateLimit';

const limiter = (limit: string, fillRate: string, interval: string) => ({
  'x-ratelimit-limit': limit,
  'x-ratelimit-remaining': '0',
  'x-ratelimit-fillrate': fillRate,
  'x-ratelimit-interval-seconds': interval,
});

describe('the wait after a 429', () => {
  it.each([
    ['recorded: Retry-After 0, five a second', { ...limiter('5', '5', '1'), 'retry-after': '0' }, 200],
    ['recorded: one a second', { ...limiter('70', '1', '1'), 'retry-after': '0' }, 1_000],
    ['ten a minute', { ...limiter('10', '10', '60'), 'retry-after': '0' }, 6_000],
    ['no header at all', {}, 1_000],
    ['a proxy that says how long', { 'retry-after': '7' }, 7_000],
    [
      'a proxy that names a date',
      { 'retry-after': 'Tue, 02 Jan 2024 10:00:30 GMT', date: 'Tue, 02 Jan 2024 10:00:00 GMT' },
      30_000,
    ],
    ['a date without a clock to compare', { 'retry-after': 'Tue, 02 Jan 2024 10:00:30 GMT' }, 1_000],
    ['nonsense', { 'retry-after': '-5' }, 1_000],
    ['a very fast refill', { ...limiter('9000', '9000', '1'), 'retry-after': '0' }, 100],
  ])('%s', (_name, headers, expected) => {
    expect(waitAfterRefusal(headers, 0)).toBe(expected);
  });

  it.each([
    ['recorded: block all', { ...limiter('0', '0', '1'), 'retry-after': '9223372036854775807' }],
    ['an empty bucket', { ...limiter('0', '5', '1'), 'retry-after': '0' }],
    ['no refill', { ...limiter('5', '0', '1'), 'retry-after': '0' }],
    ['a day', { 'retry-after': '86400' }],
  ])('%s is no throttling but a block', (_name, headers) => {
    expect(waitAfterRefusal(headers, 0)).toBe('blocked');
  });

  it('is at least what was asked for and the refill of one request, at most double and never over 5 s more', () => {
    const figures = fc.record({
      limit: fc.integer({ min: 1, max: 1_000 }),
      fillRate: fc.integer({ min: 1, max: 1_000 }),
      interval: fc.integer({ min: 1, max: 60 }),
      retryAfter: fc.integer({ min: 0, max: 3_600 }),
      jitter: fc.double({ min: 0, max: 0.999, noNaN: true }),
    });
    fc.assert(
      fc.property(figures, ({ limit, fillRate, interval, retryAfter, jitter }) => {
        const headers = { ...limiter(`${limit}`, `${fillRate}`, `${interval}`), 'retry-after': `${retryAfter}` };
        const least = Math.max(retryAfter * 1_000, (interval * 1_000) / fillRate);
        const wait = waitAfterRefusal(headers, jitter);
        expect(wait).toBeGreaterThanOrEqual(Math.floor(least));
        expect(wait).toBeLessThanOrEqual(Math.ceil(Math.max(least, 100) + Math.min(Math.max(least, 100), 5_000)));
      })
    );
  });
});

describe('the headers of the limiter', () => {
  it('are absent where the limiter is off', () => {
    expect(rateHeaders({})).toBeNull();
  });

  it('are read as recorded', () => {
    expect(rateHeaders({ ...limiter('5', '5', '1'), 'x-ratelimit-remaining': '1' })).toEqual({
      limit: 5,
      remaining: 1,
      intervalSeconds: 1,
      fillRate: 5,
    });
  });

  it('a date in the past asks for no wait', () => {
    const headers = { 'retry-after': 'Tue, 02 Jan 2024 10:00:00 GMT', date: 'Tue, 02 Jan 2024 10:00:30 GMT' };
    expect(retryAfterMs(headers)).toBe(0);
  });
});
