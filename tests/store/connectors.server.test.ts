import { openTestStore, NOW } from './support';
import type { StoreUnderTest } from './support';

const connector = (id: string) => ({ id, targetId: 'jira', config: { id, step: 1 }, by: 'ann', now: NOW });
const save = (id: string, version: number, step: number) => ({
  ...connector(id),
  version,
  config: { id, step },
  by: 'bob',
});

describe('connectors', () => {
  let test: StoreUnderTest;
  beforeAll(async () => {
    test = await openTestStore('connectors');
  });
  afterAll(() => test.remove());

  it('starts at version 1, idle, with nothing acknowledged', async () => {
    const { connectors } = test.store;
    expect(await connectors.insert(connector('fresh'))).toBe(true);
    expect(await connectors.get('fresh')).toEqual({
      id: 'fresh',
      targetId: 'jira',
      version: 1,
      paused: false,
      deleting: false,
      lastRun: 0,
      references: [],
      firstRunOver: false,
      acknowledged: null,
      openHold: null,
      createdAt: NOW,
      updatedAt: NOW,
    });
    expect(await connectors.version('fresh', 1)).toEqual({
      connectorId: 'fresh',
      version: 1,
      config: { id: 'fresh', step: 1 },
      createdAt: NOW,
      by: 'ann',
    });
    expect(await connectors.version('fresh', 2)).toBeNull();
    expect(await connectors.get('nobody')).toBeNull();
  });

  it('of several that take one id the first keeps it, with its configuration', async () => {
    const { connectors } = test.store;
    const tries = Array.from({ length: 6 }, (_, step) =>
      connectors.insert({ ...connector('wanted'), config: { step } })
    );
    const won = (await Promise.all(tries)).flatMap((success, step) => (success ? [step] : []));
    expect(won).toHaveLength(1);
    expect((await connectors.version('wanted', 1))?.config).toEqual({ step: won[0] });
  });

  it('rule 1.5: versions stay as they were saved, and one of several savers moves the pointer', async () => {
    const { connectors } = test.store;
    await connectors.insert(connector('saved'));
    const tries = Array.from({ length: 6 }, (_, at) => connectors.saveVersion(save('saved', 1, 10 + at)));
    const versions = await Promise.all(tries);
    expect(versions.filter((version) => version !== null)).toEqual([2]);
    const step = 10 + versions.indexOf(2);
    expect(await connectors.version('saved', 2)).toMatchObject({ config: { step }, by: 'bob' });
    expect(await connectors.saveVersion(save('saved', 2, 3))).toBe(3);
    expect((await connectors.version('saved', 1))?.config).toMatchObject({ step: 1 });
    expect((await connectors.version('saved', 2))?.config).toMatchObject({ step });
    expect(await connectors.get('saved')).toMatchObject({ version: 3 });
  });

  it('finds a version whose copy a crash prevented, and makes up for it at the next save', async () => {
    const { connectors } = test.store;
    await connectors.insert(connector('crashed'));
    const versions = test.db.collection('connectorVersions');
    await versions.deleteMany({ connectorId: 'crashed' });
    expect((await connectors.version('crashed', 1))?.config).toMatchObject({ step: 1 });
    expect(await connectors.saveVersion(save('crashed', 1, 2))).toBe(2);
    expect((await connectors.version('crashed', 1))?.config).toMatchObject({ step: 1 });
  });

  it('sets fields, and raises the run number only', async () => {
    const { connectors } = test.store;
    await connectors.insert(connector('patched'));
    await connectors.patch('patched', { paused: true, acknowledged: 'abc' });
    await connectors.patch('patched', {});
    await Promise.all([3, 7, 5].map((n) => connectors.raiseLastRun('patched', n)));
    expect(await connectors.get('patched')).toMatchObject({ paused: true, acknowledged: 'abc', lastRun: 7 });
  });

  it('rule 4.6: replaces the open hold only if it is the expected one', async () => {
    const { connectors } = test.store;
    await connectors.insert(connector('holding'));
    const hold = (runId: string) => ({ runId, heldHash: 'h', firstHeldAt: NOW, lastPlannedAt: NOW });
    expect(await connectors.replaceHold('holding', 'holding-1', hold('holding-2'))).toBe(false);
    const first = await Promise.all(
      [1, 2, 3].map((n) => connectors.replaceHold('holding', null, hold(`holding-${n}`)))
    );
    expect(first.filter(Boolean)).toHaveLength(1);
    const runId = `holding-${first.indexOf(true) + 1}`;
    expect(await connectors.replaceHold('holding', null, hold('holding-9'))).toBe(false);
    expect(await connectors.replaceHold('holding', runId, hold('holding-9'))).toBe(true);
    expect(await connectors.replaceHold('holding', 'holding-9', null)).toBe(true);
    expect((await connectors.get('holding'))?.openHold).toBeNull();
  });

  it('removes all that is the connector’s own, nothing of one with a similar id, and no runs', async () => {
    const { connectors, groupLinks, links, memberships, gateUsage, runs } = test.store;
    for (const id of ['gone', 'gone-2']) {
      await connectors.insert(connector(id));
      await connectors.saveVersion(save(id, 1, 2));
      await links.acquire({ connectorId: id, ...acquireOne(id) });
      await groupLinks.put(groupLink(id));
      await memberships.put([{ connectorId: id, externalId: 'u:1', group: 'g', addedBy: 'us' }]);
      await gateUsage.set(id, '2026-03-01T02', `${id}-1`, { creates: 1 });
    }
    await runs.open({ ...run, id: 'gone-1', connectorId: 'gone' });
    await connectors.remove('gone');
    await connectors.remove('gone');

    expect(await connectors.get('gone')).toBeNull();
    expect(await connectors.version('gone', 1)).toBeNull();
    expect(await everything('gone')).toEqual([0, 0, 0, 0]);
    expect(await everything('gone-2')).toEqual([1, 1, 1, 1]);
    expect(await connectors.version('gone-2', 1)).not.toBeNull();
    expect((await runs.list({ connectorId: 'gone', limit: 10, cursor: null })).items).toHaveLength(1);
  });

  const run = {
    targetId: 'jira',
    n: 1,
    mode: 'sync',
    trigger: 'manual',
    requestId: null,
    configVersion: 1,
    startedAt: NOW,
    missedTicks: 0,
    planRunId: null,
    selection: null,
  } as const;

  function acquireOne(id: string) {
    const create = { targetId: 'jira', usernameKey: `user-of-${id}` };
    return { requests: [{ externalId: 'u:1', create }], owner: `${id}-1`, token: 't', now: 1_000, until: 61_000 };
  }

  function groupLink(connectorId: string) {
    return {
      connectorId,
      groupId: 'g',
      targetName: 'G',
      sourceName: 'G',
      state: 'active',
      missingSince: null,
    } as const;
  }

  function everything(id: string): Promise<number[]> {
    const counts = ['links', 'groupLinks', 'memberships', 'gateUsage'].map((name) =>
      test.db.collection(name).countDocuments({ connectorId: id })
    );
    return Promise.all(counts);
  }
});
