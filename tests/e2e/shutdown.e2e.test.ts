import { Installation, accountsWithoutKeys } from '../support/installation';
import { people } from '../support/people';
import { eventually } from '../support/processes';

const PEOPLE = 120;
const MEMBERSHIPS = 2 * PEOPLE;
const HELD_TIMEOUT_MS = 60_000;

describe('a stop that was asked for (SIGTERM)', () => {
  const installation = new Installation();
  beforeAll(() => installation.start(), 120_000);
  afterAll(() => installation.stop(), 60_000);

  it('of the worker in the middle of applying loses nothing and does nothing twice', async () => {
    const calm = await installation.connector('calm', people(PEOPLE));
    const undisturbed = await installation.ended(await calm.start());
    expect(undisturbed).toMatchObject({ status: 'succeeded', counts: { created: PEOPLE } });

    const { sim, start } = await installation.connector('stopped', people(PEOPLE));
    // Jira has created the account and still holds its answer when the worker is told to stop, and then gives it.
    await sim.addFault({ kind: 'hang-after', match: { endpoint: 'POST /user' }, until: 1 });
    const runId = await start();
    await sim.waitUntilHeld(1, HELD_TIMEOUT_MS);
    const firstEnd = installation.worker.stop();
    await sim.release();
    await sim.removeFaults();
    expect(await firstEnd).toBe(0);
    expect((await installation.store.runs.get(runId))?.status).toBe('running');

    // This time the answer never comes: the time-out of the call bounds the wait.
    await sim.addFault({ kind: 'hang-after', match: { endpoint: 'POST /group/user' }, until: 1 });
    installation.startWorker();
    await sim.waitUntilHeld(1, HELD_TIMEOUT_MS);
    expect(await installation.worker.stop()).toBe(0);
    expect((await installation.store.runs.get(runId))?.status).toBe('running');
    await sim.release();
    await sim.removeFaults();

    installation.startWorker();
    const run = await installation.ended(runId);
    expect({ status: run.status, error: run.error, counts: run.counts }).toEqual({
      status: 'succeeded',
      error: null,
      counts: undisturbed.counts,
    });
    const stats = await sim.stats();
    expect(stats).toMatchObject({ created: PEOPLE, membershipsAdded: MEMBERSHIPS, noops: 0 });
    expect(stats.calls).toMatchObject({ 'POST /user': PEOPLE, 'POST /group/user': MEMBERSHIPS });
    expect(await accountsWithoutKeys(sim)).toEqual(await accountsWithoutKeys(calm.sim));
    expect(await installation.results(runId)).toEqual(await installation.results(undisturbed.id));
  }, 240_000);

  it('of the API answers the request that is under way and takes no new one', async () => {
    const { sim } = await installation.connector('asked', people(3));
    const { client, store } = installation;
    // Without a worker nobody answers the command: the API waits for one, and then says that it goes on.
    await installation.worker.stop();
    const requestId = 'asked-while-stopping';
    const answer = client.post<{ requestId: string }>('/connectors/asked/runs', { mode: 'sync' }, requestId);
    await eventually(() => store.requests.get(requestId));

    const end = installation.api.stop();
    expect(await answer).toMatchObject({ requestId });
    expect(await end).toBe(0);
    await expect(fetch(`${client.url}/healthz`)).rejects.toThrow('fetch failed');

    // What was accepted is done once the others are back, and once only.
    installation.startWorker();
    await installation.startApi();
    const run = await installation.ended('asked-1');
    expect(run).toMatchObject({ status: 'succeeded', requestId, counts: { created: 3 } });
    expect((await sim.stats()).created).toBe(3);
  }, 120_000);
});
