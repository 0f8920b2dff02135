import { done, ended } from '../../activities/applyTypes';
import { createBatchResults } from '../../activities/batchResults';
import type { LinkRelease } from '../../store/link-records';
import type { Store } from '../../store/store';
import { operation, storedLink } from './operations';

const NOW = new Date(0).toISOString();

/** Keeps what is written, in the order in which it is; links whose account another link has are refused. */
function recordingStore(taken: readonly string[] = []): { store: Store; writes: [string, unknown][] } {
  const writes: [string, unknown][] = [];
  const write =
    (name: string) =>
    (...args: readonly unknown[]): Promise<void> => {
      writes.push([name, args.at(-1)]);
      return Promise.resolve();
    };
  const store = {
    memberships: { put: write('ledger put'), remove: write('ledger remove') },
    links: {
      release: async (releases: readonly LinkRelease[]) => {
        await write('links')(releases);
        return { conflicts: releases.map(({ id }) => id).filter((id) => taken.includes(id)) };
      },
    },
    plans: { flush: write('operations') },
  };
  return { store: store as unknown as Store, writes };
}
const resultsOver = (store: Store) =>
  createBatchResults({ store, connectorId: 'corp', planRunId: 'corp-1', token: 'attempt-2', now: () => new Date(0) });

describe('durability 3.3: the results of a batch', () => {
  it('are written in the order ledger, link with its lease, status, so that a crash between two loses nothing', async () => {
    const { store, writes } = recordingStore();
    const results = resultsOver(store);
    results.finish({
      link: storedLink('a'),
      results: [
        { operation: operation('addMembership', 'a'), applied: done({ membership: { group: 'dev', addedBy: 'us' } }) },
        {
          operation: operation('removeMembership', 'a'),
          applied: done({ membership: { group: 'ops', addedBy: null } }),
        },
      ],
    });
    await results.flush();
    expect(writes).toEqual([
      ['ledger put', [{ connectorId: 'corp', externalId: 'a', group: 'dev', addedBy: 'us' }]],
      ['ledger remove', [{ externalId: 'a', group: 'ops' }]],
      ['links', [{ id: 'corp:a', token: 'attempt-2', set: { version: 4, versionBy: 'corp-1', changedAt: NOW } }]],
      [
        'operations',
        ['addMembership:a', 'removeMembership:a'].map((id) => ({
          id,
          token: 'attempt-2',
          status: 'done',
          error: null,
        })),
      ],
    ]);
    expect(results.finished).toBe(2);
  });

  it('are written once, and nothing is written where there is nothing', async () => {
    const { store, writes } = recordingStore();
    const results = resultsOver(store);
    results.add(operation('createGroup', 'g'), ended('conflict', 'it appeared'));
    await Promise.all([results.flush(), results.flush()]);
    await results.flush();
    expect(writes.filter(([name]) => name === 'operations')).toEqual([
      ['operations', [{ id: 'createGroup:g', token: 'attempt-2', status: 'conflict', error: 'it appeared' }]],
    ]);
  });

  it('are told by kind and status, once each and only when they are written', async () => {
    const { store, writes } = recordingStore(['corp:a']);
    const told: unknown[] = [];
    const results = createBatchResults({
      now: () => new Date(0),
      store,
      connectorId: 'corp',
      planRunId: 'corp-1',
      token: 'attempt-2',
      onWritten: (operations) => told.push({ afterWrites: writes.length, operations }),
    });
    results.add(operation('createGroup', 'g'), done());
    results.finish({
      link: storedLink('a'),
      results: [{ operation: operation('adoptUser', 'a'), applied: done({ link: { targetKey: 'K1' } }) }],
    });
    await Promise.all([results.flush(), results.flush()]);
    expect(told).toEqual([
      {
        afterWrites: writes.length,
        operations: [
          { kind: 'createGroup', status: 'done' },
          { kind: 'adoptUser', status: 'conflict' },
        ],
      },
    ]);
  });

  it('leave link and version as they are where nothing was done', async () => {
    const { store, writes } = recordingStore();
    const results = resultsOver(store);
    const own = [{ operation: operation('updateUser', 'a'), applied: ended('stale', 'changed') }];
    results.finish({ link: storedLink('a'), results: own });
    await results.flush();
    expect(writes).toContainEqual(['links', [{ id: 'corp:a', token: 'attempt-2', set: {} }]]);
  });

  it('claim the account of a new link and give its name back', async () => {
    const { store, writes } = recordingStore();
    const results = resultsOver(store);
    const link = storedLink('a', { targetKey: null, state: 'pending', version: 0, lastApplied: null });
    const account = { username: 'anna', email: null, displayName: 'Anna' };
    const applied = done({ link: { targetKey: 'JIRAUSER9', state: 'active', account } });
    results.finish({ link, results: [{ operation: operation('createUser', 'a', { linkVersion: 0 }), applied }] });
    await results.flush();
    const set = {
      targetKey: 'JIRAUSER9',
      state: 'active',
      lastApplied: account,
      version: 1,
      versionBy: 'corp-1',
      changedAt: NOW,
    };
    const claim = { claimKey: 'JIRAUSER9', dropNameClaim: true };
    expect(writes).toContainEqual(['links', [{ id: 'corp:a', token: 'attempt-2', set, ...claim }]]);
  });
});

it('rule 3.8: note at the link that its account cannot be written, though nothing was done', async () => {
  const { store, writes } = recordingStore();
  const results = resultsOver(store);
  const applied = { ...ended('failed', 'read-only'), link: { state: 'externalDirectory' as const } };
  results.finish({ link: storedLink('a'), results: [{ operation: operation('updateUser', 'a'), applied }] });
  await results.flush();
  expect(writes).toContainEqual(['links', [{ id: 'corp:a', token: 'attempt-2', set: { state: 'externalDirectory' } }]]);
  expect(writes.at(-1)).toMatchObject(['operations', [{ status: 'failed', error: 'read-only' }]]);
});

it('rule 1.2: tell a conflict where another link claimed the account meanwhile', async () => {
  const { store, writes } = recordingStore(['corp:a']);
  const results = resultsOver(store);
  const applied = done({ link: { targetKey: 'JIRAUSER9' } });
  results.finish({ link: storedLink('a'), results: [{ operation: operation('adoptUser', 'a'), applied }] });
  await results.flush();
  const error = 'another user of a connector owns this account';
  expect(writes.at(-1)).toEqual(['operations', [{ id: 'adoptUser:a', token: 'attempt-2', status: 'conflict', error }]]);
});
