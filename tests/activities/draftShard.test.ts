import { toShard } from '../../activities/draftShard';
import { groupKeyOf } from '../../domain/operation';
import type { DraftOperation } from '../../domain/operation';
import { draft } from './operations';

const shardOf = (drafts: readonly DraftOperation[]) =>
  toShard({ runId: 'corp-1', shard: 's0000', drafts, username: (id) => `name of ${id ?? 'nobody'}` });

describe('toShard', () => {
  it('numbers operations within their phase, in an order that does not depend on the order of the drafts', () => {
    const drafts = [draft('addMembership', 'b'), draft('createUser', 'b'), draft('createUser', 'a')];
    const { record, operations } = shardOf(drafts);
    expect(operations.map(({ id }) => id)).toEqual(['corp-1:6:s0000:0', 'corp-1:6:s0000:1', 'corp-1:8:s0000:0']);
    expect(operations.map(({ externalId }) => externalId)).toEqual(['a', 'b', 'b']);
    expect(record.cells).toEqual([
      { phase: 6, count: 2 },
      { phase: 8, count: 1 },
    ]);
    expect(shardOf(drafts.toReversed())).toEqual({ record, operations });
  });

  it('counts for the gate what a rule does not hold anyway', () => {
    const after = { group: 'Dev' };
    const { record } = shardOf([
      draft('deactivateUser', 'a', { gateKinds: ['disabled'] }),
      draft('deactivateUser', 'b', { gateKinds: ['disabled'], heldByRule: true }),
      draft('removeMembership', 'a', { before: after, gateKinds: ['removals'] }),
      draft('removeMembership', 'b', { before: { group: 'DEV' }, gateKinds: ['removals'] }),
    ]);
    expect(record).toMatchObject({ gateCounts: { disabled: 1, removals: 2 }, removals: { dev: 2 }, heldByRule: 1 });
  });

  it('rule 4.4: tells whether a first run would touch what existed before', () => {
    const adds = [draft('createUser', 'a'), draft('createGroup', 'g'), draft('addMembership', 'a')];
    expect(shardOf(adds).record.touchesExisting).toBe(false);
    expect(shardOf([...adds, draft('adoptUser', 'b')]).record.touchesExisting).toBe(true);
  });

  it('keeps usernames beside the hashed content', () => {
    const [named] = shardOf([draft('createUser', 'a')]).operations;
    const [unnamed] = toShard({
      runId: 'x',
      shard: 's0001',
      drafts: [draft('createUser', 'a')],
      username: () => null,
    }).operations;
    expect([named?.username, unnamed?.username]).toEqual(['name of a', null]);
    expect(named?.digest).toBe(unnamed?.digest);
  });

  it('compares group names by the rule of the target', () => {
    expect(groupKeyOf({ before: { group: 'Jira-Dev' }, after: null })).toBe('jira-dev');
    expect(groupKeyOf({ before: null, after: null })).toBe('');
  });
});
