import type { UserFacts } from './facts';
import type { TargetUser } from './model';
import { nameKey } from './names';
import { groupKeyOf } from './operation';
import type { DraftOperation, Reason } from './operation';
import { because } from './reasons';

/** An application of the target with a limited number of seats. */
export interface SeatedApplication {
  readonly application: string;
  /** nameKeys of the groups an active account in any of which takes one seat. */
  readonly groupKeys: ReadonlySet<string>;
  /** Given to new accounts that are created with the application. */
  readonly defaultGroupKeys: ReadonlySet<string>;
  readonly remaining: number;
}
export interface Seating {
  readonly applications: readonly SeatedApplication[];
  /** Applications that new accounts are created with. */
  readonly applicationKeys: readonly string[];
}
type Holding = ReadonlySet<string>;

/**
 * Notes on the operations of one person for which applications they take a seat, and for which they leave one free: what
 * the person has in the end counts against what he has now, however many groups come and go (rules 5.2). Everything of a
 * new account waits with it; of an old one only what gives access.
 */
export function withSeats(
  facts: UserFacts,
  operations: readonly DraftOperation[],
  seating: Seating
): readonly DraftOperation[] {
  if (operations.length === 0 || seating.applications.length === 0) return operations;
  const before = seatsBefore(facts, seating);
  const after = seatsAfter(facts, operations, seating);
  const takes = seating.applications.filter(({ application }) => after.has(application) && !before.has(application));
  const frees = seating.applications.filter(({ application }) => before.has(application) && !after.has(application));
  const last = (ended: SeatedApplication): number => operations.findLastIndex((one) => mayFree(one, ended));
  const freeing = new Map(frees.map((ended) => [ended.application, last(ended)]));
  const isNew = operations.some(({ kind, after: image }) => kind === 'createUser' && image !== null);
  return operations.map((operation, index) => {
    const taking = takes.filter((one) => mayTake(operation, one, { facts, isNew, seating })).map(nameOf);
    const ending = frees.filter((one) => freeing.get(one.application) === index).map(nameOf);
    return {
      ...operation,
      ...(taking.length > 0 && { takesSeats: taking }),
      ...(ending.length > 0 && { freesSeats: ending }),
    };
  });
}

/**
 * True when groups that were not read decide whether a plan takes or frees a seat: somebody with an account gets access or
 * is deactivated.
 */
export function seatIsUncertain(
  facts: UserFacts,
  operations: readonly DraftOperation[],
  { applications }: Seating,
  read: ReadonlySet<string>
): boolean {
  if (seatedAccount(facts) === null) return false;
  const leaves = operations.some(({ kind }) => kind === 'deactivateUser');
  const taken = new Set(operations.flatMap(({ takesSeats = [] }) => takesSeats));
  return applications.some(
    ({ application, groupKeys }) => (leaves || taken.has(application)) && [...groupKeys].some((key) => !read.has(key))
  );
}

/** The account whose groups count: the linked one, or the one that is adopted. */
export function seatedAccount({ account, byUsername, byEmail }: UserFacts): TargetUser | null {
  if (account !== null) return account;
  if (byUsername.kind === 'one') return byUsername.account;
  return byEmail.kind === 'one' ? byEmail.account : null;
}

function seatsBefore(facts: UserFacts, seating: Seating): Holding {
  if (seatedAccount(facts)?.active !== true) return new Set();
  return seatsOf(new Set(facts.accountGroups.map(nameKey)), seating);
}

function seatsAfter(facts: UserFacts, operations: readonly DraftOperation[], seating: Seating): Holding {
  const creates = operations.some(({ kind }) => kind === 'createUser');
  const groups = new Set(creates ? givenAtCreation(seating) : facts.accountGroups.map(nameKey));
  let active = creates || seatedAccount(facts)?.active === true;
  for (const operation of operations) {
    if (operation.kind === 'deactivateUser') active = false;
    if (operation.kind === 'reactivateUser') active = true;
    if (operation.kind === 'removeMembership') groups.delete(groupKeyOf(operation));
    if (operation.kind === 'addMembership') groups.add(groupKeyOf(operation));
  }
  return active ? seatsOf(groups, seating) : new Set();
}

const givenAtCreation = ({ applications, applicationKeys }: Seating): readonly string[] =>
  applications
    .filter(({ application }) => applicationKeys.includes(application))
    .flatMap(({ defaultGroupKeys }) => [...defaultGroupKeys]);

function seatsOf(groups: ReadonlySet<string>, { applications }: Seating): Holding {
  const held = applications.filter(({ groupKeys }) => [...groupKeys].some((key) => groups.has(key)));
  return new Set(held.map(nameOf));
}

interface Taker {
  readonly facts: UserFacts;
  readonly isNew: boolean;
  readonly seating: Seating;
}

function mayTake(
  operation: DraftOperation,
  { application, groupKeys }: SeatedApplication,
  { facts, isNew, seating }: Taker
): boolean {
  if (isNew && seating.applicationKeys.includes(application)) return true;
  if (operation.kind === 'addMembership') return groupKeys.has(groupKeyOf(operation));
  if (operation.kind !== 'reactivateUser') return false;
  return facts.accountGroups.some((group) => groupKeys.has(nameKey(group)));
}

function mayFree(operation: DraftOperation, { groupKeys }: SeatedApplication): boolean {
  if (operation.kind === 'removeMembership') return groupKeys.has(groupKeyOf(operation));
  return operation.kind === 'deactivateUser';
}

const nameOf = ({ application }: SeatedApplication): string => application;

type SeatOperation = Pick<DraftOperation, 'externalId' | 'takesSeats' | 'freesSeats'>;
export interface SeatBook {
  /** Gives the person of an operation that passed the gate the seats it takes, or says for which there is none. */
  take(operation: SeatOperation): readonly string[];
  /** How many people got no seat, by application. */
  readonly refused: ReadonlyMap<string, number>;
}

/**
 * Gives out free seats in the order of the plan, in which leavers come first (rules 5.1, 5.2). Remembers who got one, so
 * that somebody with several groups takes one seat: as many ids as seats are given out.
 */
export function createSeatBook(
  applications: readonly Pick<SeatedApplication, 'application' | 'remaining'>[]
): SeatBook {
  const free = new Map(applications.map(({ application, remaining }) => [application, remaining]));
  const granted = new Map(applications.map(({ application }) => [application, new Set<string>()]));
  const refused = new Map(applications.map(({ application }) => [application, new Set<string>()]));
  const isFree = (application: string, id: string): boolean =>
    !free.has(application) || (granted.get(application)?.has(id) ?? false) || (free.get(application) ?? 0) > 0;
  const change = (application: string, by: number): void => {
    const known = free.get(application);
    if (known !== undefined) free.set(application, known + by);
  };
  return {
    take({ externalId, takesSeats = [], freesSeats = [] }) {
      const id = externalId ?? '';
      const missing = takesSeats.filter((application) => !isFree(application, id));
      for (const application of missing) refused.get(application)?.add(id);
      if (missing.length > 0) return missing;
      for (const application of freesSeats) change(application, 1);
      for (const application of takesSeats) {
        const holders = granted.get(application);
        if (holders === undefined || holders.has(id)) continue;
        holders.add(id);
        change(application, -1);
      }
      return [];
    },
    get refused() {
      return new Map([...refused].map(([application, people]) => [application, people.size]));
    },
  };
}

/** The reasons of an operation, with the seats that are missing for it. */
export function reasonsWithSeats({
  reasons,
  noSeats = [],
}: {
  readonly reasons: readonly Reason[];
  readonly noSeats?: readonly string[];
}): readonly Reason[] {
  return [...reasons, ...noSeats.map((application) => because('noSeat', '5.2', { application }))];
}
