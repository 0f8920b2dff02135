import { arrangeChanges, isRunMissing } from '../../domain/changes';
import type { RunStatus } from '../../domain/run';
import type { RunSeen, PushedChange } from '../../domain/changes';

const SETTLE = { settleSeconds: 10, settleMaxSeconds: 60 };
const at = (seconds: number, id: string, changes: Partial<PushedChange> = {}): PushedChange => ({
  kind: 'user',
  id,
  groupId: null,
  acceptedAt: seconds * 1_000,
  takesAway: false,
  ...changes,
});
const LOSES = { takesAway: true };
const arrange = (changes: readonly PushedChange[], nowSeconds: number) => {
  const { ready, burst, groups, waitMs } = arrangeChanges(changes, SETTLE, nowSeconds * 1_000);
  const ids = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id);
  return { ready: ids(ready), burst: ids(burst), groups: ids(groups), waitMs };
};

describe('the order in which pushed changes are carried (rules 4.7)', () => {
  it('additions go at once, each person once, the longest waiting first', () => {
    const changes = [at(1, 'b'), at(2, 'a', { kind: 'member', groupId: 'g' }), at(3, 'b')];
    expect(arrange(changes, 3)).toEqual({ ready: ['b', 'a'], burst: [], groups: [], waitMs: null });
  });

  it('what takes away waits until nothing of the kind has come for ten seconds', () => {
    const changes = [at(0, 'a', LOSES), at(5, 'b', LOSES), at(6, 'c')];
    expect(arrange(changes, 7)).toEqual({ ready: ['c'], burst: [], groups: [], waitMs: 8_000 });
    expect(arrange(changes, 15)).toEqual({ ready: ['c'], burst: ['a', 'b'], groups: [], waitMs: null });
  });

  it('and no longer than a minute, however many come', () => {
    const changes = Array.from({ length: 31 }, (_, n) => at(n * 2, `u${n}`, LOSES));
    expect(arrange(changes, 59).waitMs).toBe(1_000);
    expect(arrange(changes, 60).burst).toHaveLength(31);
  });

  it('a person from whom something is taken waits with everything else that waits for him', () => {
    const changes = [at(0, 'a'), at(1, 'a', { kind: 'member', groupId: 'g', takesAway: true })];
    expect(arrange(changes, 2)).toMatchObject({ ready: [], burst: [], waitMs: 9_000 });
  });

  it('groups themselves are for a run; a deleted one settles first', () => {
    const changes = [at(0, 'new', { kind: 'group' }), at(1, 'gone', { kind: 'group', takesAway: true })];
    expect(arrange(changes, 2)).toMatchObject({ groups: ['new'], ready: [] });
    expect(arrange(changes, 11)).toMatchObject({ groups: ['new', 'gone'], waitMs: null });
  });

  it('nothing waits for nothing', () => {
    expect(arrange([], 1)).toEqual({ ready: [], burst: [], groups: [], waitMs: null });
  });
});

describe('what was left to a run', () => {
  const LEFT_AT = Date.parse('2026-03-02T10:00:00Z');
  const NOW = LEFT_AT + 3_600_000;
  const run = (status: RunStatus, minute: number, changes: Partial<RunSeen> = {}): RunSeen => ({
    mode: 'sync',
    status,
    startedAt: new Date(LEFT_AT + minute * 60_000).toISOString(),
    finishedAt: status === 'running' ? null : new Date(LEFT_AT + (minute + 1) * 60_000).toISOString(),
    ...changes,
  });

  it.each<[string, readonly RunSeen[], boolean]>([
    ['no run', [], true],
    ['one that started before', [run('succeeded', -1)], true],
    ['one under way', [run('running', 0)], false],
    ['one that succeeded', [run('succeeded', 1)], false],
    ['one that did a part', [run('partial', 1)], false],
    ['one that holds', [run('held', 1)], false],
    ['a preview', [run('planned', 1, { mode: 'preview' })], true],
    ['one that failed long ago', [run('failed', 1)], true],
    ['one that was cancelled long ago', [run('cancelled', 1)], true],
    ['one that failed just now', [run('failed', 58)], false],
    ['one that failed after one that succeeded', [run('failed', 10), run('succeeded', 1)], false],
    ['one under way after one that failed', [run('running', 10), run('failed', 1)], false],
  ])('%s: another one is missing %#', (_name, runs, missing) => {
    expect(isRunMissing(LEFT_AT, runs, NOW)).toBe(missing);
  });
});
