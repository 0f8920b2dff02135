import { rmSync, writeFileSync } from 'node:fs';
import { accountsOf, doubledEffects, effectsOf } from '../support/accounts';
import { changed, numbers, people, person } from '../support/people';
import { startSystem } from '../support/system';
import type { System } from '../support/system';

const COUNT = 16;
const PEOPLE = people(COUNT);

describe('a run that meets a fault never ends its connector', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ rows: PEOPLE });
  });
  afterEach(async () => system.sim.removeFaults());
  afterAll(async () => system.stop());

  it('doubles nothing when answers are lost after the effect', async () => {
    await system.sim.addFault({ kind: 'http500-after', rate: 0.15 });
    await system.sim.addFault({ kind: 'drop-after', rate: 0.15 });
    await system.sim.addFault({ kind: 'created-but-500', until: 2 });
    const run = await system.run();
    const hits = (await system.sim.faults()).map((fault) => fault.hits);
    expect(hits.every((count) => count > 0)).toBe(true);
    expect(run).toMatchObject({ status: 'succeeded', counts: { created: COUNT, membershipsAdded: 2 * COUNT } });
    const accounts = await accountsOf(system.sim);
    expect(Object.keys(accounts)).toHaveLength(COUNT);
    expect(Object.values(accounts).every(({ groups }) => groups.includes('all'))).toBe(true);
    expect(await doubledEffects(system.sim)).toEqual([]);
    expect(await effectsOf(system.sim)).toMatchObject({ created: COUNT, groupsCreated: 6 });
    await system.sim.removeFaults();
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { unchanged: COUNT } });
  });

  it('waits as long as Jira asks when it answers 429', async () => {
    system.write(changed(PEOPLE, numbers(4), { displayName: 'After the limit' }));
    await system.sim.addFault({ kind: 'rate-limit', retryAfter: 1, until: 3, match: { method: 'PUT' } });
    await system.sim.addFault({ kind: 'rate-limit', retryAfter: 1, until: 1, match: { method: 'GET' } });
    const run = await system.run();
    expect(run).toMatchObject({ status: 'succeeded', counts: { updated: 4, failed: 0 } });
    expect((await system.sim.faults()).map((fault) => fault.hits)).toEqual([3, 1]);
    const seconds = (Date.parse(run.finishedAt ?? '') - Date.parse(run.startedAt)) / 1000;
    expect(seconds).toBeGreaterThan(2);
  });

  it.each([
    ['the file is missing', () => undefined, /people\.csv/],
    ['the file is cut in the middle of a quoted value', () => 'id,username,email\n1,"ann', /line/],
    ['the file has no column for the id', () => 'username,email\nann,a@example.com\n', /id/],
  ])('fails with one clear sentence and changes nothing when %s', async (_name, content, expected) => {
    const before = await accountsOf(system.sim);
    const text = content();
    if (text === undefined) rmSync(system.file);
    else writeFileSync(system.file, text);
    const run = await system.run();
    expect(run).toMatchObject({ status: 'failed', counts: { deactivated: 0, failed: 0 } });
    expect(run.error).toMatch(expected);
    expect(run.error).not.toMatch(/\n|Activity|undefined|Error:/);
    expect(await accountsOf(system.sim)).toEqual(before);
  });

  it('fails with one clear sentence when Jira refuses the credentials, and the next run goes on', async () => {
    system.write(people(COUNT + 1));
    await system.sim.addFault({ kind: 'unauthorized' });
    const refused = await system.run();
    expect(refused).toMatchObject({ status: 'failed', counts: { created: 0 } });
    expect(refused.error).toMatch(/401|credential|password|token/i);
    expect(refused.error).not.toContain('\n');
    await system.sim.removeFaults();
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { created: 1 } });
  });

  it('fails with true counts when Jira refuses the credentials while the plan is applied', async () => {
    system.write(people(COUNT + 9));
    await system.sim.addFault({ kind: 'unauthorized', match: { endpoint: 'POST /group/user' } });
    const run = await system.run();
    expect(Object.keys(await accountsOf(system.sim))).toHaveLength(COUNT + 9);
    // Everybody was created, nobody got what the plan gave him.
    expect(run).toMatchObject({ status: 'failed', counts: { failed: 8, created: 0, membershipsAdded: 0 } });
    const creates = (await system.operations(run)).filter(({ kind }) => kind === 'createUser');
    expect(creates.map(({ status }) => status)).toEqual(Array<string>(8).fill('done'));
    await system.sim.removeFaults();
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { membershipsAdded: 16 } });
  });

  it('fails one user and not the run when Jira refuses that user alone', async () => {
    system.write([...people(COUNT + 9), person(30), person(31)]);
    await system.sim.addFault({ kind: 'read-only-directory', match: { endpoint: 'POST /user', user: 'user30' } });
    const run = await system.run();
    expect(run).toMatchObject({ status: 'partial', counts: { failed: 1, created: 1, unchanged: COUNT + 9 } });
    const failed = await system.outcomes(run.id, 'failed');
    expect(failed).toMatchObject([{ externalId: 'id-30', username: 'user30', error: expect.any(String) }]);
    await system.sim.removeFaults();
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { created: 1 } });
  });
});
