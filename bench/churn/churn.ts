import { DEFAULTS } from '../../config/defaults';
import { evaluateGate } from '../../domain/gate';
import type { GateInput } from '../../domain/gate';
import { limitOf, NO_LIMIT } from '../../domain/gate-limits';
import { GATE_KINDS } from '../../domain/operation';
import type { GateKind } from '../../domain/operation';
import type { SafetySettings } from '../../domain/settings';
import { createRandom } from '../../simulators/support/random';
import { addEvent, ASSUMED, EVENTS, normalYear, WORKDAYS } from './life';
import type { Company, Day, EventName } from './life';

export interface ChurnOptions {
  /** Companies, by their number of people. */
  readonly sizes: readonly number[];
  /** Years simulated for each. */
  readonly years: number;
  /** @default the product's */
  readonly safety?: SafetySettings;
}

type Counts = Readonly<Record<GateKind, number>>;
const NONE = Object.fromEntries(GATE_KINDS.map((kind) => [kind, 0])) as Counts;
const GROUPS_EACH = 5;

/**
 * Years of daily runs under the limits of the gate: how often a run holds something in normal life and for each event of
 * a reorganisation, and what passes at most in one day when all of it is a mistake.
 * @returns plain JSON
 */
export function benchChurn({ sizes, years, safety = DEFAULTS.safety }: ChurnOptions): object {
  return {
    bench: 'churn',
    years,
    limits: safety.limits,
    assumed: ASSUMED,
    companies: sizes.map((people) => {
      const company = { people, groupsEach: GROUPS_EACH };
      return {
        people,
        holdsAYear: holdsAYear(company, years, safety),
        busiestDay: busiestDay(company, years),
        heldEvents: heldEvents(company, years, safety),
        largestMistakeADay: largestMistake(company, safety),
      };
    }),
  };
}

function gateInput(company: Company, day: Day | Counts, safety: SafetySettings): GateInput {
  const { losses = [] } = day as Partial<Day>;
  return {
    settings: safety,
    approval: DEFAULTS.approval,
    counts: { ...NONE, ...Object.fromEntries(GATE_KINDS.map((kind) => [kind, countOf(day, kind)])) },
    used: NONE,
    denominators: denominatorsOf(company),
    groupLosses: losses.map(({ members, lost }, n) => ({
      groupKey: `team-${n}`,
      activeMembers: members,
      removals: lost,
      linkedOrRequired: true,
    })),
    firstRun: { pending: false, touchesExisting: false },
    settingsUnacknowledged: false,
    health: { healthy: true, reasons: [] },
  };
}

const countOf = (day: Day | Counts, kind: GateKind): number => (day as Partial<Counts>)[kind] ?? 0;

const denominatorsOf = ({ people, groupsEach }: Company): GateInput['denominators'] => ({
  activeManaged: people,
  ownedMemberships: people * groupsEach,
  linkedGroups: Math.max(1, Math.round(people / 10)),
});

/** Days of normal life on which a run ends held, a year, and the kinds for which it does. */
function holdsAYear(company: Company, years: number, safety: SafetySettings): object {
  const kinds = new Map<GateKind, number>();
  let held = 0;
  for (let year = 0; year < years; year += 1) {
    for (const day of normalYear(company, year + 1)) {
      const { heldKinds } = evaluateGate(gateInput(company, day, safety));
      if (heldKinds.length > 0) held += 1;
      for (const kind of heldKinds) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
  }
  return { days: round(held / years), ...Object.fromEntries([...kinds].map(([kind, n]) => [kind, round(n / years)])) };
}

/** The most of each kind on one day of normal life in all years: what a limit has to let through. */
function busiestDay(company: Company, years: number): object {
  const most: Record<string, number> = {};
  for (let year = 0; year < years; year += 1) {
    for (const day of normalYear(company, year + 1)) {
      for (const kind of GATE_KINDS) most[kind] = Math.max(most[kind] ?? 0, countOf(day, kind));
    }
  }
  return Object.fromEntries(Object.entries(most).filter(([, count]) => count > 0));
}

/** Of the events of a reorganisation, each on a random day of normal life: the share that is held. */
function heldEvents(company: Company, years: number, safety: SafetySettings): object {
  const random = createRandom(company.people);
  const share = (event: EventName): number => {
    let held = 0;
    for (let year = 0; year < years; year += 1) {
      const day = normalYear(company, year + 1)[Math.floor(random() * WORKDAYS)];
      if (day === undefined) continue;
      addEvent(day, event, company);
      if (evaluateGate(gateInput(company, day, safety)).heldKinds.length > 0) held += 1;
    }
    return round(held / years);
  };
  return Object.fromEntries((Object.keys(EVENTS) as EventName[]).map((event) => [event, share(event)]));
}

/** What passes in 24 hours at most, and its part of what it is measured against, in percent. */
function largestMistake(company: Company, safety: SafetySettings): object {
  const { settings, used, denominators, firstRun } = gateInput(company, NONE, safety);
  const input = { settings, counts: NONE, used, denominators, firstRunPending: firstRun.pending };
  const kinds = GATE_KINDS.filter((kind) => kind !== 'groupLoss' && kind !== 'sensitive');
  return Object.fromEntries(
    kinds.map((kind) => {
      const limit = limitOf(kind, input);
      const whole = kind === 'removals' ? denominators.ownedMemberships : denominators.activeManaged;
      return [kind, { count: limit === NO_LIMIT ? null : limit, percent: round((100 * limit) / whole) }];
    })
  );
}

const round = (value: number): number => Math.round(value * 100) / 100;
