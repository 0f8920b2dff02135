import fc from 'fast-check';
import { approvableUntil, checkApproval, closeWithHold, endOfHold, isExpired, statusOfRun } from '../../domain/holds';
import type { ApprovableRun, OpenHold, RunEnd } from '../../domain/holds';
import type { ApprovalSettings } from '../../domain/settings';
import { DEFAULT_APPROVAL } from './gate-input';

const hold: OpenHold = { runId: 'corp-7', heldHash: 'h1', firstHeldAt: '2026-03-10T02:00:00.000Z', status: 'held' };
const run: ApprovableRun = {
  status: 'held',
  planHash: 'p1',
  heldHash: 'h1',
  mode: 'sync',
  observe: false,
  firstHeldAt: '2026-03-10T02:00:00.000Z',
  lastPlannedAt: '2026-03-11T02:00:00.000Z',
};
const check = (
  parts: Partial<ApprovableRun> = {},
  {
    hash = 'h1',
    now = '2026-03-11T09:00:00.000Z',
    approval = DEFAULT_APPROVAL,
    only = null,
  }: Partial<Omit<Parameters<typeof checkApproval>[0], 'run'>> = {}
) => checkApproval({ run: { ...run, ...parts }, hash, now, approval, only });

describe('rule 4.6: what a new plan does to the open hold', () => {
  it.each([
    ['nothing is open', 'h1', null, null, null],
    ['the same is still held', 'h1', hold, 'corp-7', null],
    ['something else is held', 'h2', hold, null, 'corp-7'],
    ['nothing is held any more', null, hold, null, 'corp-7'],
    ['nothing is held and nothing was', null, null, null, null],
    ['the first hold was decided meanwhile', 'h1', { ...hold, status: 'rejected' }, null, null],
    ['an approval was accepted during the run', 'h2', { ...hold, approvalAccepted: true }, null, null],
    ['the same is held, an approval was accepted', 'h1', { ...hold, approvalAccepted: true }, 'corp-7', null],
  ] as const)('%s', (_, heldHash, openHold, holdOf, supersede) => {
    expect(closeWithHold({ heldHash, openHold })).toEqual({ holdOf, supersede });
  });
});

describe('rule 4.6: whether a plan may be approved', () => {
  it('compares the heldHash of a held run and the planHash of a preview', () => {
    const preview = { status: 'planned', mode: 'preview', firstHeldAt: null } as const;
    expect(check()).toBe('ok');
    expect(check({}, { hash: 'p1' })).toBe('plan-changed');
    expect(check(preview, { hash: 'p1' })).toBe('ok');
    expect(check(preview, { hash: 'h1' })).toBe('plan-changed');
  });

  it.each([
    ['superseded', 'plan-changed'],
    ['expired', 'plan-expired'],
    ['running', 'not-held'],
    ['approved', 'not-held'],
    ['rejected', 'not-held'],
    ['succeeded', 'not-held'],
    ['partial', 'not-held'],
    ['failed', 'not-held'],
    ['cancelled', 'not-held'],
  ] as const)('answers for a run that is %s: %s', (status, answer) => {
    expect(check({ status })).toBe(answer);
  });

  it.each([
    ['just before planMaxAge (24 h) after the latest planning', '2026-03-12T01:59:59.999Z', 'ok'],
    ['at planMaxAge', '2026-03-12T02:00:00.000Z', 'plan-expired'],
  ] as const)('%s', (_, now, answer) => {
    expect(check({}, { now })).toBe(answer);
  });

  it('counts expiresAfter (72 h) from the first hold, however fresh the plan is', () => {
    const lastPlannedAt = '2026-03-13T01:00:00.000Z';
    expect(check({ lastPlannedAt }, { now: '2026-03-13T01:59:00.000Z' })).toBe('ok');
    expect(check({ lastPlannedAt }, { now: '2026-03-13T02:00:00.000Z' })).toBe('plan-expired');
    expect(approvableUntil({ ...run, lastPlannedAt }, DEFAULT_APPROVAL)).toBe('2026-03-13T02:00:00.000Z');
    expect(approvableUntil({ firstHeldAt: null, lastPlannedAt }, DEFAULT_APPROVAL)).toBe('2026-03-14T01:00:00.000Z');
  });

  it('refuses what never writes or has nothing to approve', () => {
    expect(check({ observe: true, status: 'planned' }, { hash: 'p1' })).toBe('observe-only');
    expect(check({ mode: 'drift', status: 'planned' }, { hash: 'p1' })).toBe('not-held');
    expect(check({ mode: 'drift', status: 'planned' }, { hash: 'p1', only: { kinds: ['renames'] } })).toBe('not-held');
    expect(check({ mode: 'drift', status: 'planned' }, { hash: 'p1', only: { seqs: [3] } })).toBe('ok');
    expect(check({ heldHash: null })).toBe('not-held');
  });

  it('approval.when never: what exceeded is never applied, a preview may be', () => {
    const approval: ApprovalSettings = { ...DEFAULT_APPROVAL, when: 'never' };
    expect(check({}, { approval })).toBe('not-held');
    expect(check({ status: 'planned', mode: 'preview' }, { approval, hash: 'p1' })).toBe('ok');
  });

  it('takes a time it cannot read for too late', () => {
    expect(check({ lastPlannedAt: 'yesterday' })).toBe('plan-expired');
  });

  it('answers ok for no other hash than the one shown', () => {
    fc.assert(
      fc.property(fc.string(), (hash) => {
        fc.pre(hash !== 'h1');
        expect(check({}, { hash })).toBe('plan-changed');
      })
    );
  });
});

describe('rule 4.6: how a hold ends', () => {
  it('expires 72 hours after the first hold, not by the age of the plan', () => {
    const expired = (now: string, firstHeldAt: string | null = hold.firstHeldAt): boolean =>
      isExpired({ firstHeldAt, now, approval: DEFAULT_APPROVAL });
    expect(expired('2026-03-13T01:59:59.000Z')).toBe(false);
    expect(expired('2026-03-13T02:00:00.000Z')).toBe(true);
    expect(expired('2030-01-01T00:00:00.000Z', null)).toBe(false);
  });

  it.each([
    ['stays held after an approval of a part', 3, true, 'approval', 'held'],
    ['ends approved when nothing is left', 0, true, 'approval', 'approved'],
    ['stays held when nothing was taken yet', 3, false, 'approval', 'held'],
    ['ends rejected when nothing is left and nothing was taken', 0, false, 'approval', 'rejected'],
    ['ends rejected by a person, after an approved part too', 3, true, 'rejection', 'rejected'],
    ['ends superseded by a newer plan', 3, true, 'newerPlan', 'superseded'],
    ['ends expired', 3, false, 'expiry', 'expired'],
  ] as const)('%s', (_, leftHeld, anyApplied, cause, end) => {
    expect(endOfHold({ leftHeld, anyApplied, cause })).toBe(end);
  });

  it('is about an approval when nothing else is said', () => {
    expect(endOfHold({ leftHeld: 0, anyApplied: true })).toBe('approved');
  });
});

describe('the status a run ends with', () => {
  const end: RunEnd = {
    mode: 'sync',
    observe: false,
    cancelled: false,
    error: null,
    held: 0,
    holdReasons: [],
    approvable: true,
    failed: 0,
    complete: true,
  };

  it.each<[string, Partial<RunEnd>, ReturnType<typeof statusOfRun>]>([
    ['all done', {}, 'succeeded'],
    ['a user failed', { failed: 1 }, 'partial'],
    ['an incomplete read', { complete: false }, 'partial'],
    ['something is held', { held: 1 }, 'held'],
    ['held wins over partial', { held: 1, failed: 1, complete: false }, 'held'],
    ['an unhealthy read with nothing to do', { holdReasons: ['no users'] }, 'held'],
    ['what exceeds is left out for good', { held: 1, approvable: false }, 'partial'],
    ['an error', { error: 'Jira refused the token', held: 1 }, 'failed'],
    ['stopped by a person', { cancelled: true, error: 'cancelled', held: 1 }, 'cancelled'],
    ['a preview, whatever it would hold', { mode: 'preview', held: 3, complete: false }, 'planned'],
    ['a preview that failed', { mode: 'preview', error: 'unreachable' }, 'failed'],
    ['a comparison', { mode: 'drift' }, 'planned'],
    ['a sync of a connector that only observes', { observe: true, held: 1 }, 'planned'],
    ['an approved plan that was applied', { mode: 'apply' }, 'succeeded'],
  ])('%s', (_, parts, status) => {
    expect(statusOfRun({ ...end, ...parts })).toBe(status);
  });
});
