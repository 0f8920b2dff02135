import { accountsOf, doubledEffects, effectsOf } from '../support/accounts';
import { changed, people, person } from '../support/people';
import { resultOf, syncPerson } from '../support/single';
import { startSystem } from '../support/system';
import type { System } from '../support/system';

const COUNT = 24;
const PEOPLE = people(COUNT);
const codesOf = (request: Parameters<typeof resultOf>[0]): string[] =>
  resultOf(request).reasons.map((reason) => reason.code);

describe('the sync of one person under the gate', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ rows: PEOPLE });
    await system.run();
  });
  afterAll(async () => system.stop());

  it('shares the limits of a day with all other syncs of the connector', async () => {
    const numbers = [1, 2, 3, 4, 5, 6];
    const renamed = PEOPLE.map((row, index) => (index < 6 ? { ...row, username: `new${index + 1}` } : row));
    system.write(renamed);
    const outcomes: string[] = [];
    for (const n of numbers) outcomes.push(resultOf(await syncPerson(system, `id-${n}`)).outcome);
    expect(outcomes).toEqual(['renamed', 'renamed', 'renamed', 'renamed', 'renamed', 'held']);
    const run = await system.run();
    expect(run).toMatchObject({ status: 'held', counts: { held: 1, renamed: 0 } });
    expect(run.gate).toMatchObject([{ kind: 'renames', count: 1, used: 5, limit: 5, verdict: 'held' }]);
    system.write(PEOPLE.map((row, index) => (index < 5 ? { ...row, username: `new${index + 1}` } : row)));
    expect(await system.run()).toMatchObject({ status: 'succeeded' });
  });

  it('gives back what it reserved and did not use', async () => {
    const [before] = (await system.runs()).filter(({ mode }) => mode === 'user');
    system.write(changed(PEOPLE, [7], { username: 'member' }));
    const taken = await syncPerson(system, 'id-7');
    expect(resultOf(taken).outcome).toBe('held');
    expect(codesOf(taken)).toContain('nameTaken');
    const hour = taken.createdAt.slice(0, 13);
    const used = await system.store.gateUsage.used(system.connectorId, hour, '');
    expect(used).toMatchObject({ renames: 5 });
    expect(before?.status).toBe('running');
  });

  it('has one effect for many log-ins at the same moment', async () => {
    system.write([...PEOPLE, person(COUNT + 1)]);
    const requests = await Promise.all(
      [`id-${COUNT + 1}`, `user${COUNT + 1}`, `user${COUNT + 1}@example.com`].flatMap((identifier) => [
        syncPerson(system, identifier),
        syncPerson(system, identifier),
      ])
    );
    const outcomes = requests.map((request) => resultOf(request).outcome).sort();
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
    expect(await doubledEffects(system.sim)).toEqual([]);
    expect((await accountsOf(system.sim))[`user${COUNT + 1}`]).toMatchObject({ groups: ['all', 'team-0'] });
  });

  it('creates nobody twice when the answer of Jira is lost', async () => {
    system.write([...PEOPLE, person(COUNT + 1), person(COUNT + 2)]);
    await system.sim.addFault({ kind: 'created-but-500', until: 1 });
    expect(resultOf(await syncPerson(system, `id-${COUNT + 2}`)).outcome).toBe('created');
    expect(await doubledEffects(system.sim)).toEqual([]);
  });
});

describe('the sync of one person before the first run', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ rows: PEOPLE, config: { match: { adopt: 'auto', domains: ['example.com'] } } });
  });
  afterAll(async () => system.stop());

  it('creates who is new, and holds what would change an account that was there (rule 4.4)', async () => {
    await system.sim.change({ users: [{ name: 'user2', emailAddress: 'user2@example.com', displayName: 'Was here' }] });
    expect(resultOf(await syncPerson(system, 'id-1')).outcome).toBe('created');
    const before = await effectsOf(system.sim);
    expect(resultOf(await syncPerson(system, 'id-2')).outcome).toBe('held');
    expect(await effectsOf(system.sim)).toEqual(before);
  });
});

describe('a log-in that completes a person created in advance', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({
      rows: PEOPLE,
      config: {
        mapping: { displayName: { source: 'nickname', fallback: ['displayName'] } },
        login: { create: false, reactivate: 'never' },
      },
    });
    await system.run();
  });
  afterAll(async () => system.stop());

  it('fills what the source leaves empty, and nothing else', async () => {
    const attributes = { nickname: 'Nick', email: 'wrong@example.com' };
    const request = await syncPerson(system, 'id-1', { attributes });
    expect(resultOf(request)).toMatchObject({ outcome: 'updated', operations: [{ kind: 'updateUser' }] });
    expect((await accountsOf(system.sim))['user1']).toMatchObject({ displayName: 'Nick', email: 'user1@example.com' });
  });

  it('creates nobody where the settings say so, and a sync that is no log-in does', async () => {
    system.write([...PEOPLE, person(COUNT + 1)]);
    expect(resultOf(await syncPerson(system, `id-${COUNT + 1}`)).outcome).toBe('skipped');
    expect(resultOf(await syncPerson(system, `id-${COUNT + 1}`, { trigger: 'api' })).outcome).toBe('created');
  });

  it('leaves nothing personal in the history of its workflow', async () => {
    for await (const { workflowId } of system.client.workflow.list({ query: "WorkflowType = 'userSyncWorkflow'" })) {
      const history = await system.client.workflow.getHandle(workflowId).fetchHistory();
      const text = JSON.stringify(history).replace(/"data":"([^"]*)"/g, (_all, data: string) =>
        Buffer.from(data, 'base64').toString('utf8')
      );
      expect(text).not.toMatch(/example\.com|Nick|user1/);
    }
  });
});

describe('a connector that only observes', () => {
  it('is told what would be done, and nothing is written', async () => {
    const system = await startSystem({ rows: PEOPLE, config: { mode: 'observe' } });
    const before = await effectsOf(system.sim);
    expect(await syncPerson(system, 'id-1')).toMatchObject({ runId: null, result: { outcome: 'created' } });
    expect(await effectsOf(system.sim)).toEqual(before);
    await system.stop();
  });
});
