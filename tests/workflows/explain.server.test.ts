import type { Explained, ExplainInput } from '../../activities/insight/explain';
import type { RunRecord } from '../../store/records';
import { accountsOf, callsOf, effectsOf } from '../support/accounts';
import { carryOutTask } from '../support/insight';
import { changed, people } from '../support/people';
import { startSystem } from '../support/system';
import type { System } from '../support/system';

const PEOPLE = people(12);
const NOW = { run: null, at: null };

describe('explain', () => {
  let system: System;
  let first: RunRecord;
  let second: RunRecord;
  beforeAll(async () => {
    const config = {
      scope: { exclude: ['user12'] },
      mapping: { username: { source: 'username', transforms: [{ type: 'trim' }, { type: 'lowercase' }] } },
    };
    system = await startSystem({ rows: changed(PEOPLE, [5], { username: 'USER5' }), config });
    first = await system.run();
    system.write(
      changed(PEOPLE, [1], { active: false }).map((row, n) => (n === 1 ? { ...row, groups: ['all'] } : row))
    );
    second = await system.run();
    expect(second).toMatchObject({ status: 'succeeded', counts: { deactivated: 1, membershipsRemoved: 1 } });
  });
  afterAll(async () => system.stop());

  const ask = async (input: ExplainInput) => carryOutTask(system, 'explain', { ...input }, { interactive: true });
  const explain = async (input: ExplainInput): Promise<Explained> => {
    const request = await ask(input);
    if (request.status !== 'done') throw new Error(request.error ?? 'not done');
    return request.result as unknown as Explained;
  };

  it('shows live how each step leads to the next, and that nothing is to be done', async () => {
    const { runId, explanation } = await explain({ identifier: 'user5', ...NOW });
    expect(runId).toBeNull();
    expect(explanation).toMatchObject({
      externalId: 'id-5',
      presence: 'present',
      source: { active: true, attributes: { username: 'user5' } },
      groups: [
        { name: 'all', standsFor: ['all'] },
        { name: 'team-0', standsFor: ['team-0'] },
      ],
      scope: [{ clause: 'exclude', says: 'in' }],
      prepared: { standing: 'inScope' },
      link: { state: 'active' },
      desired: { username: 'user5' },
      desiredGroups: [{ group: 'all', reason: { code: 'assertedBySource' } }, { group: 'team-0' }],
      actual: {
        account: { username: 'user5', active: true },
        groups: [
          { group: 'all', addedBy: 'us' },
          { group: 'team-0', addedBy: 'us' },
        ],
      },
      operations: [],
      outcome: 'unchanged',
    });
    expect(explanation.mapping.find(({ attribute }) => attribute === 'username')).toMatchObject({
      steps: [
        { step: 'source', before: ['username'], after: ['user5'] },
        { step: 'trim', before: ['user5'], after: ['user5'] },
        { step: 'lowercase', before: ['user5'], after: ['user5'] },
      ],
      result: { kind: 'values', texts: ['user5'] },
    });
  });

  it('plans live what a run would do, and does none of it', async () => {
    const [accounts, effects] = [await accountsOf(system.sim), await effectsOf(system.sim)];
    const usage = await system.store.gateUsage.used(system.connectorId, second.startedAt.slice(0, 13), '');
    system.write(changed(PEOPLE, [1, 3], { active: false }));
    const { explanation } = await explain({ identifier: 'id-3', ...NOW });
    expect(explanation).toMatchObject({
      operations: [{ kind: 'deactivateUser', status: 'planned', reasons: [{ code: 'disabled', rule: '3.1' }] }],
      outcome: 'deactivated',
    });
    expect([await accountsOf(system.sim), await effectsOf(system.sim)]).toEqual([accounts, effects]);
    expect(await system.store.gateUsage.used(system.connectorId, second.startedAt.slice(0, 13), '')).toEqual(usage);
    expect(
      (await system.store.links.byExternalIds(system.connectorId, ['id-3'])).get('id-3')?.disabledSince
    ).toBeNull();
  });

  it('says which condition of the scope keeps somebody out', async () => {
    const { explanation } = await explain({ identifier: 'id-12', ...NOW });
    expect(explanation).toMatchObject({
      scope: [{ clause: 'exclude', says: 'out' }],
      prepared: { standing: 'outOfScope', reasons: [{ code: 'excludedByName' }] },
      outcome: 'skipped',
    });
  });

  it('tells from stored data why a run deactivated somebody, asking neither source nor Jira', async () => {
    const calls = await callsOf(system.sim);
    const { runId, explanation } = await explain({ identifier: 'user1', run: second.id, at: null });
    expect(runId).toBe(second.id);
    expect(explanation).toMatchObject({
      externalId: 'id-1',
      source: { active: false },
      actual: { account: { username: 'user1', active: true } },
      operations: [
        {
          kind: 'deactivateUser',
          before: { active: true },
          after: { active: false },
          status: 'done',
          reasons: [{ code: 'disabled', rule: '3.1' }],
          appliedBy: second.id,
        },
      ],
      outcome: 'deactivated',
    });
    expect(await callsOf(system.sim)).toEqual(calls);
  });

  it('shows of an earlier run what source and Jira held then', async () => {
    const { explanation } = await explain({ identifier: 'id-5', run: first.id, at: null });
    expect(explanation).toMatchObject({
      source: { attributes: { username: 'USER5' } },
      actual: null,
      outcome: 'created',
    });
    expect(explanation.mapping.find(({ attribute }) => attribute === 'username')?.steps.at(-1)).toMatchObject({
      before: ['USER5'],
      after: ['user5'],
    });
    expect(explanation.operations.map(({ kind }) => kind)).toEqual(['createUser', 'addMembership', 'addMembership']);
  });

  it('finds by a moment the last run that did something with the person, and by address as well as by name', async () => {
    const later = system.clock.now().toISOString();
    expect(await explain({ identifier: 'user2@example.com', run: null, at: later })).toMatchObject({
      runId: second.id,
      explanation: {
        operations: [{ kind: 'removeMembership', reasons: [{ code: 'withdrawnAtSource', rule: '2.6' }] }],
      },
    });
    expect(await explain({ identifier: 'user4', run: null, at: later })).toMatchObject({ runId: first.id });
    expect(await explain({ identifier: 'user2', run: null, at: first.startedAt })).toMatchObject({ runId: first.id });
  });

  it.each([
    ['somebody whom nobody knows', { identifier: 'nobody-at-all', ...NOW }],
    ['a run of nobody', { identifier: 'user1', run: 'no-such-run', at: null }],
    ['a time before all runs', { identifier: 'user1', run: null, at: '2001-01-01T00:00:00.000Z' }],
  ])('answers for %s that there is nothing, as what the API calls not-found', async (_what, input) => {
    expect(await ask(input)).toMatchObject({ status: 'failed', result: { problem: 'not-found' } });
  });

  it('keeps everything personal out of the histories', async () => {
    const request = await ask({ identifier: 'user5', ...NOW });
    const history = await system.client.workflow.getHandle(`task:${request.id}`).fetchHistory();
    expect(JSON.stringify(history)).not.toMatch(/user5/);
  });
});
