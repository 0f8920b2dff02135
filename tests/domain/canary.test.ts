import { canaryFaults } from '../../domain/canary';
import type { CanaryOperation } from '../../domain/canary';
import { account } from '../support/person';

const operation = (
  kind: CanaryOperation['kind'],
  after: CanaryOperation['after'],
  parts: Partial<CanaryOperation> = {}
): CanaryOperation => ({ kind, before: null, after, status: 'done', ...parts });
const seen = (changes: Parameters<typeof account>[0] = {}, groups: readonly string[] = []) => ({
  account: account(changes),
  groups,
});
const created = operation('createUser', { username: 'ALICE', email: 'Alice@corp.com', displayName: 'Alice Ames' });
const removed = operation('removeMembership', null, { before: { group: 'jira-dev' } });

describe('what is wrong with somebody who was tried first', () => {
  it.each([
    ['an account as it was planned, letter case aside', created, seen()],
    ['an address that Jira hides', created, seen({ email: null })],
    ['a deactivation that shows', operation('deactivateUser', { active: false }), seen({ active: false })],
    ['a step of a chain of renames', operation('renameUser', { step: 1, username: 'alice' }), seen()],
    ['a membership that is there', operation('addMembership', { group: 'Jira-Dev' }), seen({}, ['jira-dev'])],
    ['a membership that is gone', removed, seen()],
    ['what went stale', operation('deactivateUser', { active: false }, { status: 'stale' }), seen()],
    ['what is held', operation('deactivateUser', { active: false }, { status: 'held' }), seen()],
  ])('is nothing for %s', (_what, one, back) => {
    expect(canaryFaults([one], back)).toEqual([]);
  });

  it.each([
    ['another display name', created, seen({ displayName: 'Somebody Else' }), 'createUser does not show'],
    ['an account that is not there', created, { account: null, groups: [] }, 'createUser does not show'],
    [
      'an account that is still active',
      operation('deactivateUser', { active: false }),
      seen(),
      'deactivateUser does not show',
    ],
    [
      'a membership that is missing',
      operation('addMembership', { group: 'jira-dev' }),
      seen(),
      'addMembership does not show',
    ],
    ['a membership that is still there', removed, seen({}, ['JIRA-DEV']), 'removeMembership does not show'],
    ['an operation that failed', operation('updateUser', {}, { status: 'failed' }), seen(), 'updateUser failed'],
    ['a conflict', operation('renameUser', {}, { status: 'conflict' }), seen(), 'renameUser conflict'],
  ])('is told for %s', (_what, one, back, fault) => {
    expect(canaryFaults([one], back)).toEqual([fault]);
  });
});
