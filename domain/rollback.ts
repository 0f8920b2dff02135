import { draftForUser } from './draft';
import type { DraftParts } from './draft';
import type { AttributeRecord, LedgerMembership, Link, TargetUser } from './model';
import { emailKey, nameKey } from './names';
import type { DraftOperation, OperationContent, OperationKind, Reason } from './operation';
import { because } from './reasons';

/** An operation that a run has really carried out. */
export type AppliedOperation = Pick<OperationContent, 'kind' | 'targetKey' | 'before' | 'after'>;

/** One person now: what was changed since is not taken back. */
export interface PersonNow {
  readonly externalId: string;
  readonly link: Link | null;
  /** The account of the link; null: it is gone. */
  readonly account: TargetUser | null;
  /** Names of the groups of the account. */
  readonly groups: readonly string[];
  readonly ledger: readonly LedgerMembership[];
}
export interface RollbackContext {
  /** The run that is taken back. */
  readonly runId: string;
  /** Key of the account that Rollcall itself uses: never touched (rules 3.4). */
  readonly syncAccountKey: string;
  /** nameKeys of the protected groups. */
  readonly protectedGroups: ReadonlySet<string>;
}
export interface PersonRollback {
  readonly operations: readonly DraftOperation[];
  /** Why something is left as it is, each once. */
  readonly leftAlone: readonly Reason[];
}

/** What becomes of one operation: its inverse, or why there is none. */
type Inverse = { readonly operation: DraftOperation } | { readonly leftAlone: Reason };

/** The inverse of a rename of a chain must be done in the opposite order; a chain has at most this many steps. */
const LAST_STEP = 99;

/**
 * The inverse of what a run did to one person, for what still is as the run left it (rules 4.6). Accounts that were created
 * are deactivated, never deleted.
 */
export function rollBackPerson(
  now: PersonNow,
  applied: readonly AppliedOperation[],
  ctx: RollbackContext
): PersonRollback {
  const found = applied.flatMap((operation) => inverses(operation, now, ctx));
  const left = found.flatMap((one) => ('leftAlone' in one ? [one.leftAlone] : []));
  return {
    operations: found.flatMap((one) => ('operation' in one ? [one.operation] : [])),
    leftAlone: [...new Map(left.map((reason) => [JSON.stringify(reason), reason])).values()],
  };
}

function inverses(applied: AppliedOperation, now: PersonNow, ctx: RollbackContext): readonly Inverse[] {
  const { link, account } = now;
  if (link === null || account === null) return [leave('accountGone', applied.kind)];
  if (account.key === ctx.syncAccountKey) return [{ leftAlone: because('syncAccount', '3.4') }];
  // A created account has no key yet in its operation.
  if (applied.targetKey !== null && applied.targetKey !== account.key) return [leave('changedSince', applied.kind)];
  const plan: Planning = { now, account, ctx };
  switch (applied.kind) {
    case 'createUser':
    case 'reactivateUser':
      return [deactivation(applied.kind, plan)];
    case 'deactivateUser':
      return [reactivation(plan)];
    case 'renameUser':
      return [renaming(applied, plan)];
    case 'updateUser':
      return updating(applied, plan);
    case 'addMembership':
      return [leaving(applied, plan)];
    case 'removeMembership':
      return [joining(applied, plan)];
    default:
      return [leave('notReversible', applied.kind)];
  }
}

interface Planning {
  readonly now: PersonNow;
  readonly account: TargetUser;
  readonly ctx: RollbackContext;
}

const leave = (code: 'accountGone' | 'changedSince' | 'isBack' | 'notReversible', kind: OperationKind): Inverse => ({
  leftAlone: because(code, '4.6', { kind }),
});

function operating(
  kind: OperationKind,
  { now, account, ctx }: Planning,
  parts: Omit<DraftParts, 'targetKey' | 'reasons'>
): Inverse {
  const reasons = [because('rolledBack', '4.6', { run: ctx.runId })];
  return { operation: draftForUser(kind, now, { ...parts, targetKey: account.key, reasons }) };
}

function deactivation(kind: OperationKind, plan: Planning): Inverse {
  if (!plan.account.active) return leave('isBack', kind);
  return operating('deactivateUser', plan, {
    before: { active: true },
    after: { active: false },
    gateKinds: ['absent'],
  });
}

/** An account that somebody else deactivated again since is his matter (rules 3.3). */
function reactivation(plan: Planning): Inverse {
  if (plan.account.active) return leave('isBack', 'deactivateUser');
  if (plan.now.link?.lastDeactivatedBy !== 'us') return leave('changedSince', 'deactivateUser');
  const images = { before: { active: false }, after: { active: true } };
  return operating('reactivateUser', plan, { ...images, gateKinds: ['reactivations'] });
}

function renaming({ before, after }: AppliedOperation, plan: Planning): Inverse {
  const { username } = plan.account;
  const [from, to] = [textOf(before, 'username'), textOf(after, 'username')];
  if (from === null || nameKey(username) === nameKey(from)) return leave('isBack', 'renameUser');
  if (to === null || nameKey(username) !== nameKey(to)) return leave('changedSince', 'renameUser');
  const step = after?.['step'];
  const order = typeof step === 'number' ? { step: LAST_STEP - step } : {};
  const images = { before: { username }, after: { ...order, username: from } };
  return operating('renameUser', plan, { ...images, gateKinds: ['renames'] });
}

/** Each attribute for itself: what was changed again since stays. */
function updating({ before, after }: AppliedOperation, plan: Planning): readonly Inverse[] {
  const names = (['email', 'displayName'] as const).filter((name) => after !== null && Object.hasOwn(after, name));
  const judged = names.map((name) => ({ name, state: attributeState(name, before, after, plan.account) }));
  const back = judged.filter(({ state }) => state === 'asLeft').map(({ name }) => name);
  const left = judged.flatMap(({ name, state }): readonly Inverse[] =>
    state === 'asLeft' ? [] : [{ leftAlone: because(state, '4.6', { kind: 'updateUser', attribute: name }) }]
  );
  if (back.length === 0) return left;
  const images = {
    before: Object.fromEntries(back.map((name) => [name, plan.account[name]])),
    after: Object.fromEntries(back.map((name) => [name, before?.[name] ?? null])),
  };
  return [...left, operating('updateUser', plan, { ...images, gateKinds: back.includes('email') ? ['emails'] : [] })];
}

/** What a target hides cannot be brought back: nobody knows what it was. */
function attributeState(
  name: 'email' | 'displayName',
  before: AttributeRecord | null,
  after: AttributeRecord | null,
  account: TargetUser
): 'asLeft' | 'isBack' | 'changedSince' | 'notReversible' {
  const key = name === 'email' ? emailKey : (text: string): string => text.normalize('NFC');
  const [from, to, is] = [textOf(before, name), textOf(after, name), account[name]];
  if (from === null || is === null) return 'notReversible';
  if (key(is) === key(from)) return 'isBack';
  return to !== null && key(is) === key(to) ? 'asLeft' : 'changedSince';
}

/** Only memberships that Rollcall brought about are taken back (rules 2.6). */
function leaving({ after }: AppliedOperation, plan: Planning): Inverse {
  const group = textOf(after, 'group') ?? '';
  if (plan.ctx.protectedGroups.has(nameKey(group))) return protectedGroup(group);
  if (!isMember(group, plan)) return leave('isBack', 'addMembership');
  const entry = plan.now.ledger.find((one) => nameKey(one.group) === nameKey(group));
  if (entry?.addedBy !== 'us') return leave('changedSince', 'addMembership');
  return operating('removeMembership', plan, { before: { group }, gateKinds: ['removals'] });
}

function joining({ before }: AppliedOperation, plan: Planning): Inverse {
  const group = textOf(before, 'group') ?? '';
  if (plan.ctx.protectedGroups.has(nameKey(group))) return protectedGroup(group);
  if (isMember(group, plan)) return leave('isBack', 'removeMembership');
  return operating('addMembership', plan, { after: { group } });
}

const protectedGroup = (group: string): Inverse => ({ leftAlone: because('protectedGroup', '3.4', { group }) });

const isMember = (group: string, { now }: Planning): boolean =>
  now.groups.some((name) => nameKey(name) === nameKey(group));

function textOf(record: AttributeRecord | null, name: string): string | null {
  const value = record?.[name];
  return typeof value === 'string' ? value : null;
}

/** Kinds of operations that a roll-back leaves as they are, in words for the person who decides about it. */
const STAYS: Partial<Record<OperationKind, readonly [one: string, many: string]>> = {
  createGroup: ['1 group that was created stays', 'groups that were created stay'],
  adoptGroup: ['1 group that was taken over stays linked', 'groups that were taken over stay linked'],
  adoptUser: ['1 account that was taken over stays linked', 'accounts that were taken over stay linked'],
};

/** What a roll-back of these operations cannot bring back, and what it leads to, before anybody decides (rules 4.6). */
export function rollbackWarnings(applied: Readonly<Partial<Record<OperationKind, number>>>): readonly string[] {
  const created = applied.createUser ?? 0;
  const stays = Object.entries(applied).flatMap(([kind, count]) => {
    const words = STAYS[kind as OperationKind];
    if (words === undefined || count === 0) return [];
    return [count === 1 ? words[0] : `${count} ${words[1]}`];
  });
  const accounts = created === 1 ? '1 account that was created is' : `${created} accounts that were created are`;
  return [
    ...(created === 0 ? [] : [`${accounts} deactivated, not deleted`]),
    ...stays,
    'the next run plans the same again unless source or configuration have changed: pause the connector until they have',
  ];
}
