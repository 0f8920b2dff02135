import { draftForGroup } from './draft';
import type { ManagedGroup } from './facts';
import type { Claim } from './groups-claims';
import { settleContest } from './groups-contest';
import { ruleFor } from './groups-names';
import type { DraftOperation, Reason } from './operation';
import { inWords } from './reason-words';
import { because } from './reasons';
import type { DecisionSettings } from './settings';

/** Everything that is known of one target group. */
export interface TargetInput {
  readonly key: string;
  readonly claims: readonly Claim[];
  /** The name as `alwaysAdd` writes it, null where it does not. */
  readonly alwaysAdd: string | null;
  /** The name as the target spells it, null where the group does not exist. */
  readonly existing: string | null;
  readonly isProtected: boolean;
  /** A source group that is linked to this name and does not claim it now; `gone`: it is no longer in the source. */
  readonly otherLink: { readonly groupId: string; readonly gone: boolean } | null;
  readonly foreignSettled: boolean;
  readonly settings: DecisionSettings;
}

export interface TargetDecision {
  readonly group: ManagedGroup;
  /** The source groups whose members count. */
  readonly active: readonly Claim[];
  readonly operations: readonly DraftOperation[];
  readonly warnings: readonly string[];
}

/** What becomes of one claim, or of `alwaysAdd` when there is no claim. */
interface Step {
  readonly held: Reason | null;
  readonly operation: DraftOperation | null;
}

/** Decides about one target group: whose members it gets, and whether it is adopted or created (rules 2.1, 2.5). */
export function decideTarget(input: TargetInput): TargetDecision {
  const name =
    input.claims.find((claim) => claim.linked)?.name ?? input.existing ?? input.alwaysAdd ?? firstName(input);
  if (input.isProtected) {
    const held = because('protectedGroup', '3.4', { group: name });
    return decision(input, name, {
      active: [],
      held,
      operations: [],
      warnings: [`"${name}" is protected: no member changes (rule 3.4)`],
    });
  }
  const contest = settleContest(input.claims);
  const steps = contest.winners.map((claim, index) => ({
    claim,
    ...stepOf(claim, index, name, input, contest.winners),
  }));
  const active = steps.filter((step) => step.held === null).map((step) => step.claim);
  const configured = input.alwaysAdd === null || steps.some(creates) ? null : configuredStep(name, input);
  const operations = [...steps, ...(configured === null ? [] : [configured])].flatMap((s) => s.operation ?? []);
  const usable = active.length > 0 || (input.alwaysAdd !== null && (configured?.held ?? null) === null);
  const held = usable ? null : (contest.held ?? steps[0]?.held ?? configured?.held ?? null);
  const warnings = [
    ...contestWarnings(name, contest.winners, contest.losers),
    ...heldWarnings(name, steps, configured),
  ];
  return decision(input, name, { active, held, operations, warnings });
}

function creates(step: Step): boolean {
  return step.operation?.kind === 'createGroup';
}

function stepOf(claim: Claim, index: number, name: string, input: TargetInput, winners: readonly Claim[]): Step {
  if (claim.held !== null) return { held: claim.held, operation: null };
  if (input.existing !== null) return claim.linked ? { held: null, operation: null } : adoption(claim, name, input);
  // Of several groups that the configuration names for one target group, the first creates it and the others join.
  if (index === 0) return creation(claim, name, input);
  if (!rule(name, input).create) return { held: because('groupNotCreated', '2.5', { group: name }), operation: null };
  if (claim.linked) return { held: null, operation: null };
  const reasons = [because('groupMatched', '2.1', { group: winners[0]?.groupId ?? '' })];
  return { held: null, operation: adoptGroup(claim, name, { reasons, follows: ['groupsCreated'] }) };
}

function adoption(claim: Claim, name: string, input: TargetInput): Step {
  const { adopt } = input.settings.groups;
  const other = input.otherLink;
  if (adopt === 'never') return { held: because('groupNotAdopted', '2.5', { group: name }), operation: null };
  if (other !== null) {
    const params = { first: other.groupId, second: claim.groupId };
    const held = other.gone ? because('groupReplaced', '2.3', params) : because('groupNameLinked', '2.1', params);
    return { held, operation: adoptGroup(claim, name, { reasons: [held], heldByRule: true }) };
  }
  const reason = because('groupMatched', '2.5', { group: name });
  if (claim.mapped || adopt === 'byName')
    return { held: null, operation: adoptGroup(claim, name, { reasons: [reason] }) };
  const held = because('adoptionAwaited', '2.5', { group: name });
  return { held, operation: adoptGroup(claim, name, { reasons: [reason], heldByRule: true }) };
}

function adoptGroup(
  claim: Claim,
  name: string,
  parts: {
    readonly reasons: readonly Reason[];
    readonly heldByRule?: boolean;
    readonly follows?: readonly ['groupsCreated'];
  }
): DraftOperation {
  return draftForGroup('adoptGroup', claim.groupId, { targetKey: null, after: { group: name }, ...parts });
}

function creation(claim: Claim, name: string, input: TargetInput): Step {
  if (!claim.linked && input.otherLink !== null) {
    const params = { first: input.otherLink.groupId, second: claim.groupId };
    return { held: because('groupNameLinked', '2.1', params), operation: null };
  }
  return created(claim.groupId, name, input, claim.linked);
}

/** A group that the configuration names needs no link: it is used as it is, or created. */
function configuredStep(name: string, input: TargetInput): Step {
  return input.existing === null ? created(null, name, input, false) : { held: null, operation: null };
}

function created(groupId: string | null, name: string, input: TargetInput, wasThere: boolean): Step {
  if (!rule(name, input).create) return { held: because('groupNotCreated', '2.5', { group: name }), operation: null };
  const reasons = [because(wasThere ? 'groupGone' : 'groupNew', '2.1', { group: name })];
  const parts = { targetKey: null, after: { group: name }, reasons, gateKinds: ['groupsCreated'] as const };
  return { held: null, operation: draftForGroup('createGroup', groupId, parts) };
}

function decision(
  input: TargetInput,
  name: string,
  parts: Pick<TargetDecision, 'active' | 'operations' | 'warnings'> & { readonly held: Reason | null }
): TargetDecision {
  const { held, ...rest } = parts;
  const settled = input.foreignSettled ? { foreignSettled: true } : {};
  return { ...rest, group: { name, rule: rule(name, input), exists: input.existing !== null, held, ...settled } };
}

function rule(name: string, input: TargetInput): ManagedGroup['rule'] {
  return ruleFor(input.settings.groups, name);
}

function firstName(input: TargetInput): string {
  return input.claims[0]?.name ?? input.key;
}

function contestWarnings(name: string, winners: readonly Claim[], losers: readonly Claim[]): readonly string[] {
  const keeper = winners[0]?.groupId;
  return losers.map((loser) =>
    keeper === undefined
      ? `source group ${loser.groupId} and others want "${name}": all are held (rule 2.1)`
      : `source group ${loser.groupId} wants "${name}", which stands for ${keeper}: held (rule 2.1)`
  );
}

function heldWarnings(
  name: string,
  steps: readonly (Step & { readonly claim: Claim })[],
  configured: Step | null
): readonly string[] {
  const warnings = steps.flatMap(({ claim, held }) =>
    held === null || claim.held !== null ? [] : [`"${name}", source group ${claim.groupId}: ${inWords(held)}`]
  );
  const own = configured?.held ?? null;
  return own === null ? warnings : [...warnings, `"${name}" of groups.alwaysAdd: ${inWords(own)}`];
}
