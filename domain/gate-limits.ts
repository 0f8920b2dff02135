import type { GateKind } from './operation';
import type { CountedGateKind, SafetySettings } from './settings';

/** What the percentages are of, counted before the run (rules 4.1). */
export interface GateDenominators {
  /** Linked accounts that are active. */
  readonly activeManaged: number;
  readonly ownedMemberships: number;
  readonly linkedGroups: number;
}

/** What one group would lose. */
export interface GroupLoss {
  /** nameKey of the target group. */
  readonly groupKey: string;
  /** Active members before the run. */
  readonly activeMembers: number;
  readonly removals: number;
  /** The group is linked to a source group, or membership in it is required by the scope. */
  readonly linkedOrRequired: boolean;
}

export interface LimitInput {
  readonly settings: SafetySettings;
  /** Operations of this plan. */
  readonly counts: Readonly<Record<GateKind, number>>;
  /** Operations of other runs in the rolling 24 h. */
  readonly used: Readonly<Record<GateKind, number>>;
  readonly denominators: GateDenominators;
  /** True: the connector has not had its first applying run; there is no limit on what it creates (rules 4.2). */
  readonly firstRunPending: boolean;
}

/** The `limit` of a verdict where nothing limits. */
export const NO_LIMIT = Number.MAX_SAFE_INTEGER;

/** Below this number of active managed users no more than a quarter of them is deactivated (rules 4.2). */
const FEW_USERS = 20;

/** What the percentage of a kind is taken of; 0 for a kind that knows no percentage. */
export function denominatorOf(kind: GateKind, denominators: GateDenominators): number {
  switch (kind) {
    case 'disabled':
    case 'absent':
    case 'renames':
    case 'emails':
    case 'creates':
    case 'reactivations':
      return denominators.activeManaged;
    case 'removals':
      return denominators.ownedMemberships;
    case 'groupsCreated':
      return denominators.linkedGroups;
    case 'groupLoss':
    case 'sensitive':
      return 0;
  }
}

function configuredLimit(kind: CountedGateKind, input: LimitInput): number {
  const { floor, percent, ceiling } = input.settings.limits[kind];
  const share = Math.floor((denominatorOf(kind, input.denominators) * percent) / 100);
  return Math.min(Math.max(floor, share), ceiling);
}

/**
 * Deactivations of both causes together stay within a quarter (at least 1) where fewer than 20 are active.
 * What this plan wants for the surer cause, `disabled`, is taken off the share of `absent` whether or not it passes:
 * a larger mistake never frees room for another one.
 */
function deactivationLimit(kind: 'disabled' | 'absent', input: LimitInput): number {
  const active = input.denominators.activeManaged;
  const limit = configuredLimit(kind, input);
  if (active >= FEW_USERS) return limit;
  const quarter = Math.max(1, Math.floor(active / 4));
  const otherCause = kind === 'disabled' ? input.used.absent : input.used.disabled + input.counts.disabled;
  return Math.min(limit, Math.max(0, quarter - otherCause));
}

/** How many operations of the kind may be applied within 24 hours: min(max(floor, percent), ceiling), rules 4.1 and 4.2. */
export function limitOf(kind: Exclude<GateKind, 'groupLoss'>, input: LimitInput): number {
  switch (kind) {
    case 'disabled':
    case 'absent':
      return deactivationLimit(kind, input);
    case 'creates':
    case 'groupsCreated':
      return input.firstRunPending ? NO_LIMIT : configuredLimit(kind, input);
    case 'sensitive':
      return 0;
    case 'removals':
    case 'renames':
    case 'emails':
    case 'reactivations':
      return configuredLimit(kind, input);
  }
}

/** How many of its members a group may lose in one plan (rules 4.2): the stricter of the share and "not to 0". */
export function groupLossLimit(loss: GroupLoss, limits: SafetySettings['limits']['groupLoss']): number {
  const { percent, minMembers } = limits;
  const share = loss.activeMembers >= minMembers ? Math.floor((loss.activeMembers * percent) / 100) : NO_LIMIT;
  const notToZero = loss.linkedOrRequired && loss.activeMembers > 0 ? loss.activeMembers - 1 : NO_LIMIT;
  return Math.min(share, notToZero);
}
