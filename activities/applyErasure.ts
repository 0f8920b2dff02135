import { nameKey } from '../domain/names';
import type { TargetUser } from '../domain/model';
import type { Erasure } from '../targets/extras';
import { done, ended, textOf } from './applyTypes';
import type { Applied, ApplyScope, UserTurn } from './applyTypes';
import { wait } from './progress';

/** A task that takes longer is looked at again by the next run: a lease does not last for ever. */
const LOOKS = 10;
const PAUSE_MS = 1_000;
const NO_ERASURE = 'the target cannot be written now, or erases nobody';
const ERASED = done({ link: { state: 'erased' } });

/** Deletes an inactive account for good; one that is gone is deleted already (rules 3.7). */
export async function deleteAccount(scope: ApplyScope, turn: UserTurn): Promise<Applied> {
  const { erasure } = scope.target;
  const doomed = await doomedAccount(scope, turn);
  if ('status' in doomed) return doomed;
  if (erasure === undefined) return ended('failed', NO_ERASURE);
  await erasure.deleteUser(doomed, scope.signal);
  return ERASED;
}

/**
 * Has an inactive account anonymized by the target itself. The task goes on without us: its id is kept on the link, and
 * whoever comes next asks what became of it before anything is begun again.
 */
export async function anonymizeAccount(scope: ApplyScope, turn: UserTurn): Promise<Applied> {
  const { erasure } = scope.target;
  const known = turn.link.erasureTask;
  if (known !== undefined && (await stateOf(scope, erasure, known)) === 'done') return ERASED;
  const doomed = await doomedAccount(scope, turn);
  if ('status' in doomed) return doomed;
  if (erasure === undefined) return ended('failed', NO_ERASURE);
  const task =
    known !== undefined && (await stateOf(scope, erasure, known)) === 'running'
      ? known
      : await erasure.startAnonymization(doomed, (await scope.target.syncAccount(scope.signal)).key, scope.signal);
  for (let look = 0; look < LOOKS; look += 1) {
    const state = await stateOf(scope, erasure, task);
    if (state === 'done') return ERASED;
    if (state === 'failed') return ended('failed', 'the target could not anonymize the account; its log says why');
    await wait(PAUSE_MS);
  }
  return {
    ...ended('failed', 'the target is still anonymizing the account; the next run looks again'),
    link: { erasureTask: task },
  };
}

/** The account that is to go, or how the operation ends because there is none, or not this one any more. */
async function doomedAccount(scope: ApplyScope, { operation, link }: UserTurn): Promise<TargetUser | Applied> {
  const account = await scope.target.findByKey(link.targetKey ?? '', scope.signal);
  if (account === null) return ERASED;
  if (account.active) return ended('stale', 'the account is active');
  // Jira's anonymization gives the account its key as name.
  if (operation.kind === 'anonymizeUser' && nameKey(account.username) === nameKey(account.key)) return ERASED;
  const planned = textOf(operation.before, 'username') ?? '';
  if (nameKey(planned) !== nameKey(account.username)) return ended('stale', 'the account has another name by now');
  return account;
}

async function stateOf(scope: ApplyScope, erasure: Erasure | undefined, task: string) {
  return erasure === undefined ? 'unknown' : erasure.anonymization(task, scope.signal);
}
