import type { Reason } from './operation';

/**
 * The codes of reasons that decisions about people and groups give. They are shown to operators and hashed with the
 * plan, so a code is never renamed. Parameters are ids, names of groups and of attributes: no dates, ages or counts.
 */
export type ReasonCode =
  // scope and mapping
  | 'notInRequiredGroup'
  | 'inExcludedGroup'
  | 'excludedByName'
  | 'conditionNotMet'
  | 'conditionFailed'
  | 'attributeEmpty'
  | 'attributeInvalid'
  | 'attributeNoMatch'
  | 'mappingFailed'
  | 'mappingGaveNoUsername'
  // matching
  | 'usernameContest'
  | 'emailContest'
  | 'ambiguous'
  | 'nameTaken'
  | 'rehire'
  | 'matched'
  | 'adoptionAwaited'
  | 'accountGone'
  | 'new'
  | 'existingOnly'
  | 'handedOver'
  | 'handoverUnmatched'
  | 'handoverAmbiguous'
  | 'disabledNotCreated'
  // roll-back and comparison
  | 'rolledBack'
  | 'changedSince'
  | 'isBack'
  | 'notReversible'
  | 'driftInJira'
  | 'driftAtSource'
  | 'driftInBoth'
  // names
  | 'renameSwap'
  | 'renameCycle'
  | 'renameChainTooLong'
  | 'changedAtSource'
  // lifecycle
  | 'disabled'
  | 'missing'
  | 'outOfScope'
  | 'inGrace'
  | 'keptByLifecycle'
  | 'alreadyInactive'
  | 'secondStep'
  | 'pseudonymizedAlready'
  | 'keptByRule'
  | 'absentUnproved'
  | 'incompleteRead'
  | 'deactivatedByUs'
  | 'deactivatedInTarget'
  | 'reactivationOff'
  | 'actionOff'
  | 'protectedAccount'
  | 'lastProtectedMember'
  | 'syncAccount'
  | 'leads'
  | 'givesAccess'
  | 'noSeat'
  | 'leadSuccessorUnusable'
  | 'externalDirectory'
  | 'membershipRefused'
  // groups and memberships
  | 'assertedBySource'
  | 'alwaysAdd'
  | 'withdrawnAtSource'
  | 'foreignMembership'
  | 'nestedMembership'
  | 'protectedGroup'
  | 'groupHeld'
  | 'groupNew'
  | 'groupGone'
  | 'groupMatched'
  | 'groupNotAdopted'
  | 'groupNameContest'
  | 'groupNameLinked'
  | 'groupReplaced'
  | 'groupRenamed'
  | 'groupMissing'
  | 'groupMissingUnproved'
  | 'groupNotCreated'
  | 'groupOutOfScope'
  // organizations
  | 'organizationMissing'
  | 'organizationAmbiguous';

/** A reason as it stands in plans and results. `rule` is the number of the rule of decision. */
export function because(code: ReasonCode, rule: string, params?: Readonly<Record<string, string>>): Reason {
  return params === undefined ? { code, rule } : { code, rule, params };
}
