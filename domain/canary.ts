import type { TargetUser } from './model';
import { emailKey, nameKey } from './names';
import type { OperationContent, OperationStatus } from './operation';

/** An operation of a person that is tried first, as it ended. */
export type CanaryOperation = Pick<OperationContent, 'kind' | 'before' | 'after'> & {
  readonly status: OperationStatus;
};

/** What the target shows of the person afterwards. */
export interface ReadBack {
  readonly account: TargetUser | null;
  /** Names of the groups of the account. */
  readonly groups: readonly string[];
}

/**
 * What is wrong with a person whose operations were carried out before all others: operations that failed, and those of which
 * the target does not show the effect. Empty: go on. What went stale is no fault: the person changed meanwhile.
 */
export function canaryFaults(operations: readonly CanaryOperation[], seen: ReadBack): readonly string[] {
  return operations.flatMap((operation) => {
    if (operation.status === 'failed' || operation.status === 'conflict')
      return [`${operation.kind} ${operation.status}`];
    return operation.status === 'done' && !shows(operation, seen) ? [`${operation.kind} does not show`] : [];
  });
}

function shows({ kind, before, after }: CanaryOperation, { account, groups }: ReadBack): boolean {
  const isMember = (group: unknown): boolean =>
    typeof group === 'string' && groups.some((name) => nameKey(name) === nameKey(group));
  switch (kind) {
    case 'createUser':
    case 'updateUser':
    case 'renameUser':
    case 'deactivateUser':
    case 'reactivateUser':
      return account !== null && Object.entries(after ?? {}).every(([name, value]) => holds(account, name, value));
    case 'addMembership':
      return isMember(after?.['group']);
    case 'removeMembership':
      return !isMember(before?.['group']);
    default:
      return true;
  }
}

/** What the target hides, or does not show with an account, is believed. */
function holds(account: TargetUser, name: string, value: unknown): boolean {
  const text = typeof value === 'string' ? value : '';
  switch (name) {
    case 'username':
      return nameKey(account.username) === nameKey(text);
    case 'email':
      return account.email === null || emailKey(account.email) === emailKey(text);
    case 'displayName':
      return value === null || account.displayName.normalize('NFC') === text.normalize('NFC');
    case 'active':
      return account.active === value;
    default:
      return true;
  }
}
