import { setTimeout as wait } from 'node:timers/promises';
import { person, startTestJira, useJira } from './support';

describe('faults before the effect', () => {
  const jira = useJira();
  const create = () => jira().post('/user', person('fred'));
  const created = async () => (await jira().control.stats()).created;

  it('http500-before refuses', async () => {
    await jira().control.addFault({ kind: 'http500-before', until: 1, status: 503 });
    expect((await create()).status).toBe(503);
    expect(await created()).toBe(0);
    expect((await create()).status).toBe(201);
  });

  it('drop-before cuts the connection', async () => {
    await jira().control.addFault({ kind: 'drop-before' });
    await expect(create()).rejects.toThrow('fetch failed');
    expect(await created()).toBe(0);
    expect((await jira().control.stats()).answers).toEqual({ none: 1 });
  });

  it.each([
    [undefined, '0'],
    ['9223372036854775807', '9223372036854775807'],
  ])('rate-limit answers 429 with Retry-After %s', async (retryAfter, shown) => {
    await jira().control.addFault({ kind: 'rate-limit', retryAfter });
    const reply = await create();
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, shown]);
    expect(reply.text).toContain('Rate limit exceeded.');
  });

  it('html-502, unauthorized and empty-200 are the answers of others than Jira', async () => {
    await jira().control.addFault({ kind: 'html-502', until: 1 });
    await jira().control.addFault({ kind: 'unauthorized', until: 1 });
    await jira().control.addFault({ kind: 'empty-200', until: 1 });
    const proxy = await create();
    expect([proxy.status, proxy.headers.get('content-type')]).toEqual([502, 'text/html;charset=UTF-8']);
    const refused = await create();
    expect([refused.status, refused.headers.get('x-seraph-loginreason')]).toEqual([401, 'AUTHENTICATED_FAILED']);
    const empty = await create();
    expect([empty.status, empty.text]).toEqual([200, '']);
    expect(empty.headers.get('x-seraph-loginreason')).toBe('AUTHENTICATED_FAILED');
    expect(await created()).toBe(0);
  });

  it('read-only-directory refuses users and groups, and neither reads nor properties', async () => {
    await jira().control.addFault({ kind: 'read-only-directory' });
    expect((await create()).status).toBe(403);
    expect((await jira().post('/group', { name: 'g' })).status).toBe(403);
    expect((await jira().put('/user?username=member', { active: false })).status).toBe(403);
    expect((await jira().get('/user?username=member')).status).toBe(200);
    expect((await jira().put('/user/properties/p?username=member', 1)).status).toBe(201);
  });

  it('slow waits, then does it', async () => {
    await jira().control.addFault({ kind: 'slow', delayMs: 150 });
    const startedMs = performance.now();
    expect((await create()).status).toBe(201);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(140);
  });
});

describe('faults after the effect', () => {
  const jira = useJira();
  const create = () => jira().post('/user', person('fred'));
  const created = async () => (await jira().control.stats()).created;

  it('http500-after and created-but-500 hide what was done', async () => {
    await jira().control.addFault({ kind: 'http500-after', match: { path: '/group' }, until: 1 });
    await jira().control.addFault({ kind: 'created-but-500', until: 1 });
    expect((await jira().post('/group', { name: 'g' })).status).toBe(500);
    expect((await create()).status).toBe(500);
    expect((await create()).status).toBe(400);
    expect(await jira().control.stats()).toMatchObject({ created: 1, groupsCreated: 1 });
  });

  it('drop-after cuts the connection of a write that is done', async () => {
    await jira().control.addFault({ kind: 'drop-after' });
    await expect(create()).rejects.toThrow('fetch failed');
    expect(await created()).toBe(1);
    expect((await jira().get('/user?username=fred')).status).toBe(200);
  });

  it('never stand for a refusal', async () => {
    await jira().control.addFault({ kind: 'http500-after' });
    expect((await jira().post('/user', person('member'))).status).toBe(400);
  });

  it('hang-after holds the answer until it is released', async () => {
    await jira().control.addFault({ kind: 'hang-after', match: { endpoint: 'POST /user' }, until: 1 });
    const answer = create();
    const [held] = await jira().control.waitUntilHeld(1, 2000);
    expect(held).toMatchObject({ endpoint: 'POST /user', users: ['fred'], clientGone: false });
    expect(await created()).toBe(1);
    expect((await jira().get('/user?username=fred')).status).toBe(200);
    expect(await jira().control.release()).toBe(1);
    expect((await answer).status).toBe(201);
    expect(await jira().control.held()).toEqual([]);
  });

  it('hang-after outlives the client that was killed', async () => {
    await jira().control.addFault({ kind: 'hang-after' });
    const killer = new AbortController();
    const answer = fetch(`${jira().url}/rest/api/2/group`, {
      method: 'POST',
      headers: { Authorization: 'Bearer sim-token', 'Content-Type': 'application/json' },
      body: '{"name":"g"}',
      signal: killer.signal,
    });
    const [held] = await jira().control.waitUntilHeld(1, 2000);
    killer.abort();
    await expect(answer).rejects.toThrow('aborted');
    while ((await jira().control.held())[0]?.clientGone !== true) await wait(10);
    expect(await jira().control.release(held?.id)).toBe(1);
    expect(await jira().control.stats()).toMatchObject({ groupsCreated: 1, answers: { none: 1 } });
  });

  it('do not keep the simulator from stopping', async () => {
    const other = await startTestJira();
    await other.control.addFault({ kind: 'hang-after' });
    const answer = other.post('/group', { name: 'g' });
    const failed = expect(answer).rejects.toThrow('fetch failed');
    await other.control.waitUntilHeld(1, 2000);
    await other.stop();
    await failed;
  });
});

describe('the choice of requests', () => {
  const jira = useJira();

  it('goes by user, also when the request names the key', async () => {
    await jira().control.addFault({ kind: 'http500-before', match: { user: 'Member' } });
    expect((await jira().get('/user?key=JIRAUSER10100')).status).toBe(500);
    expect((await jira().get('/user?username=member')).status).toBe(500);
    expect((await jira().post('/group/user?groupname=g', { name: 'MEMBER' })).status).toBe(500);
    expect((await jira().del('/user/session/member')).status).toBe(500);
    expect((await jira().get('/user?username=admin')).status).toBe(200);
  });

  it('goes by method and path', async () => {
    await jira().control.addFault({ kind: 'http500-before', match: { method: 'put', path: '/user*' } });
    expect((await jira().put('/user?username=member', { displayName: 'x' })).status).toBe(500);
    expect((await jira().put('/user/properties/p?username=member', 1)).status).toBe(500);
    expect((await jira().get('/user?username=member')).status).toBe(200);
  });

  it('draws the same lots for the same seed', async () => {
    const draw = async () => {
      const other = await startTestJira({ seed: 7 });
      await other.control.addFault({ kind: 'http500-before', rate: 0.5 });
      const statuses: number[] = [];
      for (let request = 0; request < 20; request += 1) statuses.push((await other.get('/myself')).status);
      await other.stop();
      return statuses;
    };
    const statuses = await draw();
    expect(new Set(statuses)).toEqual(new Set([200, 500]));
    expect(await draw()).toEqual(statuses);
  });

  it('ends at a time, and when faults are removed', async () => {
    await jira().control.addFault({ kind: 'http500-before', until: '2020-01-01T00:00:00Z' });
    expect((await jira().get('/myself')).status).toBe(200);
    await jira().control.addFault({ kind: 'http500-before' });
    expect((await jira().get('/myself')).status).toBe(500);
    expect(await jira().control.faults()).toMatchObject([{ hits: 0 }, { hits: 1 }]);
    await jira().control.removeFaults();
    expect((await jira().get('/myself')).status).toBe(200);
  });
});
