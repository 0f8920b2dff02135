import type { AttributeRecord } from '../../domain/model';
import { callsOf } from '../support/accounts';
import { contentOf, whatIf } from '../support/insight';
import { changed, people } from '../support/people';
import { startSystem } from '../support/system';
import type { System } from '../support/system';

const COUNT = 12;
const PEOPLE = people(COUNT);

/** Changes of the configuration, each with what it does to 12 people of five teams. */
const CHANGES: readonly (readonly [what: string, changes: AttributeRecord])[] = [
  ['a narrower scope', { scope: { requiredGroups: ['team-1'] } }],
  ['people left out by name', { scope: { exclude: ['user3', 'id-4'] } }],
  ['other usernames', { mapping: { username: { source: 'username', transforms: [{ type: 'prefix', value: 'x-' }] } } }],
  ['one username for all', { mapping: { username: { source: 'active' } } }],
  ['a name that is an address', { mapping: { username: { source: 'email' }, displayName: { source: 'username' } } }],
  ['fewer groups', { groups: { include: ['all', 'team-0'], outOfScope: 'remove' } }],
  ['leavers kept', { lifecycle: { disabled: { action: 'keep' } } }],
  ['leavers without groups', { lifecycle: { disabled: { action: 'removeGroups' }, groupsOnDeactivate: 'drop' } }],
  ['protected people', { protected: { users: ['user2'], groups: ['jira-administrators'] } }],
];

describe('what-if', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ rows: PEOPLE, config: { safety: { firstRun: 'pass' } } });
    await system.run();
    // A run that changes people, so that the snapshot alone is not what Jira holds afterwards.
    system.write([
      ...changed(changed(PEOPLE, [1, 2], { active: false }), [3], { username: 'user3-new', groups: ['all'] }),
      ...people(COUNT + 1).slice(COUNT),
    ]);
    expect(await system.run()).toMatchObject({ status: 'succeeded' });
  });
  afterAll(async () => system.stop());

  it('finds nothing to do for the saved configuration once its plan is applied', async () => {
    const { result, people: differing } = await whatIf(system, {});
    expect(result).toMatchObject({ people: COUNT + 1, differing: 0, groupsCreated: { now: 0, then: 0 } });
    const counted = Object.entries(result.changes).filter(([, { now, then }]) => now + then > 0);
    expect([counted, differing]).toEqual([[], []]);
  });

  it('asks neither Jira nor the source', async () => {
    const before = await callsOf(system.sim);
    await whatIf(system, { scope: { requiredGroups: ['team-1'] } });
    expect(await callsOf(system.sim)).toEqual(before);
  });

  it('gives the same hash for the same change, and another one for another', async () => {
    const [first, again, other] = [
      await whatIf(system, { scope: { requiredGroups: ['team-1'] } }),
      await whatIf(system, { scope: { requiredGroups: ['team-1'] } }),
      await whatIf(system, { scope: { requiredGroups: ['team-2'] } }),
    ];
    expect(again.result.hash).toBe(first.result.hash);
    expect(other.result.hash).not.toBe(first.result.hash);
  });

  it.each(CHANGES)('plans for %s what the next preview plans', async (_what, changes) => {
    const found = await whatIf(system, changes);
    await system.reconfigure(changes);
    const preview = await system.run('preview');
    const planned = (await system.operations(preview)).filter(({ kind }) => !kind.endsWith('Group'));
    const expected = found.people.flatMap(({ operations }) => operations);
    expect(expected.map(contentOf).sort()).toEqual(planned.map(contentOf).sort());
    expect(found.result.gate).toEqual(preview.gate);
    await system.reconfigure({});
    await system.run('preview');
  });

  it('counts by change and by rule what the saved configuration does beside the other one', async () => {
    const { result } = await whatIf(system, { scope: { requiredGroups: ['team-1'] } });
    expect(result.changes).toMatchObject({ leavesScope: { now: 0, then: 10 }, deactivated: { now: 0, then: 9 } });
    expect(result.rules['3.1 outOfScope']).toEqual({ now: 0, then: 9 });
    expect(result.gate.filter(({ verdict }) => verdict === 'held').map(({ kind }) => kind)).toEqual(['absent']);
  });

  it('counts people who would want one name as colliding, and renames none of them', async () => {
    const { result } = await whatIf(system, { mapping: { username: { source: 'active' } } });
    expect(result.changes).toMatchObject({ collides: { now: 0, then: 11 }, renamed: { now: 0, then: 0 } });
  });

  it('says so when no run has stored a snapshot yet', async () => {
    const fresh = await startSystem({ rows: PEOPLE });
    await expect(whatIf(fresh, {})).rejects.toThrow('make a preview first');
    await fresh.stop();
  });
});

describe('the first run after a change that was acknowledged (rule 4.4)', () => {
  it('is not held as a whole, and is where the numbers were not acknowledged', async () => {
    const system = await startSystem({ rows: PEOPLE, config: { safety: { firstRun: 'pass' } } });
    await system.run();
    const narrower = { scope: { exclude: ['user3'] } };
    await system.reconfigure(narrower);
    expect(await system.run()).toMatchObject({ status: 'held', plan: { wholePlan: true } });
    await system.reconfigure({});
    await system.run();
    const { result } = await whatIf(system, narrower);
    const known = await system.store.requests.get(`acknowledge-${result.hash}`);
    await system.reconfigure(narrower, known?.input.scope as string);
    expect(await system.run()).toMatchObject({ status: 'succeeded', counts: { deactivated: 1 } });
    await system.stop();
  });
});
