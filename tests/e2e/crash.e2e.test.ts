import type { SimulatorControl } from '../../simulators/jira/controlClient';
import { Installation, accountsWithoutKeys } from '../support/installation';
import { people } from '../support/people';

const PEOPLE = 300;
const MEMBERSHIPS = 2 * PEOPLE;
const HELD_TIMEOUT_MS = 60_000;

describe('a run through kill -9 of everything', () => {
  const installation = new Installation();

  beforeAll(async () => installation.start(), 120_000);
  afterAll(() => installation.stop(), 60_000);

  /** Kills a process while Jira has done a call and still holds its answer. */
  async function killAfterEffectOf(
    sim: SimulatorControl,
    endpoint: string,
    begin: () => unknown,
    kill: () => unknown
  ): Promise<void> {
    await sim.addFault({ kind: 'hang-after', match: { endpoint }, until: 1 });
    await begin();
    await sim.waitUntilHeld(1, HELD_TIMEOUT_MS);
    await kill();
    await sim.release();
    await sim.removeFaults();
  }

  it('ends as if nothing had happened: nothing lost, nothing done twice', async () => {
    const calm = await installation.connector('calm', people(PEOPLE));
    const undisturbed = await installation.ended(await calm.start());
    expect(undisturbed).toMatchObject({ status: 'succeeded', counts: { created: PEOPLE } });

    const { sim, start } = await installation.connector('crashed', people(PEOPLE));
    const { servers } = installation;
    const killWorker = () => installation.worker.kill();
    const startWorker = (): void => {
      installation.startWorker();
    };
    const killServer = (pid: number | undefined) => (): void => {
      process.kill(pid ?? 0, 'SIGKILL');
    };
    let runId = '';
    const restarts: Promise<void>[] = [];
    const later = (restart: () => Promise<void>) => (): void => {
      restarts.push(restart());
    };
    // Each kill is armed before what was killed last is back: none of them depends on how fast anything is.
    await killAfterEffectOf(sim, 'POST /user', async () => (runId = await start()), killWorker);
    await killAfterEffectOf(sim, 'POST /user', startWorker, killWorker);
    await killAfterEffectOf(sim, 'POST /user', startWorker, () => installation.api.kill());
    const killTemporal = killServer(servers.pids.temporal);
    await killAfterEffectOf(
      sim,
      'POST /group/user',
      later(() => installation.startApi()),
      killTemporal
    );
    const killStore = killServer(servers.pids.mongo);
    await killAfterEffectOf(
      sim,
      'POST /group/user',
      later(() => servers.restartTemporal()),
      killStore
    );
    await killAfterEffectOf(
      sim,
      'POST /group/user',
      later(() => servers.restartMongo()),
      killWorker
    );
    startWorker();
    await Promise.all(restarts);

    const run = await installation.ended(runId);
    expect({ status: run.status, error: run.error, counts: run.counts }).toEqual({
      status: 'succeeded',
      error: null,
      counts: undisturbed.counts,
    });
    expect(run.recovered).toBeGreaterThanOrEqual(3);

    const stats = await sim.stats();
    expect(stats).toMatchObject({ created: PEOPLE, membershipsAdded: MEMBERSHIPS, noops: 0 });
    // Not even tried twice: what an older attempt left is read before anything is repeated.
    expect(stats.calls).toMatchObject({ 'POST /user': PEOPLE, 'POST /group/user': MEMBERSHIPS });
    expect(await accountsWithoutKeys(sim)).toEqual(await accountsWithoutKeys(calm.sim));
    expect(await installation.results(runId)).toEqual(await installation.results(undisturbed.id));
  }, 280_000);
});
