import fc from 'fast-check';
import type { UserFacts } from '../../domain/facts';
import type { DraftOperation, OperationKind } from '../../domain/operation';
import { groupKeyOf, PHASE_OF_KIND } from '../../domain/operation';
import { createSeatBook, reasonsWithSeats, seatIsUncertain, withSeats } from '../../domain/seats';
import type { Seating } from '../../domain/seats';
import { draft } from '../activities/operations';
import { account, held, member, newcomer } from '../support/person';

const seating = (changes: Partial<Seating> = {}): Seating => ({
  applications: [
    {
      application: 'software',
      groupKeys: new Set(['users', 'admins']),
      defaultGroupKeys: new Set(['users']),
      remaining: 1,
    },
  ],
  applicationKeys: [],
  ...changes,
});
const add = (group: string): DraftOperation => draft('addMembership', 'a-1', { after: { group } });
const remove = (group: string): DraftOperation => draft('removeMembership', 'a-1', { before: { group } });
const creation = draft('createUser', 'a-1', { after: { username: 'alice' } });
const deactivation = draft('deactivateUser', 'a-1');
const reactivation = draft('reactivateUser', 'a-1');
const inactive = (groups: readonly string[]): UserFacts =>
  member({ account: account({ active: false }), accountGroups: groups });

/** `kind group+` where an operation takes a seat, `kind group-` where it frees one. */
function noted(facts: UserFacts, operations: readonly DraftOperation[], changes: Partial<Seating> = {}): string[] {
  return withSeats(facts, operations, seating(changes)).map(({ kind, before, after, takesSeats, freesSeats }) => {
    const marks = `${takesSeats === undefined ? '' : '+'}${freesSeats === undefined ? '' : '-'}`;
    const group = (after ?? before)?.['group'];
    return `${kind}${typeof group === 'string' ? ` ${group}` : ''}${marks}`;
  });
}

describe('rule 5.2: seats are counted net, per application', () => {
  it.each<[string, UserFacts, DraftOperation[], string[]]>([
    ['a first group takes a seat', member(), [add('Users')], ['addMembership Users+']],
    ['a second one does not', member({ accountGroups: ['admins'] }), [add('users')], ['addMembership users']],
    [
      'two at once take one, and each waits for it',
      member(),
      [add('users'), add('admins')],
      ['addMembership users+', 'addMembership admins+'],
    ],
    ['a group that gives no access takes none', member(), [add('team')], ['addMembership team']],
    [
      'one for another is net nothing',
      member({ accountGroups: ['users'] }),
      [remove('users'), add('admins')],
      ['removeMembership users', 'addMembership admins'],
    ],
    [
      'the last removal frees the seat',
      member({ accountGroups: ['users', 'admins'] }),
      [remove('admins'), remove('users')],
      ['removeMembership admins', 'removeMembership users-'],
    ],
    [
      'a removal that leaves another group frees none',
      member({ accountGroups: ['users', 'admins'] }),
      [remove('users')],
      ['removeMembership users'],
    ],
    ['a deactivation frees it', member({ accountGroups: ['users'] }), [deactivation], ['deactivateUser-']],
    ['one of somebody without access frees none', member(), [deactivation], ['deactivateUser']],
    [
      'inactive members hold none: a reactivation takes it',
      inactive(['users']),
      [reactivation, add('admins'), add('team')],
      ['reactivateUser+', 'addMembership admins+', 'addMembership team'],
    ],
    [
      'a reactivation without access takes none, the group does',
      inactive([]),
      [reactivation, add('users')],
      ['reactivateUser', 'addMembership users+'],
    ],
    [
      'a new account takes it with its group',
      newcomer(),
      [creation, add('users'), add('team')],
      ['createUser', 'addMembership users+', 'addMembership team'],
    ],
  ])('%s', (_, facts, operations, expected) => {
    expect(noted(facts, operations)).toEqual(expected);
  });

  it('a new account that is created with the application takes the seat, and all of it waits', () => {
    expect(noted(newcomer(), [creation, add('team')], { applicationKeys: ['software'] })).toEqual([
      'createUser+',
      'addMembership team+',
    ]);
  });

  it('an account that is adopted counts with the groups it has', () => {
    const adopted = newcomer({ byUsername: held(account()), accountGroups: ['users'] });
    expect(noted(adopted, [draft('adoptUser', 'a-1'), add('admins')])).toEqual(['adoptUser', 'addMembership admins']);
  });

  it('groups that were not read make it uncertain for accounts that exist, and only where they matter', () => {
    const uncertain = (facts: UserFacts, operations: DraftOperation[], read: string[]): boolean =>
      seatIsUncertain(facts, withSeats(facts, operations, seating()), seating(), new Set(read));
    expect(uncertain(member(), [add('users')], ['users'])).toBe(true);
    expect(uncertain(member(), [deactivation], [])).toBe(true);
    expect(uncertain(member(), [add('users')], ['users', 'admins'])).toBe(false);
    expect(uncertain(member(), [add('team')], [])).toBe(false);
    expect(uncertain(newcomer(), [creation, add('users')], [])).toBe(false);
  });
});

describe('rule 5.2: free seats are given out in the order of the plan', () => {
  const takes = (id: string, ...applications: string[]) => ({ externalId: id, takesSeats: applications });
  const book = (remaining: number) => createSeatBook([{ application: 'software', remaining }]);

  it('to as many as there are, a person with two groups once, and no further', () => {
    const seats = book(1);
    expect(seats.take(takes('a', 'software'))).toEqual([]);
    expect(seats.take(takes('a', 'software'))).toEqual([]);
    expect(seats.take(takes('b', 'software'))).toEqual(['software']);
    expect(seats.take({ externalId: 'c' })).toEqual([]);
    expect([...seats.refused]).toEqual([['software', 1]]);
  });

  it('leavers make room for who comes later', () => {
    const seats = book(0);
    seats.take({ externalId: 'leaver', freesSeats: ['software'] });
    expect(seats.take(takes('a', 'software'))).toEqual([]);
    expect(seats.take(takes('b', 'software'))).toEqual(['software']);
  });

  it('who lacks one of two takes none', () => {
    const seats = createSeatBook([
      { application: 'software', remaining: 1 },
      { application: 'desk', remaining: 0 },
    ]);
    expect(seats.take(takes('a', 'software', 'desk'))).toEqual(['desk']);
    expect(seats.take(takes('b', 'software'))).toEqual([]);
  });

  it('an application without a limit gives as many as are wanted', () => {
    expect(createSeatBook([]).take(takes('a', 'software'))).toEqual([]);
  });

  it('the missing seat is among the reasons', () => {
    expect(reasonsWithSeats({ reasons: [], noSeats: ['software'] })).toEqual([
      { code: 'noSeat', rule: '5.2', params: { application: 'software' } },
    ]);
  });

  it('never more seats are taken than were free or became so', () => {
    const kinds: OperationKind[] = [
      'deactivateUser',
      'removeMembership',
      'addMembership',
      'reactivateUser',
      'createUser',
    ];
    const person = fc.record({
      active: fc.boolean(),
      groups: fc.subarray(['users', 'admins', 'team']),
      operations: fc.array(
        fc.record({ kind: fc.constantFrom(...kinds), group: fc.constantFrom('users', 'admins', 'team') }),
        {
          maxLength: 4,
        }
      ),
    });
    let short = 0;
    fc.assert(
      fc.property(fc.array(person, { maxLength: 12 }), fc.integer({ min: 0, max: 4 }), (people, remaining) => {
        const seats = book(remaining);
        const isMember = ({ active, groups }: { active: boolean; groups: readonly string[] }): boolean =>
          active && groups.some((group) => group !== 'team');
        const plan = people.flatMap(({ active, groups, operations }, n) => {
          const drafts = operations
            .filter(({ kind }) => kind !== 'createUser')
            .map(({ kind, group }) =>
              draft(kind, `p-${n}`, kind === 'removeMembership' ? { before: { group } } : { after: { group } })
            )
            .sort((a, b) => PHASE_OF_KIND[a.kind] - PHASE_OF_KIND[b.kind]);
          const facts = member({ externalId: `p-${n}`, account: account({ active }), accountGroups: groups });
          return withSeats(facts, drafts, seating());
        });
        const state = new Map(people.map(({ active, groups }, n) => [`p-${n}`, { active, groups: [...groups] }]));
        const before = [...state.values()].filter(isMember).length;
        for (const operation of plan.toSorted((a, b) => a.phase - b.phase)) {
          if (seats.take(operation).length > 0) {
            short++;
            continue;
          }
          const now = state.get(operation.externalId ?? '')!;
          const group = groupKeyOf(operation);
          if (operation.kind === 'deactivateUser') now.active = false;
          if (operation.kind === 'reactivateUser') now.active = true;
          if (operation.kind === 'addMembership') now.groups.push(group);
          if (operation.kind === 'removeMembership') now.groups = now.groups.filter((one) => one !== group);
        }
        expect([...state.values()].filter(isMember).length).toBeLessThanOrEqual(before + remaining);
      }),
      { numRuns: 3000, seed: 7 }
    );
    expect(short).toBeGreaterThan(0);
  });
});
