/** Every kind of write, counted only when it changed the state. */
export const EFFECT_KINDS = [
  'created',
  'updated',
  'renamed',
  'deactivated',
  'reactivated',
  'deleted',
  'groupsCreated',
  'groupsDeleted',
  'membershipsAdded',
  'membershipsRemoved',
  'passwordsSet',
  'propertiesSet',
  'propertiesRemoved',
  'sessionsEnded',
  'avatarsAdded',
  'avatarsChosen',
  'avatarsRemoved',
  'leadsReplaced',
  'anonymized',
  'attributesSet',
  'attributesRemoved',
  'groupsChanged',
  'nestingsAdded',
  'nestingsRemoved',
  'organizationsCreated',
  'organizationsDeleted',
  'customersAdded',
  'customersRemoved',
] as const;

export type EffectKind = (typeof EFFECT_KINDS)[number];

export type UserEffects = Readonly<Partial<Record<EffectKind, number>>>;

export interface EffectCounts extends Readonly<Record<EffectKind, number>> {
  /** Writes that were accepted and left everything as it was. */
  readonly noops: number;
  /** Effective writes per user key: a second 'created' of one key is a doubled effect. */
  readonly effectsPerUser: Readonly<Record<string, UserEffects>>;
}

export interface EffectCounter {
  readonly count: (kind: EffectKind, userKey?: string) => void;
  readonly countNoop: () => void;
  readonly counts: () => EffectCounts;
  readonly reset: () => void;
}

/** Counts what clients change over REST; what the control plane changes behind their back is not counted. */
export function createEffectCounter(): EffectCounter {
  let totals = zeroTotals();
  let noops = 0;
  const perUser = new Map<string, Partial<Record<EffectKind, number>>>();

  return {
    count: (kind, userKey) => {
      totals[kind] += 1;
      if (userKey === undefined) return;
      const own = perUser.get(userKey) ?? {};
      own[kind] = (own[kind] ?? 0) + 1;
      perUser.set(userKey, own);
    },
    countNoop: () => {
      noops += 1;
    },
    counts: () => ({ ...totals, noops, effectsPerUser: Object.fromEntries(perUser) }),
    reset: () => {
      totals = zeroTotals();
      noops = 0;
      perUser.clear();
    },
  };
}

function zeroTotals(): Record<EffectKind, number> {
  return Object.fromEntries(EFFECT_KINDS.map((kind) => [kind, 0])) as Record<EffectKind, number>;
}
