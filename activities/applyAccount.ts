import type { AttributeRecord, TargetUser } from '../domain/model';
import { NOTHING_WRITTEN } from '../domain/plan-extras';
import { emailKey, nameKey } from '../domain/names';
import type { LifecycleCause } from '../domain/model';
import { TargetError } from '../targets/target';
import type { TargetErrorKind, UserChange } from '../targets/target';
import { done, ended, textOf } from './applyTypes';
import type { Applied, ApplyScope, LinkChange, UserTurn } from './applyTypes';

/** Creates the account, or recognises the one an earlier attempt created (durability 3.4). */
export async function createAccount(scope: ApplyScope, { operation, readFirst }: UserTurn): Promise<Applied> {
  const { target, settings, signal } = scope;
  const username = textOf(operation.after, 'username') ?? '';
  if (readFirst || scope.verifyFirst) {
    const existing = await target.findByUsername(username, signal);
    if (existing !== null) return recognise(scope, operation.after, existing);
  }
  const account = await target.createUser(
    {
      username,
      email: textOf(operation.after, 'email'),
      displayName: textOf(operation.after, 'displayName') ?? username,
      notify: settings.users.notify,
      applicationKeys: settings.users.applicationKeys,
    },
    signal
  );
  return done({ link: created(account) });
}

/** An account of that name is ours only if every attribute is as planned and nobody owns it: else a conflict, never adopted. */
export async function recognise(
  scope: ApplyScope,
  after: AttributeRecord | null,
  existing: TargetUser
): Promise<Applied> {
  const owners = await scope.deps.store.links.owners(scope.targetId, [existing.key]);
  const equal =
    nameKey(existing.username) === nameKey(textOf(after, 'username') ?? '') &&
    emailKey(existing.email ?? '') === emailKey(textOf(after, 'email') ?? '') &&
    existing.displayName === (textOf(after, 'displayName') ?? textOf(after, 'username'));
  if (equal && owners.size === 0) return done({ link: created(existing) });
  return ended('conflict', 'an account with this username exists and is not the one that was planned');
}

const created = ({ key, username, email, displayName }: TargetUser): LinkChange => ({
  targetKey: key,
  state: 'active',
  account: { username, email, displayName },
  ...NOTHING_WRITTEN,
});

/** Adoption is a matter of the store alone: the account becomes this user's (rules 1.2). */
export function adoptAccount({ operation }: UserTurn): Applied {
  const { after, targetKey } = operation;
  return done({
    link: {
      ...(targetKey !== null && { targetKey }),
      state: 'active',
      account: {
        username: textOf(after, 'username') ?? '',
        email: textOf(after, 'email'),
        displayName: textOf(after, 'displayName'),
      },
    },
  });
}

/** Writes e-mail address or display name. */
export async function updateAccount(scope: ApplyScope, turn: UserTurn): Promise<Applied> {
  const after = turn.operation.after;
  const email = textOf(after, 'email');
  const displayName = textOf(after, 'displayName');
  const change: UserChange = {
    ...(after !== null && 'email' in after && { email: email ?? '' }),
    ...(displayName !== null && { displayName }),
  };
  const remembered = {
    ...(after !== null && 'email' in after && { email }),
    ...(displayName !== null && { displayName }),
  };
  return changeAccount(scope, turn, change, { account: remembered });
}

export async function deactivateAccount(scope: ApplyScope, turn: UserTurn): Promise<Applied> {
  const cause = turn.operation.reasons.map((reason) => reason.code).find(isCause) ?? null;
  const applied = await changeAccount(
    scope,
    turn,
    { active: false },
    {
      state: 'inactive',
      lastDeactivatedBy: 'us',
      lastDeactivatedCause: cause,
      lastDeactivatedAt: scope.deps.now().toISOString(),
    }
  );
  return applied.status === 'done' ? withoutSessions(scope, turn, applied) : applied;
}

/** An inactive account may still have open sessions. That they could not be ended is told, and undoes nothing. */
async function withoutSessions({ target, signal }: ApplyScope, { link }: UserTurn, applied: Applied): Promise<Applied> {
  const username = link.lastApplied?.username;
  if (username === undefined || target.departures === undefined) return applied;
  try {
    await target.departures.endSessions(username, signal);
    return applied;
  } catch (error) {
    if (!(error instanceof TargetError) || !REFUSALS.has(error.kind)) throw error;
    return { ...applied, error: `deactivated, but its sessions could not be ended: ${error.message}` };
  }
}

/** Answers that say clearly that nothing was done, of this one call. */
const REFUSALS: ReadonlySet<TargetErrorKind> = new Set(['permission', 'readOnly', 'invalid', 'notFound', 'exists']);

const CAUSES: readonly string[] = ['disabled', 'missing', 'outOfScope', 'unmatched'] satisfies LifecycleCause[];
const isCause = (code: string): code is LifecycleCause => CAUSES.includes(code);

export async function reactivateAccount(scope: ApplyScope, turn: UserTurn): Promise<Applied> {
  return changeAccount(
    scope,
    turn,
    { active: true },
    { state: 'active', lastDeactivatedBy: null, lastDeactivatedCause: null, lastDeactivatedAt: null }
  );
}

/** Both names are looked up first: a rename onto a name that somebody holds would detach his history (rules 1.7). */
export async function renameAccount(scope: ApplyScope, turn: UserTurn): Promise<Applied> {
  const username = textOf(turn.operation.after, 'username') ?? '';
  const holder = await scope.target.findByUsername(username, scope.signal);
  if (holder !== null && holder.key !== turn.operation.targetKey)
    return ended('conflict', 'another account holds the new username');
  if (holder !== null && holder.username === username) return done({ link: { account: { username } } });
  return changeAccount(scope, turn, { username }, { account: { username } });
}

/** Replaces what an inactive account is called; the link keeps what it was called before (rules 3.7). */
export async function pseudonymizeAccount(scope: ApplyScope, turn: UserTurn): Promise<Applied> {
  const { before, after, targetKey } = turn.operation;
  const [username, email, displayName] = ['username', 'email', 'displayName'].map((name) => textOf(after, name) ?? '');
  const former = {
    username: textOf(before, 'username') ?? '',
    email: textOf(before, 'email'),
    displayName: textOf(before, 'displayName'),
  };
  const account = await scope.target.findByKey(targetKey ?? '', scope.signal);
  if (account?.active === true) return ended('stale', 'the account is active');
  const names = { username: username ?? '', email: email ?? '', displayName: displayName ?? '' };
  return changeAccount(scope, turn, names, { account: names, beforePseudonym: former });
}

async function changeAccount(
  scope: ApplyScope,
  { operation, readFirst }: UserTurn,
  change: UserChange,
  link: LinkChange
): Promise<Applied> {
  const key = operation.targetKey;
  if (key === null) return ended('failed', 'the operation names no account');
  if (readFirst || scope.verifyFirst) {
    const current = await scope.target.findByKey(key, scope.signal);
    if (current === null) return ended('stale', 'the account is gone');
    if (holds(current, change)) return done({ link });
    if (!readFirst && !holds(current, operation.before ?? {}))
      return ended('stale', 'the account changed after the plan was made');
  }
  await scope.target.updateUser(key, change, scope.signal);
  return done({ link });
}

/** True when the account has every value of the image. */
function holds(account: TargetUser, image: AttributeRecord | UserChange): boolean {
  const values: AttributeRecord = {
    username: account.username,
    email: account.email ?? '',
    displayName: account.displayName,
    active: account.active,
  };
  return Object.entries(image).every(([name, value]) => !(name in values) || values[name] === (value ?? ''));
}
