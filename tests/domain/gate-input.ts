import type { GateInput } from '../../domain/gate';
import { GATE_KINDS } from '../../domain/operation';
import type { GateKind } from '../../domain/operation';
import type { ApprovalSettings, SafetySettings } from '../../domain/settings';

/** The default settings of rules 7. */
export const DEFAULT_SAFETY: SafetySettings = {
  firstRun: 'hold',
  limits: {
    disabled: { floor: 10, percent: 10, ceiling: 1000 },
    absent: { floor: 5, percent: 3, ceiling: 100 },
    removals: { floor: 20, percent: 10, ceiling: 2000 },
    renames: { floor: 5, percent: 5, ceiling: 200 },
    emails: { floor: 20, percent: 10, ceiling: 500 },
    creates: { floor: 50, percent: 20, ceiling: 1000 },
    groupsCreated: { floor: 20, percent: 20, ceiling: 100 },
    reactivations: { floor: 10, percent: 5, ceiling: 200 },
    groupLoss: { percent: 50, minMembers: 10 },
    sourceShrink: { floor: 5, percent: 10 },
  },
  onExceed: 'holdKind',
  seats: 'holdAdditions',
  exceptions: [],
  canary: { users: 0 },
};
export const DEFAULT_APPROVAL: ApprovalSettings = { when: 'onExceed', expiresAfterHours: 72, planMaxAgeHours: 24 };

export function perKind(numbers: Partial<Record<GateKind, number>> = {}): Record<GateKind, number> {
  const all = Object.fromEntries(GATE_KINDS.map((kind) => [kind, 0])) as Record<GateKind, number>;
  return { ...all, ...numbers };
}

/** A later run of a connector with 1,000 active accounts, 5,000 owned memberships and 100 groups that changes nothing. */
export function gateInput(parts: Partial<GateInput> = {}): GateInput {
  return {
    settings: DEFAULT_SAFETY,
    approval: DEFAULT_APPROVAL,
    counts: perKind(),
    used: perKind(),
    denominators: { activeManaged: 1000, ownedMemberships: 5000, linkedGroups: 100 },
    groupLosses: [],
    firstRun: { pending: false, touchesExisting: false },
    settingsUnacknowledged: false,
    health: { healthy: true, reasons: [] },
    ...parts,
  };
}
