import { accountsOf, effectsOf } from '../support/accounts';
import { changed, people, person } from '../support/people';
import { resultOf, syncPerson } from '../support/single';
import { startSystem } from '../support/system';
import type { System } from '../support/system';

const COUNT = 30;
const PEOPLE = people(COUNT);

describe('the sync of one person', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ rows: PEOPLE });
    await system.run();
  });
  afterAll(async () => system.stop());

  it('finds nothing to do, by id, username or address, and says so', async () => {
    const before = await effectsOf(system.sim);
    for (const identifier of ['id-1', 'USER1', 'user1@example.com']) {
      const request = await syncPerson(system, identifier);
      expect(request).toMatchObject({ status: 'done', result: { externalId: 'id-1', outcome: 'unchanged' } });
    }
    expect(await effectsOf(system.sim)).toEqual(before);
  });

  it('creates somebody new with the memberships of linked groups', async () => {
    system.write([...PEOPLE, person(COUNT + 1)]);
    const request = await syncPerson(system, `id-${COUNT + 1}`);
    expect(resultOf(request)).toMatchObject({ outcome: 'created' });
    expect((await accountsOf(system.sim))[`user${COUNT + 1}`]).toMatchObject({
      active: true,
      groups: ['all', 'team-1'],
    });
  });

  it('takes up a change of name, address, group and state, and a later run finds nothing left to do', async () => {
    const rows = changed(PEOPLE, [2], { username: 'renamed2', email: 'two@example.com', groups: ['all', 'team-4'] });
    system.write([...changed(rows, [3], { active: false }), person(COUNT + 1)]);
    expect(resultOf(await syncPerson(system, 'id-2')).outcome).toBe('renamed');
    expect(resultOf(await syncPerson(system, 'id-3')).outcome).toBe('deactivated');
    const accounts = await accountsOf(system.sim);
    expect(accounts['renamed2']).toMatchObject({ email: 'two@example.com', groups: ['all', 'team-4'] });
    expect(accounts['user3']).toMatchObject({ active: false });
    const before = await effectsOf(system.sim);
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { unchanged: COUNT + 1 } });
    expect(await effectsOf(system.sim)).toEqual(before);
  });

  it('brings back at a log-in whom it had deactivated itself', async () => {
    system.write([...PEOPLE, person(COUNT + 1)]);
    expect(resultOf(await syncPerson(system, 'id-3')).outcome).toBe('reactivated');
    expect((await accountsOf(system.sim))['user3']).toMatchObject({ active: true });
  });

  it('shows what it would do and writes nothing', async () => {
    system.write(changed([...PEOPLE, person(COUNT + 1)], [4], { displayName: 'Somebody Else' }));
    const before = await effectsOf(system.sim);
    const request = await syncPerson(system, 'id-4', { mode: 'preview' });
    expect(request).toMatchObject({ status: 'done', runId: null, result: { outcome: 'updated' } });
    expect(await effectsOf(system.sim)).toEqual(before);
  });

  it('answers a repeated request with what it did the first time', async () => {
    const first = await syncPerson(system, 'id-4', { requestId: 'request-of-four' });
    expect(resultOf(first).outcome).toBe('updated');
    const before = await effectsOf(system.sim);
    expect(await syncPerson(system, 'id-4', { requestId: 'request-of-four' })).toEqual(first);
    expect(await effectsOf(system.sim)).toEqual(before);
  });

  it('says that nobody is known by this identifier', async () => {
    expect(await syncPerson(system, 'nobody@example.com')).toMatchObject({
      status: 'failed',
      result: { problem: 'not-found' },
    });
  });

  it('keeps the results in one run a day, with numbers of their own', async () => {
    const [run] = (await system.runs()).filter(({ mode }) => mode === 'user');
    expect(run).toMatchObject({ status: 'running', trigger: 'login', n: 0, counts: { created: 1, renamed: 1 } });
    const outcomes = await system.outcomes(run?.id ?? '');
    expect(outcomes.map(({ n }) => n)).toEqual(outcomes.map((_, index) => index + 1));
    expect(outcomes.filter(({ externalId }) => externalId === 'id-3').map(({ outcome }) => outcome)).toEqual([
      'deactivated',
      'reactivated',
    ]);
  });
});
