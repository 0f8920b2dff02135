import { setTimeout as sleep } from 'node:timers/promises';
import { createCallRate } from '../../activities/limiter/callRate';
import { createCallLimiters } from '../../activities/limiter/limiter';
import type { CallLimiters } from '../../activities/limiter/limiter';
import { CallsDelayed } from '../../domain/call-limiter';
import type { CallEnd, CallLimiter } from '../../domain/call-limiter';
import type { CallLimitRepository } from '../../store/limit-repositories';
import { openTestStore } from '../store/support';
import type { StoreUnderTest } from '../store/support';
import { until } from '../support/commands';

const never = new AbortController().signal;
const NOTHING: CallEnd = { rate: null, blockedForMs: null };
const LONG_MS = 30_000;

/** Counts what runs at the same moment over all limiters of a test. */
function meter() {
  let open = 0;
  const seen = { most: 0, done: 0 };
  const call = async (limiter: CallLimiter, ms = 5): Promise<void> => {
    const permit = await limiter.take(never);
    open += 1;
    seen.most = Math.max(seen.most, open);
    await sleep(ms);
    open -= 1;
    seen.done += 1;
    permit.end(NOTHING);
  };
  return { seen, call };
}

describe('the limiter of calls to one connection (durability 5.6)', () => {
  let test: StoreUnderTest;
  const all: CallLimiters[] = [];
  beforeAll(async () => {
    test = await openTestStore('limiter');
  });
  afterEach(async () => {
    for (const limiters of all.splice(0)) await limiters.close();
  });
  afterAll(() => test.remove());

  /** What one more process has. */
  const process = (holder: string, maxWaitMs = LONG_MS): CallLimiters => {
    const limiters = createCallLimiters(test.store.callLimits, { holder, maxWaitMs });
    all.push(limiters);
    return limiters;
  };

  it('keeps the calls of several processes together under the concurrency, and gives each its share', async () => {
    const { seen, call } = meter();
    const shares = { a: 0, b: 0 };
    const work = async (name: 'a' | 'b'): Promise<void> => {
      const limiter = process(name).limiter('shared', 4, 'bulk');
      const lanes = Array.from({ length: 8 }, async () => {
        while (seen.done < 600) {
          await call(limiter);
          shares[name] += 1;
        }
      });
      await Promise.all(lanes);
    };
    await Promise.all([work('a'), work('b')]);
    expect(seen.most).toBeLessThanOrEqual(4);
    expect(Math.min(shares.a, shares.b)).toBeGreaterThan(0);
  });

  it('takes over what a process that died had, when its leases end', async () => {
    const dead = process('dead').limiter('orphans', 2, 'bulk');
    await Promise.all([dead.take(never), dead.take(never)]);
    await all.splice(0)[0]?.close();
    const taken = await process('next').limiter('orphans', 2, 'bulk').take(never);
    taken.end(NOTHING);
    const held = { connection: 'crashed', numbers: [0], holder: 'crashed', now: Date.now(), until: Date.now() + 400 };
    expect(await test.store.callLimits.takeSlot(held)).toBe(0);
    const began = Date.now();
    (await process('heir').limiter('crashed', 1, 'bulk').take(never)).end(NOTHING);
    expect(Date.now()).toBeGreaterThanOrEqual(held.until - 1);
    expect(began).toBeLessThan(held.until);
  });

  it('lets somebody who waits through while bulk work has every slot', async () => {
    const { call } = meter();
    const limiters = process('one');
    const bulk = limiters.limiter('mixed', 2, 'bulk');
    let running = true;
    const work = Promise.all(
      Array.from({ length: 6 }, async () => {
        while (running) await call(bulk);
      })
    );
    const interactive = limiters.limiter('mixed', 2, 'interactive');
    for (let n = 0; n < 20; n += 1) await call(interactive, 1);
    // From now on a slot is kept for them: bulk work has the other one.
    const places = async (): Promise<readonly string[]> =>
      (
        await test.db
          .collection('callConnections')
          .find({ _id: 'mixed' as never })
          .toArray()
      ).map((found) => (typeof found['reservedUntil'] === 'number' ? 'reserved' : 'free'));
    expect(await until(async () => (await places())[0] ?? null)).toBe('reserved');
    running = false;
    await work;
  });

  it('starts nothing on a place whose lease ended while the pace kept it waiting', async () => {
    const slow = { rate: { fillRate: 1, intervalSeconds: 2, limit: 1, remaining: 0 }, blockedForMs: null };
    const failing = new Proxy(test.store.callLimits, {
      get: (target, name, receiver) =>
        name === 'renewSlot'
          ? () => Promise.reject(new Error('no store'))
          : (Reflect.get(target, name, receiver) as unknown),
    });
    const options = { holder: 'stalled', maxWaitMs: LONG_MS, leaseMs: 2_000 };
    const limiters = createCallLimiters(failing, options);
    all.push(limiters);
    const limiter = limiters.limiter('ended', 1, 'bulk');
    (await limiter.take(never)).end(slow);
    const other = process('other').limiter('ended', 1, 'bulk');
    const open: string[] = [];
    const most = { value: 0 };
    const call = async (name: string, by: CallLimiter): Promise<void> => {
      const permit = await by.take(never);
      open.push(name);
      most.value = Math.max(most.value, open.length);
      await sleep(50);
      open.splice(open.indexOf(name), 1);
      permit.end(slow);
    };
    await Promise.all([call('a', limiter), call('b', other), call('c', limiter)]);
    expect(most.value).toBe(1);
  });

  it('tells a caller to come again when it would have to wait too long', async () => {
    const limiter = process('short', 50).limiter('full', 1, 'bulk');
    const permit = await limiter.take(never);
    await expect(limiter.take(never)).rejects.toBeInstanceOf(CallsDelayed);
    permit.end(NOTHING);
    (await limiter.take(never)).end(NOTHING);
  });

  it('ends a wait with the reason of the signal', async () => {
    const limiter = process('abort').limiter('aborted', 1, 'bulk');
    const permit = await limiter.take(never);
    const stop = new AbortController();
    const waiting = limiter.take(stop.signal);
    stop.abort(new Error('stopped by the test'));
    await expect(waiting).rejects.toThrow('stopped by the test');
    permit.end(NOTHING);
  });

  it('stops everybody, also in other processes, when one is refused for its rate', async () => {
    const refused = await process('first').limiter('blocked', 2, 'bulk').take(never);
    refused.end({ rate: null, blockedForMs: 60_000 });
    await until(async () => (await test.store.callLimits.connection('blocked', Date.now())).blockedUntil > Date.now());
    const other = process('second', 1_000).limiter('blocked', 2, 'bulk');
    await until(async () =>
      other.take(never).then(
        (permit) => {
          permit.end(NOTHING);
          return false;
        },
        (error: unknown) => error instanceof CallsDelayed && error.retryAfterMs > 30_000
      )
    );
  });

  it('asks the store for the rate once where none was ever seen', async () => {
    const counted = counting(test.store.callLimits);
    const rate = createCallRate(counted.limits, 'unlimited');
    for (let n = 0; n < 20; n += 1) await rate.turn('bulk', Date.now() + LONG_MS, never);
    expect(counted.calls()).toBe(1);
  });

  it('knows a rate that others have seen before its first call, and forgets it when answers no longer show one', async () => {
    const { callLimits } = test.store;
    const seen = { fillRate: 5, intervalSeconds: 1, limit: 5, remaining: 5 };
    createCallRate(callLimits, 'learned').note({ rate: seen, blockedForMs: null });
    await until(async () => (await callLimits.connection('learned', Date.now())).rate !== null);
    const counted = counting(callLimits);
    const rate = createCallRate(counted.limits, 'learned');
    await rate.turn('bulk', Date.now() + LONG_MS, never);
    expect(counted.calls()).toBeGreaterThan(1);
    for (let n = 0; n < 60; n += 1) rate.note(NOTHING);
    await until(async () => (await callLimits.connection('learned', Date.now())).rate === null);
  });

  describe('at a seen rate', () => {
    const SEEN: CallEnd = { rate: { fillRate: 50, intervalSeconds: 1, limit: 50, remaining: 50 }, blockedForMs: null };

    it('is exact over several processes, with far fewer store calls than requests', async () => {
      const counted = counting(test.store.callLimits);
      const starts: number[] = [];
      const lanes = Array.from({ length: 4 }, async () => {
        const rate = createCallRate(counted.limits, 'paced');
        rate.note(SEEN);
        while (starts.length < 200) {
          await rate.turn('bulk', Date.now() + LONG_MS, never);
          starts.push(Date.now());
        }
      });
      await Promise.all(lanes);
      const bySecond = new Map<number, number>();
      for (const at of starts) bySecond.set(Math.floor(at / 1_000), (bySecond.get(Math.floor(at / 1_000)) ?? 0) + 1);
      const first = Math.min(...starts);
      // A grant is never used early; one that a busy machine used late counts to the second after.
      for (const count of bySecond.values()) expect(count).toBeLessThanOrEqual(SEEN.rate!.fillRate + 10);
      expect(starts.length / ((Math.max(...starts) - first) / 1_000 + 1)).toBeLessThanOrEqual(50);
      expect(counted.calls()).toBeLessThan(starts.length);
    });

    it('counts a call by what it costs', async () => {
      const rate = createCallRate(test.store.callLimits, 'weighed');
      rate.note(SEEN);
      const began = performance.now();
      for (let n = 0; n < 4; n += 1) await rate.turn('bulk', Date.now() + LONG_MS, never, 25);
      // 100 of 48 a second, less what may be used late of the bucket's stock.
      expect(performance.now() - began).toBeGreaterThan(1_000);
    });

    it('lets people who wait start at once, and bulk work pays for it in the next window', async () => {
      const rate = createCallRate(test.store.callLimits, 'polite');
      rate.note(SEEN);
      const bulk = Promise.all(Array.from({ length: 100 }, () => rate.turn('bulk', Date.now() + LONG_MS, never)));
      const began = performance.now();
      for (let n = 0; n < 5; n += 1) await rate.turn('interactive', Date.now() + LONG_MS, never);
      const waited = performance.now() - began;
      await bulk;
      expect(waited).toBeLessThan(performance.now() - began);
    });

    it('stops those too who have their turn already when somebody is refused', async () => {
      const rate = createCallRate(test.store.callLimits, 'stopped');
      rate.note({ rate: { fillRate: 5, intervalSeconds: 1, limit: 5, remaining: 5 }, blockedForMs: null });
      const starts: number[] = [];
      const turns = Array.from({ length: 4 }, async () => {
        await rate.turn('bulk', Date.now() + LONG_MS, never);
        starts.push(Date.now());
      });
      await until(() => Promise.resolve(starts.length > 0));
      const refusedAt = Date.now();
      rate.note({ rate: null, blockedForMs: 1_500 });
      const before = starts.length;
      await Promise.all(turns);
      expect(starts.slice(before).every((at) => at >= refusedAt + 1_500)).toBe(true);
    });

    it('asks nobody who is blocked by the administrator, and tries again when the time is over', async () => {
      const rate = createCallRate(test.store.callLimits, 'closed');
      rate.note({ rate: { ...SEEN.rate!, limit: 0 }, blockedForMs: null });
      await expect(rate.turn('bulk', Date.now() + 1_000, never)).rejects.toMatchObject({ name: 'CallsDelayed' });
    });
  });

  it('forgets old windows', async () => {
    const { callLimits } = test.store;
    for (const start of [1_000_000_000, 1_000_000_001, 1_000_000_002]) {
      await callLimits.takeGrants('old', 'bulk', start, 1);
      await callLimits.takeGrants('old', 'interactive', start, 2);
    }
    await callLimits.forgetWindows('old', 1_000_000_002);
    expect(await callLimits.granted('old', 'bulk', 1_000_000_001)).toBe(0);
    expect(await callLimits.granted('old', 'interactive', 1_000_000_000)).toBe(0);
    expect(await callLimits.granted('old', 'interactive', 1_000_000_002)).toBe(2);
  });
});

/** The same repository with a count of its calls. */
function counting(limits: CallLimitRepository): { readonly limits: CallLimitRepository; calls(): number } {
  let calls = 0;
  const counted = new Proxy(limits, {
    get: (target, name, receiver) => {
      calls += 1;
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
  return { limits: counted, calls: () => calls };
}
