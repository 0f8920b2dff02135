import { NOW, openTestStore } from './support';
import type { StoreUnderTest } from './support';

describe('requests', () => {
  let test: StoreUnderTest;
  beforeAll(async () => {
    test = await openTestStore('requests');
  });
  afterAll(() => test.remove());

  const request = (id: string) =>
    ({ id, kind: 'run', subject: 'corp', input: { 'a.$b': [1] }, createdAt: NOW }) as const;
  const end = { status: 'done', runId: 'corp-1', result: { $x: 1 }, error: null, finishedAt: NOW } as const;

  it('opens a request once, whoever asks how often', async () => {
    const { requests } = test.store;
    const opened = await Promise.all([1, 2, 3].map((n) => requests.open({ ...request('r1'), input: { n } })));
    expect(new Set(opened.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(await requests.get('r1')).toEqual(opened[0]);
    expect(opened[0]).toMatchObject({ status: 'waiting', runId: null, result: null, error: null, finishedAt: null });
    expect(await requests.get('r2')).toBeNull();
  });

  it('gives input and result back as they were', async () => {
    const { requests } = test.store;
    await requests.open(request('r3'));
    await requests.finish('r3', end);
    expect(await requests.get('r3')).toEqual({ ...request('r3'), progress: null, ...end });
  });

  it('may note a run before the end, and keeps the first end', async () => {
    const { requests } = test.store;
    await requests.open(request('r4'));
    await requests.finish('r4', { ...end, status: 'waiting', result: null, finishedAt: null });
    expect(await requests.get('r4')).toMatchObject({ status: 'waiting', runId: 'corp-1' });
    await requests.finish('r4', end);
    await requests.finish('r4', { ...end, status: 'failed', error: 'late', result: null });
    expect(await requests.get('r4')).toMatchObject({ status: 'done', result: { $x: 1 }, error: null });
  });

  it('keeps the first progress of a step, so that an attempt that was overtaken goes on with the other one', async () => {
    const { requests } = test.store;
    await requests.open(request('r5'));
    expect((await requests.get('r5'))?.progress).toBeNull();
    expect(await requests.note('r5', 1, { plan: 'a' })).toEqual({ plan: 'a' });
    expect(await requests.note('r5', 1, { plan: 'b' })).toEqual({ plan: 'a' });
    expect(await requests.note('r5', 2, { plan: 'c' })).toEqual({ plan: 'c' });
    await requests.finish('r5', end);
    expect(await requests.note('r5', 3, { plan: 'late' })).toEqual({ plan: 'c' });
  });

  it('deletes what may go, the oldest hours first, and nothing else', async () => {
    const { requests } = test.store;
    await requests.open({ ...request('gone'), keptUntil: '2026-03-01T10:59:00.000Z' });
    await requests.open({ ...request('kept'), keptUntil: '2026-03-01T12:00:00.000Z' });
    expect(await requests.expire('2026-03-01T09:00:00.000Z', 10)).toBe(0);
    expect(await requests.expire('2026-03-01T11:00:00.000Z', 10)).toBe(1);
    expect(await requests.get('gone')).toBeNull();
    expect(await requests.get('kept')).toMatchObject({ id: 'kept' });
    expect(await requests.get('r1')).not.toBeNull();
  });
});
