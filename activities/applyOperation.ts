import { nameKey } from '../domain/names';
import { groupKeyOf } from '../domain/operation';
import type { OperationKind } from '../domain/operation';
import { TargetError } from '../targets/target';
import {
  adoptAccount,
  createAccount,
  deactivateAccount,
  pseudonymizeAccount,
  reactivateAccount,
  recognise,
  renameAccount,
  updateAccount,
} from './applyAccount';
import { endSessions, replaceLead } from './applyDeparture';
import { anonymizeAccount, deleteAccount } from './applyErasure';
import { addOrganization, removeOrganization, setAvatar, setProperty } from './applyExtras';
import { addMembership, removeMembership } from './applyMembership';
import { ended } from './applyTypes';
import type { Applied, ApplyScope, UserTurn } from './applyTypes';

/** How often one operation is tried again within a batch after an answer that was lost or ambiguous. */
const AMBIGUOUS_TRIES = 3;
const AMBIGUOUS_PAUSE_MS = 500;
/** A target that asks to wait longer than this in all hands the batch back to Temporal. */
const LONGEST_RATE_WAIT_MS = 5 * 60_000;

export interface Retrying {
  /** Called before every try; throws when no call may start. */
  ready(operationId: string): Promise<void>;
  pause(ms: number): Promise<void>;
  /** Told that an operation has had no effect so far. */
  unsent(operationId: string): void;
}

/** Writes of the account itself, which a directory that cannot be written refuses whatever they say (rules 3.8). */
const ACCOUNT_WRITES: ReadonlySet<OperationKind> = new Set([
  'updateUser',
  'renameUser',
  'deactivateUser',
  'reactivateUser',
  'pseudonymizeUser',
]);
const EXTERNAL = 'the account lies in a directory that cannot be written';

/** Carries out one operation on one person; never twice where reading the target shows that it is done. */
async function perform(scope: ApplyScope, turn: UserTurn): Promise<Applied> {
  if (turn.link.state === 'externalDirectory' && ACCOUNT_WRITES.has(turn.operation.kind))
    return ended('failed', EXTERNAL);
  switch (turn.operation.kind) {
    case 'adoptUser':
      return adoptAccount(turn);
    case 'createUser':
      return createAccount(scope, turn);
    case 'updateUser':
      return updateAccount(scope, turn);
    case 'renameUser':
      return renameAccount(scope, turn);
    case 'deactivateUser':
      return deactivateAccount(scope, turn);
    case 'reactivateUser':
      return reactivateAccount(scope, turn);
    case 'addMembership':
      return addMembership(scope, turn);
    case 'removeMembership':
      return removeMembership(scope, turn);
    case 'pseudonymizeUser':
      return pseudonymizeAccount(scope, turn);
    case 'anonymizeUser':
      return anonymizeAccount(scope, turn);
    case 'deleteUser':
      return deleteAccount(scope, turn);
    case 'setProperty':
      return setProperty(scope, turn);
    case 'setAvatar':
      return setAvatar(scope, turn);
    case 'addOrganization':
      return addOrganization(scope, turn);
    case 'removeOrganization':
      return removeOrganization(scope, turn);
    case 'endSessions':
      return endSessions(scope, turn);
    case 'replaceLead':
      return replaceLead(scope, turn);
    case 'adoptGroup':
    case 'createGroup':
    case 'moveLink':
      throw new Error(`operation kind ${turn.operation.kind} is not one on a person`);
  }
}

/**
 * Carries out an operation with the retries that one call needs: waits where the target asks to, reads before it repeats
 * a call whose answer was lost (durability 3.4), and turns a refusal of this one operation into its status.
 * @throws TargetError where nothing further can be done for anybody (authentication, target away, too long a wait).
 */
export async function applyOperation(scope: ApplyScope, first: UserTurn, retrying: Retrying): Promise<Applied> {
  let turn = first;
  let waitedMs = 0;
  for (let lost = 0; ;) {
    const current = turn;
    try {
      return await scope.slot(async () => {
        await retrying.ready(current.operation.id);
        return perform(scope, current);
      });
    } catch (error) {
      if (!(error instanceof TargetError)) throw error;
      if (error.kind === 'rateLimited') {
        // What was refused for its rate was not done: only an answer that was lost leaves a doubt.
        if (!turn.readFirst) retrying.unsent(turn.operation.id);
        waitedMs += error.retryAfterMs ?? AMBIGUOUS_PAUSE_MS;
        if (waitedMs > LONGEST_RATE_WAIT_MS) throw error;
        await retrying.pause(error.retryAfterMs ?? AMBIGUOUS_PAUSE_MS);
        continue;
      }
      if (error.kind !== 'ambiguous') return refused(scope, turn, error);
      lost += 1;
      turn = { ...turn, readFirst: true };
      if (lost >= AMBIGUOUS_TRIES) return await giveUp(scope, error);
      await retrying.pause(AMBIGUOUS_PAUSE_MS * lost);
    }
  }
}

/** What a clear refusal means: for this one operation, or (thrown) for all. */
async function refused(scope: ApplyScope, turn: UserTurn, error: TargetError): Promise<Applied> {
  const { operation } = turn;
  switch (error.kind) {
    case 'authentication':
    case 'configuration':
    case 'permission':
      throw error;
    case 'exists': {
      if (operation.kind !== 'createUser') return ended('conflict', error.message);
      const username = operation.after?.['username'];
      const existing = typeof username === 'string' ? await scope.target.findByUsername(username, scope.signal) : null;
      return existing === null ? ended('conflict', error.message) : recognise(scope, operation.after, existing);
    }
    case 'readOnly':
      return refusedByDirectory(scope, turn, error);
    case 'notFound':
    case 'invalid':
    case 'rateLimited':
    case 'ambiguous':
      return ended('failed', error.message);
  }
}

/**
 * What a read-only directory means for the link (rules 3.8). The refusal to touch somebody of higher rank looks the same
 * where the sync account lacks that rank: for members of protected groups it is taken for that, and tried again.
 */
async function refusedByDirectory(
  scope: ApplyScope,
  { operation, link }: UserTurn,
  error: TargetError
): Promise<Applied> {
  const end = ended('failed', error.message);
  const refusedUnder = scope.targetVersion;
  if (operation.kind === 'addMembership' || operation.kind === 'removeMembership') {
    return { ...end, link: { refusedMembership: groupKeyOf(operation), refusedUnder } };
  }
  if (!ACCOUNT_WRITES.has(operation.kind)) return end;
  if (error.byRank && (await isGuarded(scope, link.targetKey ?? ''))) {
    return ended(
      'failed',
      'only a system administrator of the target may change this account, and the sync account is none'
    );
  }
  return { ...end, link: { state: 'externalDirectory', refusedUnder } };
}

async function isGuarded({ target, settings, signal }: ApplyScope, key: string): Promise<boolean> {
  const guarded = new Set(settings.protected.groups.map(nameKey));
  return ((await target.groupsOf(key, signal)) ?? []).some((group) => guarded.has(nameKey(group)));
}

/** A target that answers others fails this operation; one that is away for everybody fails the attempt. */
async function giveUp(scope: ApplyScope, error: TargetError): Promise<Applied> {
  await scope.target.syncAccount(scope.signal);
  return ended('failed', error.message);
}
