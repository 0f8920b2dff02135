import type { OperationRecord } from '../store/records';
import { nameKey } from '../domain/names';
import { NO_ACCOUNT, done, ended } from './applyTypes';
import type { Applied, ApplyScope, UserTurn } from './applyTypes';

/** The target group a membership operation is about. */
export function groupOf({ before, after }: Pick<OperationRecord, 'before' | 'after'>): string {
  const group = (after ?? before)?.['group'];
  return typeof group === 'string' ? group : '';
}

/**
 * Adds the account to the group. "Already a member" is adopted, unless our own lost call may have brought it about
 * (rules 2.6).
 */
export async function addMembership(scope: ApplyScope, turn: UserTurn): Promise<Applied> {
  const group = groupOf(turn.operation);
  const username = turn.link.lastApplied?.username;
  if (username === undefined || turn.link.targetKey === null) return ended('failed', NO_ACCOUNT);
  if (!scope.writableGroups.has(nameKey(group)))
    return ended('failed', `group '${group}' is neither created nor adopted yet`);
  if (turn.readFirst && (await isMember(scope, turn.link.targetKey, group)))
    return done({ membership: { group, addedBy: 'us' } });
  const answer = await scope.target.addMember(group, username, scope.signal);
  return done({ membership: { group, addedBy: answer === 'added' || turn.readFirst ? 'us' : 'adopted' } });
}

/** Removes the account from the group; not being a member is what was wanted. */
export async function removeMembership(scope: ApplyScope, turn: UserTurn): Promise<Applied> {
  const group = groupOf(turn.operation);
  const username = turn.link.lastApplied?.username;
  if (username === undefined || turn.link.targetKey === null) return ended('failed', NO_ACCOUNT);
  if (turn.readFirst && !(await isMember(scope, turn.link.targetKey, group)))
    return done({ membership: { group, addedBy: null } });
  await scope.target.removeMember(group, username, scope.signal);
  return done({ membership: { group, addedBy: null } });
}

async function isMember(scope: ApplyScope, key: string, group: string): Promise<boolean> {
  const groups = await scope.target.groupsOf(key, scope.signal);
  return (groups ?? []).some((name) => nameKey(name) === nameKey(group));
}
