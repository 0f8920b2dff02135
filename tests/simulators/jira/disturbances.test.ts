import type { Fault } from '../../../simulators/support/faults';
import { delayOf, type FaultKind } from '../../../simulators/jira/http/faultKinds';
import { basic, general, person, send, startTestJira, useJira, withJira } from './support';

describe('delays', () => {
  const fault = (input: Partial<Fault<FaultKind>>): Fault<FaultKind> => ({ kind: 'slow', id: 1, hits: 1, ...input });

  it.each<[string, readonly Fault<FaultKind>[], number]>([
    ['one second unless told', [fault({})], 1000],
    ['what is asked for', [fault({ delayMs: 0 })], 0],
    ['a part of the jitter on top', [fault({ delayMs: 30, jitterMs: 100 })], 80],
    ['what several add up to', [fault({ delayMs: 30 }), fault({ delayMs: 20 })], 50],
    ['more than two and a half minutes for members (JRASERVER-71493)', [fault({ kind: 'slow-members' })], 150_000],
  ])('are %s', (_name, faults, expected) => {
    expect(delayOf(faults, () => 0.5)).toBe(expected);
  });

  describe('on the server', () => {
    const jira = useJira();

    it('of members hit nothing but their list', async () => {
      await jira().control.addFault({ kind: 'slow-members', delayMs: 1 });
      await jira().get('/group/member?groupname=jira-software-users');
      await jira().get('/user?username=admin');
      expect(await jira().control.faults()).toMatchObject([{ hits: 1 }]);
    });

    it('of several faults all count', async () => {
      await jira().control.addFault({ kind: 'slow', delayMs: 1 });
      await jira().control.addFault({ kind: 'slow', delayMs: 1, match: { method: 'GET' } });
      await jira().get('/user?username=admin');
      expect(await jira().control.faults()).toMatchObject([{ hits: 1 }, { hits: 1 }]);
    });
  });
});

describe('changes behind our back', () => {
  const jira = useJira();

  it('come just before a request, which then meets the new state', async () => {
    await jira().control.addFault({
      kind: 'change-before',
      match: { endpoint: 'PUT /user' },
      until: 1,
      change: { users: [{ name: 'member', delete: true }] },
    });
    expect((await jira().get('/user?username=member')).status).toBe(200);
    expect((await jira().put('/user?username=member', { displayName: 'M' })).status).toBe(404);
    expect(await jira().control.stats()).toMatchObject({ deleted: 0, updated: 0 });
  });

  it('come just after a request that succeeded', async () => {
    await jira().control.addFault({
      kind: 'change-after',
      match: { endpoint: 'POST /group', user: 'fresh' },
      change: { groups: [{ name: 'fresh', delete: true }] },
    });
    expect((await jira().post('/group', { name: ' ' })).status).toBe(400);
    expect((await jira().post('/group', { name: 'fresh' })).status).toBe(201);
    expect((await jira().get('/group/member?groupname=fresh')).status).toBe(404);
    expect(await jira().control.faults()).toMatchObject([{ hits: 1 }]);
  });

  it.each([
    { kind: 'change-before' },
    { kind: 'slow', change: { groups: ['g'] } },
    { kind: 'change-after', change: { user: [] } },
  ])('are refused as %j', async (body) => {
    const reply = await send(`${jira().url}/_sim/faults`, 'POST', { body });
    expect(reply.status).toBe(400);
  });
});

describe('refusals, bursts and silence', () => {
  const jira = useJira();

  it('refuse hits writes for chosen users, with a status and a text', async () => {
    await jira().control.addFault({ kind: 'refuse', match: { user: 'member' }, status: 409, message: 'Not now' });
    const reply = await jira().put('/user?username=member', { displayName: 'M' });
    expect([reply.status, reply.body]).toEqual([409, general('Not now')]);
    expect((await jira().get('/user?username=member')).status).toBe(200);
    expect((await jira().post('/user', person('fred'))).status).toBe(201);
  });

  it('a burst hits a row of requests once it has begun', async () => {
    await withJira({ seed: 3 }, async (other) => {
      await other.control.addFault({ kind: 'rate-limit', rate: 0.2, burst: 4 });
      const statuses: number[] = [];
      for (let request = 0; request < 60; request += 1) statuses.push((await other.get('/myself')).status);
      const rows =
        statuses
          .join(' ')
          .match(/429(?: 429)*/g)
          ?.map((row) => row.split(' ').length) ?? [];
      expect(rows.length).toBeGreaterThan(1);
      expect(rows.slice(0, -1).every((length) => length % 4 === 0)).toBe(true);
      expect(statuses).toContain(200);
      expect((await other.control.stats()).answers['429']).toBe(statuses.filter((status) => status === 429).length);
    });
  });

  it('hang-before keeps a request waiting that is never done', async () => {
    await jira().control.addFault({ kind: 'hang-before', until: 1 });
    const failed = expect(jira().post('/user', person('fred'))).rejects.toThrow('fetch failed');
    await jira().control.waitUntilHeld(1, 2000);
    expect(await jira().control.release()).toBe(1);
    await failed;
    expect((await jira().control.stats()).created).toBe(0);
  });

  it('maintenance shows on the page of the load balancer as long as the fault is there', async () => {
    const status = () => send(`${jira().url}/status`, 'GET', { headers: {} });
    await jira().control.addFault({ kind: 'maintenance' });
    expect([(await status()).status, (await status()).body]).toEqual([503, { state: 'MAINTENANCE' }]);
    expect((await jira().get('/myself')).status).toBe(503);
    await jira().control.removeFaults();
    expect([(await status()).status, (await status()).body]).toEqual([200, { state: 'RUNNING' }]);
  });

  it('faults of the start come back with a reset', async () => {
    const other = await startTestJira({ faults: [{ kind: 'http500-before', until: 1 }] });
    try {
      expect((await other.get('/myself')).status).toBe(500);
      expect((await other.get('/myself')).status).toBe(200);
      await other.control.reset('faults');
      expect((await other.get('/myself')).status).toBe(500);
    } finally {
      await other.stop();
    }
  });
});

describe('nodes of a cluster', () => {
  const rateLimit = { limit: 2, fillRate: 2, intervalSeconds: 60 };

  it('have buckets of their own, and requests take turns', async () => {
    const nowMs = Date.parse('2025-03-01T00:00:00Z');
    await withJira({ nodes: 2, rateLimit, now: () => nowMs }, async (jira) => {
      const replies = [];
      for (let request = 0; request < 5; request += 1) replies.push(await jira.get('/myself'));
      expect(replies.map((reply) => reply.headers.get('x-ratelimit-remaining'))).toEqual(['1', '1', '0', '0', '0']);
      expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200, 200, 429]);
      expect(replies.slice(0, 3).map(routeOf)).toEqual(['node-1', 'node-2', 'node-1']);
    });
  });

  it('keep a client that sends its route', async () => {
    const nowMs = Date.parse('2025-03-01T00:00:00Z');
    await withJira({ nodes: 3, rateLimit, now: () => nowMs }, async (jira) => {
      const headers = { ...basic('admin', 'admin'), Cookie: 'ROUTEID=node-2' };
      const replies = [];
      for (let request = 0; request < 3; request += 1) replies.push(await jira.get('/myself', { headers }));
      expect(replies.map((reply) => reply.status)).toEqual([200, 200, 429]);
    });
  });

  it('are not told by a single one', async () => {
    await withJira({}, async (jira) => {
      expect(routeOf(await jira.get('/myself'))).toBeUndefined();
    });
  });

  function routeOf(reply: { readonly headers: Headers }): string | undefined {
    const cookie = reply.headers.getSetCookie().find((one) => one.startsWith('ROUTEID='));
    return cookie?.split(/[=;]/)[1];
  }
});

describe('a page that is not there', () => {
  it('costs a token of the rate limit like every other', async () => {
    await withJira({ rateLimit: { limit: 5, fillRate: 5, intervalSeconds: 60 } }, async (jira) => {
      const reply = await jira.get('/no/such/thing');
      expect([reply.status, reply.headers.get('x-ratelimit-remaining')]).toEqual([404, '4']);
    });
  });
});
