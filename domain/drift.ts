import { draftForUser } from './draft';
import type { PlanContext, UserFacts, UserPlan } from './facts';
import type { AttributeRecord, DesiredAccount } from './model';
import { emailKey, nameKey } from './names';
import type { DraftOperation, OperationContent, Reason } from './operation';
import { planUser } from './plan-user';
import { because } from './reasons';

/** Where a difference comes from, measured by what was last applied. */
export type DriftOrigin = 'jira' | 'source' | 'both';

const CODES = { jira: 'driftInJira', source: 'driftAtSource', both: 'driftInBoth' } as const;
const ORIGINS = Object.entries(CODES) as readonly (readonly [DriftOrigin, string])[];

/**
 * The plan for one person as a comparison: what a run would do, each operation with where its difference comes from, and the
 * memberships that were added by hand in groups that Rollcall manages. Nothing of it is applied but by its number.
 */
export function planDrift(facts: UserFacts, ctx: PlanContext): UserPlan {
  const plan = planUser(facts, ctx);
  const told = plan.operations.map((operation) => withOrigin(operation, originOf(operation, facts)));
  return { ...plan, operations: [...told, ...addedByHand(facts, plan)] };
}

const withOrigin = (operation: DraftOperation, origin: DriftOrigin): DraftOperation => ({
  ...operation,
  reasons: [...operation.reasons, because(CODES[origin], '4.6')],
});

/** Where the difference of a stored operation comes from; what names none is about groups that are new at the source. */
export function driftOrigin(reasons: readonly Reason[]): DriftOrigin {
  return ORIGINS.find(([, code]) => reasons.some((reason) => reason.code === code))?.[0] ?? 'source';
}

function originOf(operation: DraftOperation, facts: UserFacts): DriftOrigin {
  const { kind, before, after } = operation;
  switch (kind) {
    case 'renameUser':
    case 'updateUser':
      return combined(Object.keys(before ?? {}).flatMap((name) => attributeOrigin(name, operation, facts)));
    case 'deactivateUser':
      return facts.link?.state === 'inactive' ? 'jira' : 'source';
    case 'reactivateUser':
      return facts.link?.state === 'inactive' ? 'source' : 'jira';
    case 'addMembership':
      return isOwned(after, facts) ? 'jira' : 'source';
    case 'removeMembership':
      return isOwned(before, facts) ? 'source' : 'jira';
    case 'createUser':
      return (facts.link?.targetKey ?? null) === null ? 'source' : 'jira';
    default:
      return 'source';
  }
}

const KEYS = {
  username: nameKey,
  email: emailKey,
  displayName: (text: string): string => text.normalize('NFC'),
} as const;

function attributeOrigin(name: string, { before, after }: DraftOperation, { link }: UserFacts): readonly DriftOrigin[] {
  if (!(name in KEYS)) return [];
  const attribute = name as keyof DesiredAccount;
  const key = (value: unknown): string => (typeof value === 'string' ? KEYS[attribute](value) : '');
  const last = link?.lastApplied?.[attribute];
  if (last === undefined) return ['both'];
  if (key(last) === key(before?.[name])) return ['source'];
  return key(last) === key(after?.[name]) ? ['jira'] : ['both'];
}

function combined(origins: readonly DriftOrigin[]): DriftOrigin {
  const [first = 'both', ...others] = origins;
  return others.every((origin) => origin === first) ? first : 'both';
}

/** Whether the ledger says that Rollcall answers for the membership. */
function isOwned(image: AttributeRecord | null, { ledger }: UserFacts): boolean {
  const group = image?.['group'];
  const entry = ledger.find((one) => typeof group === 'string' && nameKey(one.group) === nameKey(group));
  return entry !== undefined && entry.addedBy !== 'foreign';
}

/** Memberships that nobody has accepted yet; a run keeps them (rules 2.6). */
function addedByHand(facts: UserFacts, plan: UserPlan): readonly DraftOperation[] {
  const accepted = new Set(
    facts.ledger.filter(({ addedBy }) => addedBy === 'foreign').map(({ group }) => nameKey(group))
  );
  return plan.reasons.flatMap((reason) => {
    const group = reason.code === 'foreignMembership' ? reason.params?.['group'] : undefined;
    if (group === undefined || facts.account === null || accepted.has(nameKey(group))) return [];
    const parts = { targetKey: facts.account.key, before: { group }, reasons: [reason] };
    const removal = draftForUser('removeMembership', facts, { ...parts, gateKinds: ['removals'], heldByRule: true });
    return [withOrigin(removal, 'jira')];
  });
}

/** What was last applied of what an operation is about. @param linked what the link says */
export function lastAppliedOf(
  { before, after, reasons }: Pick<OperationContent, 'before' | 'after' | 'reasons'>,
  linked: DesiredAccount | null
): AttributeRecord | null {
  switch (driftOrigin(reasons)) {
    case 'jira':
      return after;
    case 'source':
      return before;
    case 'both': {
      const names = Object.keys(before ?? {}).filter((name) => name in KEYS) as (keyof DesiredAccount)[];
      return linked === null ? null : Object.fromEntries(names.map((name) => [name, linked[name]]));
    }
  }
}

/**
 * Whether a difference can be decided by hand: reverted (Jira gets what the source says) or accepted (Jira keeps what it has).
 * What only the source changed is no matter of Jira: the next run carries it.
 */
export const isDecidable = (reasons: readonly Reason[]): boolean => driftOrigin(reasons) !== 'source';
