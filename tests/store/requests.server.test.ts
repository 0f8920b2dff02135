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
    expect(await requests.get('r3')).toEqual({ ...request('r3'), ...end });
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
});
