import { createRandom, type Random } from '../../simulators/support/random';

/** What one day of a company asks of a sync, in operations of the gate's kinds; groups by what they lose. */
export interface Day {
  disabled: number;
  absent: number;
  removals: number;
  renames: number;
  emails: number;
  creates: number;
  groupsCreated: number;
  reactivations: number;
  /** Teams that lose members: how many, of how many active ones. */
  readonly losses: { readonly members: number; readonly lost: number }[];
}

/** A company: people in teams of about ten, each in some further groups; it keeps its size over the year. */
export interface Company {
  readonly people: number;
  /** Groups of each person, the team included. */
  readonly groupsEach: number;
}

export const WORKDAYS = 250;
const MONTHS = 12;
const TEAM_SIZE = 10;

/** Of all people a year, unless stated; assumed, from what companies publish about turnover and moves. */
export const ASSUMED = {
  leave: 0.15,
  /** Of those who leave: at the last workday of a month. */
  leaveAtMonthEnd: 0.6,
  /** Of those who leave: deleted at the source without having been disabled. */
  deletedAtOnce: 0.2,
  join: 0.15,
  joinAtMonthStart: 0.5,
  changeName: 0.01,
  changeAddress: 0.005,
  changeTeam: 0.2,
  changeTeamAtQuarterStart: 0.4,
  leaveOtherGroup: 0.5,
  longLeave: 0.01,
  newGroups: 0.2,
} as const;

/** One-off events: the chance of each in a year of reorganisations, and the part of all people that it concerns on its day. */
export const EVENTS = {
  departmentMoves: { chance: 1, part: 0.1 },
  teamsDissolve: { chance: 1, part: 0.02 },
  takeover: { chance: 0.5, part: 0.08 },
  layOff: { chance: 0.3, part: 0.06 },
  contractorsEnd: { chance: 1, part: 0.04 },
  addressesOfASubsidiary: { chance: 0.3, part: 0.05 },
  addressesOfAll: { chance: 0.1, part: 1 },
} as const;
export type EventName = keyof typeof EVENTS;

const emptyDay = (): Day => ({
  disabled: 0,
  absent: 0,
  removals: 0,
  renames: 0,
  emails: 0,
  creates: 0,
  groupsCreated: 0,
  reactivations: 0,
  losses: [],
});

/** How often something happens that is expected `mean` times (Knuth below 30, above it the normal approximation). */
export function occurrences(random: Random, mean: number): number {
  if (mean <= 0) return 0;
  if (mean > 30) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  const least = Math.exp(-mean);
  let product = random();
  let count = 0;
  for (; product > least; count += 1) product *= random();
  return count;
}

const isMonthEnd = (day: number): boolean => (day + 1) % Math.floor(WORKDAYS / MONTHS) === 0;
const isMonthStart = (day: number): boolean => day % Math.floor(WORKDAYS / MONTHS) === 0;
const isQuarterStart = (day: number): boolean => day % Math.floor(WORKDAYS / 4) === 0;

/** Expected on a day when `share` of a year's number falls on some days of the year alone. */
const expected = (year: number, share: number, isPeak: boolean, peaks: number): number =>
  (year * (1 - share)) / WORKDAYS + (isPeak ? (year * share) / peaks : 0);

/** A year of normal life, a day after the other. */
export function normalYear({ people }: Company, seed: number): Day[] {
  const random = createRandom(seed);
  const groups = Math.max(1, Math.round(people / TEAM_SIZE));
  return Array.from({ length: WORKDAYS }, (_, n) => {
    const day = emptyDay();
    const peaks = Math.ceil(WORKDAYS / Math.floor(WORKDAYS / MONTHS));
    const leavers = occurrences(
      random,
      expected(people * ASSUMED.leave, ASSUMED.leaveAtMonthEnd, isMonthEnd(n), MONTHS)
    );
    for (let one = 0; one < leavers; one += 1) day[random() < ASSUMED.deletedAtOnce ? 'absent' : 'disabled'] += 1;
    day.creates = occurrences(
      random,
      expected(people * ASSUMED.join, ASSUMED.joinAtMonthStart, isMonthStart(n), peaks)
    );
    day.renames = occurrences(random, (people * ASSUMED.changeName) / WORKDAYS);
    day.emails = day.renames + occurrences(random, (people * ASSUMED.changeAddress) / WORKDAYS);
    day.disabled += occurrences(random, (people * ASSUMED.longLeave) / WORKDAYS);
    day.reactivations = occurrences(random, (people * ASSUMED.longLeave) / WORKDAYS);
    day.groupsCreated = occurrences(random, (groups * ASSUMED.newGroups) / WORKDAYS);
    const moves = occurrences(
      random,
      expected(people * ASSUMED.changeTeam, ASSUMED.changeTeamAtQuarterStart, isQuarterStart(n), 4)
    );
    const others = occurrences(random, (people * ASSUMED.leaveOtherGroup) / WORKDAYS);
    day.removals = moves + others;
    day.losses.push(...teamLosses(random, groups, moves));
    return day;
  });
}

/** Spreads people who change team over the teams. */
function teamLosses(random: Random, teams: number, moves: number): Day['losses'] {
  const lost = new Map<number, number>();
  for (let one = 0; one < moves; one += 1) {
    const team = Math.floor(random() * teams);
    lost.set(team, Math.min(TEAM_SIZE, (lost.get(team) ?? 0) + 1));
  }
  return [...lost.values()].map((count) => ({ members: TEAM_SIZE, lost: count }));
}

/** What an event adds to its day. */
export function addEvent(day: Day, event: EventName, { people }: Company): void {
  const concerned = Math.max(1, Math.round(people * EVENTS[event].part));
  switch (event) {
    case 'departmentMoves':
      day.removals += concerned;
      break;
    case 'teamsDissolve': {
      const teams = Math.max(1, Math.round(concerned / TEAM_SIZE));
      for (let team = 0; team < teams; team += 1) day.losses.push({ members: TEAM_SIZE, lost: TEAM_SIZE });
      day.removals += teams * TEAM_SIZE;
      break;
    }
    case 'takeover':
      day.creates += concerned;
      break;
    case 'layOff':
      day.disabled += concerned;
      break;
    case 'contractorsEnd':
      day.absent += concerned;
      break;
    case 'addressesOfASubsidiary':
    case 'addressesOfAll':
      day.emails += concerned;
  }
}
