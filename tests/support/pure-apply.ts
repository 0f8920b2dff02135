import type { Link, TargetUser } from '../../domain/model';
import { nameKey } from '../../domain/names';
import type { DraftOperation, GateKind } from '../../domain/operation';
import { CONNECTOR, TARGET } from './pure-sync';
import type { PurePlan, World } from './pure-sync';

interface Editable {
  accounts: TargetUser[];
  targetGroups: string[];
  members: { group: string; key: string }[];
  links: Link[];
  groupLinks: World['groupLinks'][number][];
  ledger: World['ledger'][number][];
  leads: Record<string, string>;
}

export interface ApplyOptions {
  /** Applies what rules hold too. */
  readonly approve?: boolean;
  /** Gate kinds that the gate holds, with all that follows them. */
  readonly heldKinds?: readonly GateKind[];
}

/**
 * The world after a plan: what is not held is applied, then the bookkeeping is noted.
 * A target that would refuse an operation throws here, so that a plan in the wrong order fails its test.
 */
export function applyPlan(world: World, plan: PurePlan, { approve = false, heldKinds = [] }: ApplyOptions = {}): World {
  const { accounts, targetGroups, members, links, groupLinks, ledger, leads } = structuredClone(world);
  const edit: Editable = {
    accounts: [...accounts],
    targetGroups: [...targetGroups],
    members: [...members],
    links: [...links],
    groupLinks: [...groupLinks],
    ledger: [...ledger],
    leads: { ...leads },
  };
  for (const operation of plan.operations) {
    const gated = [...operation.gateKinds, ...operation.follows].some((kind) => heldKinds.includes(kind));
    if (!gated && (approve || !operation.heldByRule)) apply(operation, edit, world);
  }
  for (const [externalId, { bookkeeping }] of plan.users) {
    if (bookkeeping === null) continue;
    const { adoptedGroups, forgottenGroups, ...times } = bookkeeping;
    const stays = Object.values(times).every((since) => since === null);
    changeLink(edit, externalId, stays ? { ...times, sessionsEnded: false } : times);
    for (const group of adoptedGroups) note(edit, externalId, group, 'adopted');
    for (const group of forgottenGroups) forget(edit, externalId, group);
  }
  return { ...world, ...edit };
}

function apply(operation: DraftOperation, edit: Editable, world: World): void {
  const id = operation.externalId ?? '';
  switch (operation.kind) {
    case 'adoptUser':
      link(edit, id, operation.targetKey ?? '');
      return;
    case 'adoptGroup':
    case 'createGroup':
      applyGroup(operation, edit, world);
      return;
    case 'createUser':
      create(operation, edit);
      return;
    case 'renameUser':
    case 'updateUser':
      change(edit, operation, withoutStep(operation));
      return;
    case 'endSessions':
      changeLink(edit, id, { sessionsEnded: true });
      return;
    case 'replaceLead':
      edit.leads[textOf(operation.after, 'project')] = keyOf(edit, textOf(operation.after, 'lead'));
      return;
    case 'deactivateUser':
      if (Object.values(edit.leads).includes(operation.targetKey ?? '')) throw new Error('the account leads a project');
      change(edit, operation, { active: false });
      changeLink(edit, id, { lastDeactivatedBy: 'us', lastDeactivatedAt: world.now, state: 'inactive' });
      return;
    case 'pseudonymizeUser':
      refuseActive(edit, operation);
      change(edit, operation, withoutStep(operation));
      changeLink(edit, id, { beforePseudonym: formerly(operation) });
      return;
    case 'anonymizeUser':
    case 'deleteUser':
      refuseActive(edit, operation);
      edit.accounts = edit.accounts.filter(({ key }) => key !== operation.targetKey);
      changeLink(edit, id, { state: 'erased' });
      return;
    case 'reactivateUser':
      change(edit, operation, { active: true });
      changeLink(edit, id, { lastDeactivatedBy: null, state: 'active' });
      return;
    case 'addMembership':
    case 'removeMembership':
      changeMembership(operation, edit);
      return;
    case 'setProperty':
    case 'setAvatar':
    case 'addOrganization':
    case 'removeOrganization':
    case 'moveLink':
      throw new Error(`${operation.kind} is not planned here`);
  }
}

function keyOf({ accounts }: Editable, username: string): string {
  const found = accounts.find((account) => nameKey(account.username) === nameKey(username));
  if (found === undefined) throw new Error('nobody has the name of the new lead');
  return found.key;
}

function refuseActive({ accounts }: Editable, { kind, targetKey }: DraftOperation): void {
  if (accounts.some(({ key, active }) => key === targetKey && active))
    throw new Error(`${kind}: the account is active`);
}

function formerly({ before }: DraftOperation): NonNullable<Link['beforePseudonym']> {
  const email = before?.['email'];
  return {
    username: textOf(before, 'username'),
    email: typeof email === 'string' ? email : null,
    displayName: textOf(before, 'displayName'),
  };
}

function applyGroup(operation: DraftOperation, edit: Editable, world: World): void {
  const group = textOf(operation.after, 'group');
  if (operation.kind === 'createGroup') {
    if (edit.targetGroups.some((name) => nameKey(name) === nameKey(group))) throw new Error('the group exists');
    edit.targetGroups.push(group);
  }
  const source = world.groups.find((each) => each.externalId === operation.externalId);
  if (source === undefined || edit.groupLinks.some((l) => l.groupId === source.externalId && l.targetName === group))
    return;
  const names = { groupId: source.externalId, targetName: group, sourceName: source.name };
  edit.groupLinks.push({ connectorId: CONNECTOR, ...names, state: 'active', missingSince: null });
}

function create(operation: DraftOperation, edit: Editable): void {
  const username = textOf(operation.after, 'username');
  refuseTaken(edit, username, null);
  const key = `JIRAUSER${String(10_000 + edit.accounts.length)}`;
  const email = operation.after?.['email'];
  const displayName = textOf(operation.after, 'displayName');
  edit.accounts.push({ key, username, email: typeof email === 'string' ? email : null, displayName, active: true });
  edit.ledger = edit.ledger.filter((entry) => entry.externalId !== operation.externalId);
  link(edit, operation.externalId ?? '', key);
}

function link(edit: Editable, externalId: string, targetKey: string): void {
  const owns = (each: Link): boolean => each.targetKey === targetKey && each.state !== 'released';
  if (edit.links.some((each) => owns(each) && each.externalId !== externalId)) {
    throw new Error('the account is owned');
  }
  edit.links = edit.links.filter((each) => each.externalId !== externalId);
  edit.links.push(linkTo(externalId, targetKey));
}

/** A link as it is after its account was created or adopted. */
export function linkTo(externalId: string, targetKey: string | null, changes: Partial<Link> = {}): Link {
  return {
    connectorId: CONNECTOR,
    externalId,
    targetId: TARGET,
    targetKey,
    state: 'active',
    version: 1,
    versionBy: null,
    lastApplied: null,
    lastDeactivatedBy: null,
    lastDeactivatedCause: null,
    missingSince: null,
    outOfScopeSince: null,
    disabledSince: null,
    ...changes,
  };
}

function change(edit: Editable, operation: DraftOperation, values: Partial<TargetUser>): void {
  const found = edit.accounts.find((account) => account.key === operation.targetKey);
  if (found === undefined) throw new Error(`${operation.kind}: no such account`);
  if (values.username !== undefined) refuseTaken(edit, values.username, found.key);
  edit.accounts = edit.accounts.map((account) => (account === found ? { ...account, ...values } : account));
}

function withoutStep(operation: DraftOperation): Partial<TargetUser> {
  return Object.fromEntries(Object.entries(operation.after ?? {}).filter(([name]) => name !== 'step'));
}

function refuseTaken(edit: Editable, username: string, key: string | null): void {
  const holder = edit.accounts.find((account) => nameKey(account.username) === nameKey(username));
  if (holder !== undefined && holder.key !== key) throw new Error('the name is taken');
}

function changeMembership(operation: DraftOperation, edit: Editable): void {
  const id = operation.externalId ?? '';
  const key = operation.targetKey ?? edit.links.find((each) => each.externalId === id)?.targetKey;
  const group = textOf(operation.after ?? operation.before, 'group');
  if (!edit.accounts.some((account) => account.key === key)) throw new Error('membership: no such account');
  if (!edit.targetGroups.some((name) => nameKey(name) === nameKey(group))) throw new Error('membership: no such group');
  edit.members = edit.members.filter((m) => m.key !== key || nameKey(m.group) !== nameKey(group));
  if (operation.kind === 'addMembership') {
    edit.members.push({ group, key: key ?? '' });
    note(edit, id, group, 'us');
  } else {
    forget(edit, id, group);
  }
}

function note(edit: Editable, externalId: string, group: string, addedBy: 'us' | 'adopted'): void {
  forget(edit, externalId, group);
  edit.ledger.push({ externalId, group, addedBy });
}

function forget(edit: Editable, externalId: string, group: string): void {
  edit.ledger = edit.ledger.filter((e) => e.externalId !== externalId || nameKey(e.group) !== nameKey(group));
}

function changeLink(edit: Editable, externalId: string, changes: Partial<Link>): void {
  edit.links = edit.links.map((each) => (each.externalId === externalId ? { ...each, ...changes } : each));
}

function textOf(record: DraftOperation['after'], name: string): string {
  const value = record?.[name];
  if (typeof value !== 'string') throw new Error(`an operation lacks ${name}`);
  return value;
}
