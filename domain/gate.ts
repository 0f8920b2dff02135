import { raisedLimit } from './gate-exceptions';
import type { GateException } from './gate-exceptions';
import { denominatorOf, groupLossLimit, limitOf } from './gate-limits';
import type { GateDenominators, GroupLoss, LimitInput } from './gate-limits';
import { GATE_KINDS } from './operation';
import type { DraftOperation, GateKind } from './operation';
import type { GateVerdict } from './run';
import type { ApprovalSettings, SafetySettings } from './settings';
import type { HealthVerdict } from './source-health';

export interface GateInput {
  readonly settings: SafetySettings;
  readonly approval: ApprovalSettings;
  /** Operations of this plan by kind; `groupLoss` 0, it is judged by group. */
  readonly counts: Readonly<Record<GateKind, number>>;
  /** Operations of the connector's other runs in the rolling 24 h, approved ones not included. */
  readonly used: Readonly<Record<GateKind, number>>;
  readonly denominators: GateDenominators;
  readonly groupLosses: readonly GroupLoss[];
  /** Exceptions whose time it is (rules 4.5). Default: none. */
  readonly exceptions?: readonly GateException[];
  readonly firstRun: {
    /** The connector has not had its first applying run. */
    readonly pending: boolean;
    /** The plan adopts, changes or removes something that existed before. */
    readonly touchesExisting: boolean;
  };
  /** Source, key, match or scope changed and nobody acknowledged what that does (rules 4.4). */
  readonly settingsUnacknowledged: boolean;
  readonly health: HealthVerdict;
  /** All operations of the plan; 0 leaves nothing to hold but an unhealthy read. Default: there are some. */
  readonly operations?: number;
}

export interface GateResult {
  /** One a kind that occurs, in the order of GATE_KINDS; `groupLoss` where a group is held. */
  readonly verdicts: GateVerdict[];
  readonly heldKinds: GateKind[];
  /** Keys of the groups whose removals are held as `groupLoss`, sorted. */
  readonly heldGroups: string[];
  readonly wholePlan: boolean;
  /** Why the whole plan is held, a sentence each; empty unless `wholePlan`. */
  readonly holdReasons: string[];
  /** False with approval.when `never`: what is held is left out of the plan for good (rules 4.6). */
  readonly approvable: boolean;
}

function limitInput(input: GateInput): LimitInput {
  const { settings, counts, used, denominators } = input;
  return { settings, counts, used, denominators, firstRunPending: input.firstRun.pending };
}

function kindVerdict(kind: Exclude<GateKind, 'groupLoss'>, input: GateInput): GateVerdict | null {
  const count = input.counts[kind];
  if (count <= 0) return null;
  const used = input.used[kind];
  const denominator = denominatorOf(kind, input.denominators);
  const { limit, exception } = raisedLimit(limitOf(kind, limitInput(input)), kind, denominator, input.exceptions ?? []);
  const verdict = count + used > limit ? 'held' : 'pass';
  return { kind, count, used, limit, denominator, verdict, ...(exception !== null && { exception }) };
}

/** What one group may lose: an exception counts for each group by itself. */
function lossLimit(loss: GroupLoss, { settings, exceptions = [] }: GateInput): number {
  const usual = groupLossLimit(loss, settings.limits.groupLoss);
  return raisedLimit(usual, 'groupLoss', loss.activeMembers, exceptions).limit;
}

/** The groups that would lose too many, as one verdict: removals, what they may lose and their active members, summed. */
function groupLossVerdict(held: readonly GroupLoss[], input: GateInput): GateVerdict | null {
  if (held.length === 0) return null;
  const sum = (of: (loss: GroupLoss) => number): number => held.reduce((total, loss) => total + of(loss), 0);
  return {
    kind: 'groupLoss',
    count: sum((loss) => loss.removals),
    used: 0,
    limit: sum((loss) => lossLimit(loss, input)),
    denominator: sum((loss) => loss.activeMembers),
    verdict: 'held',
  };
}

function unhealthyReasons({ healthy, reasons }: HealthVerdict): string[] {
  if (healthy) return [];
  return reasons.length > 0 ? [...reasons] : ['What the source delivered is not plausible (rule 4.3).'];
}

function wholePlanReasons(input: GateInput, heldKinds: readonly GateKind[]): string[] {
  const reasons = unhealthyReasons(input.health);
  if (input.operations === 0) return reasons;
  if (input.settings.firstRun === 'hold' && input.firstRun.pending && input.firstRun.touchesExisting) {
    reasons.push('The first run adopts, changes or removes what existed before it (rule 4.4).');
  }
  if (input.settingsUnacknowledged) {
    reasons.push('Source, key, match or scope changed, and nobody has acknowledged what that does (rule 4.4).');
  }
  if (input.approval.when === 'always') reasons.push('approval.when is "always" (rule 4.6).');
  if (input.settings.onExceed === 'holdRun' && heldKinds.length > 0) {
    reasons.push(`Over the limit: ${heldKinds.join(', ')}; safety.onExceed is "holdRun" (rule 4.4).`);
  }
  return reasons;
}

/**
 * Judges a whole plan before its first write (rules 4.1-4.4): a count over its limit holds that kind only;
 * an unhealthy source, a first run that touches what existed, unacknowledged settings and approval `always` hold all.
 */
export function evaluateGate(input: GateInput): GateResult {
  const lossHeld = input.groupLosses.filter((loss) => loss.removals > lossLimit(loss, input));
  const verdicts = GATE_KINDS.map((kind) =>
    kind === 'groupLoss' ? groupLossVerdict(lossHeld, input) : kindVerdict(kind, input)
  ).filter((verdict) => verdict !== null);
  const heldKinds = verdicts.filter(({ verdict }) => verdict === 'held').map(({ kind }) => kind);
  const holdReasons = wholePlanReasons(input, heldKinds);
  return {
    verdicts,
    heldKinds,
    heldGroups: lossHeld.map(({ groupKey }) => groupKey).sort(),
    wholePlan: holdReasons.length > 0,
    holdReasons,
    approvable: input.approval.when !== 'never',
  };
}

/** What of an operation the gate looks at; `groupKey` for removals of memberships, else null. */
export interface GatedOperation extends Pick<DraftOperation, 'gateKinds' | 'follows' | 'heldByRule'> {
  readonly groupKey: string | null;
}

/** What of a GateResult holds operations. */
export interface HeldByGate {
  readonly heldKinds: readonly GateKind[];
  readonly heldGroups: readonly string[];
  readonly wholePlan: boolean;
}

/**
 * What the gate's result means for one operation: whether it is held, and the gate kinds it carries from now on
 * (`groupLoss` exactly where its group is held as such). Held: the whole plan, a rule, or any kind it has or follows.
 */
export function gateOperation(
  operation: GatedOperation,
  result: HeldByGate
): { readonly held: boolean; readonly gateKinds: readonly GateKind[] } {
  const counted = operation.gateKinds.filter((kind) => kind !== 'groupLoss');
  const loses = operation.groupKey !== null && result.heldGroups.includes(operation.groupKey);
  const gateKinds: readonly GateKind[] = loses ? [...counted, 'groupLoss'] : counted;
  const byKind = [...gateKinds, ...operation.follows].some((kind) => result.heldKinds.includes(kind));
  return { held: result.wholePlan || operation.heldByRule || byKind, gateKinds };
}
