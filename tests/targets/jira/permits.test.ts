import { CallsDelayed, type CallEnd, type CallLimiter } from '../../../domain/call-limiter';
import { bean, never, refusal, startStub, targetFor, type Received, type Scripted, type Stub } from './support';

/** A limiter that counts what is under way and notes how each request ended. */
function countingLimiter(): { limiter: CallLimiter; ends: CallEnd[]; open: () => number } {
  const ends: CallEnd[] = [];
  let open = 0;
  const limiter: CallLimiter = {
    take: () => {
      open += 1;
      return Promise.resolve({
        end: (end) => {
          open -= 1;
          ends.push(end);
        },
      });
    },
  };
  return { limiter, ends, open: () => open };
}

const RATE = {
  'x-ratelimit-limit': '5',
  'x-ratelimit-remaining': '1',
  'x-ratelimit-fillrate': '5',
  'x-ratelimit-interval-seconds': '1',
};

let stub: Stub | null = null;
async function stubbed(script: (request: Received) => Scripted): Promise<Stub> {
  stub = await startStub(script);
  return stub;
}
afterEach(async () => {
  await stub?.stop();
  stub = null;
});

describe('a target with a limiter', () => {
  it('takes one permit for every request, also for those that one method sends in a row', async () => {
    const { limiter, ends, open } = countingLimiter();
    const underWay: number[] = [];
    const { url, received } = await stubbed((request) => {
      underWay.push(open());
      return { status: 200, body: request.method === 'PUT' ? { key: 'KEY-fred', name: 'fred' } : bean('fred') };
    });
    const target = targetFor(url, {}, { limiter });
    await target.updateUser('KEY-fred', { active: true }, never());
    await target.findByKey('KEY-fred', never());
    expect(received).toHaveLength(3);
    expect(underWay).toEqual([1, 1, 1]);
    expect(ends).toEqual(Array(3).fill({ rate: null, blockedForMs: null }));
    expect(open()).toBe(0);
  });

  it('tells it the rate that the answers show', async () => {
    const { limiter, ends } = countingLimiter();
    const { url } = await stubbed(() => ({ status: 200, headers: RATE, body: bean('fred') }));
    await targetFor(url, {}, { limiter }).findByKey('KEY-fred', never());
    expect(ends).toEqual([{ rate: { limit: 5, remaining: 1, fillRate: 5, intervalSeconds: 1 }, blockedForMs: null }]);
  });

  it.each([
    ['the refill of one request after Retry-After: 0', { ...RATE, 'retry-after': '0' }, 200],
    ['what a proxy asks for', { 'retry-after': '7' }, 7_000],
    ['a minute where an administrator lets nobody through', { 'retry-after': '9223372036854775807' }, 60_000],
  ])('tells it after a 429 how long to wait: %s', async (_name, headers, blockedForMs) => {
    const { limiter, ends } = countingLimiter();
    const { url } = await stubbed(() => ({ status: 429, headers, body: '<title>HTTP Status 429</title>' }));
    await refusal(targetFor(url, {}, { limiter }).findByKey('K', never()));
    expect(ends).toMatchObject([{ blockedForMs }]);
  });

  it('gives the permit back when no answer comes', async () => {
    const { limiter, ends, open } = countingLimiter();
    const { url } = await stubbed(() => 'cut');
    await refusal(targetFor(url, {}, { limiter }).findByKey('K', never()));
    expect(ends).toEqual([{ rate: null, blockedForMs: null }]);
    expect(open()).toBe(0);
  });

  it('sends nothing and says when to come back where no permit is to be had soon', async () => {
    const limiter: CallLimiter = { take: () => Promise.reject(new CallsDelayed(42_000)) };
    const { url, received } = await stubbed(() => ({ status: 200, body: bean('fred') }));
    const error = await refusal(targetFor(url, {}, { limiter }).addMember('dev', 'fred', never()));
    expect(error).toMatchObject({ kind: 'rateLimited', retryAfterMs: 42_000 });
    expect(received).toHaveLength(0);
  });

  it('gives the permit back unused to a caller who cancelled meanwhile', async () => {
    const controller = new AbortController();
    const { limiter, ends } = countingLimiter();
    const late: CallLimiter = {
      take: (signal) => {
        controller.abort(new Error('cancelled'));
        return limiter.take(signal);
      },
    };
    const { url, received } = await stubbed(() => ({ status: 200, body: bean('fred') }));
    const target = targetFor(url, {}, { limiter: late });
    await expect(target.addMember('dev', 'fred', controller.signal)).rejects.toThrow('cancelled');
    expect(received).toHaveLength(0);
    expect(ends).toHaveLength(1);
  });
});
