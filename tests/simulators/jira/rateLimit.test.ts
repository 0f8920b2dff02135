import { basic, bearer, startTestJira, type Reply, type TestJira } from './support';

const NAMES = ['limit', 'remaining', 'interval-seconds', 'fillrate'];

describe('rate limit of the simulated Jira', () => {
  let nowMs = Date.parse('2025-03-01T00:00:00Z');
  let jira: TestJira | undefined;

  afterEach(async () => {
    await jira?.stop();
  });

  it('announces itself on every answer (ahungry/org-jira#365)', async () => {
    jira = await limited({ limit: 5, fillRate: 5, intervalSeconds: 1 });
    const replies: Reply[] = [];
    for (let request = 0; request < 4; request += 1) replies.push(await jira.get('/myself'));
    expect(headersOf(replies[3]!)).toEqual(['5', '1', '1', '5']);
    expect(replies[3]?.headers.get('retry-after')).toBe('0');
  });

  it('answers 429 with a page and Retry-After 0, and does nothing', async () => {
    jira = await limited({ limit: 2, fillRate: 2, intervalSeconds: 1 });
    await jira.get('/myself');
    await jira.get('/myself');
    nowMs += 500;
    const reply = await jira.post('/group', { name: 'g' });
    expect(reply.status).toBe(429);
    expect(reply.headers.get('retry-after')).toBe('0');
    expect(reply.text).toContain('<title>HTTP Status 429 – Too Many Requests</title>');
    expect(await jira.control.stats()).toMatchObject({ groupsCreated: 0, answers: { '200': 2, '429': 1 } });
    nowMs += 500;
    expect((await jira.post('/group', { name: 'g' })).status).toBe(201);
  });

  it('fills a batch per interval up to its size, and says how long to wait', async () => {
    jira = await limited({ limit: 3, fillRate: 1, intervalSeconds: 10 });
    for (let request = 0; request < 3; request += 1) await jira.get('/myself');
    nowMs += 2_000;
    expect((await jira.get('/myself')).headers.get('retry-after')).toBe('8');
    nowMs += 100_000;
    const statuses: number[] = [];
    for (let request = 0; request < 4; request += 1) statuses.push((await jira.get('/myself')).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
  });

  it('is per user, whatever they log in with, and spares whom it exempts', async () => {
    jira = await limited({ limit: 1, fillRate: 1, intervalSeconds: 60, exempt: ['member'] });
    expect((await jira.get('/myself')).status).toBe(200);
    expect((await jira.get('/myself', { headers: bearer('sim-token') })).status).toBe(429);
    for (let request = 0; request < 3; request += 1) {
      expect((await jira.get('/myself', { headers: basic('member', 'member') })).status).toBe(200);
    }
  });

  it('with size 0 blocks for ever', async () => {
    jira = await limited({ limit: 0, fillRate: 0, intervalSeconds: 1 });
    const reply = await jira.get('/myself');
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '9223372036854775807']);
  });

  function limited(rateLimit: { limit: number; fillRate: number; intervalSeconds: number; exempt?: string[] }) {
    return startTestJira({ rateLimit, now: () => nowMs });
  }
});

function headersOf(reply: Reply): readonly (string | null)[] {
  return NAMES.map((name) => reply.headers.get(`x-ratelimit-${name}`));
}
