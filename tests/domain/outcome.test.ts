import fc from 'fast-check';
import { PHASE_OF_KIND } from '../../domain/operation';
import type { OperationKind, OperationStatus } from '../../domain/operation';
import { outcomeOf } from '../../domain/outcome';
import type { OutcomeInput } from '../../domain/outcome';
import type { Outcome } from '../../domain/run';

const KINDS = Object.keys(PHASE_OF_KIND) as OperationKind[];
const STATUSES: OperationStatus[] = ['planned', 'held', 'applying', 'done', 'stale', 'conflict', 'failed', 'cancelled'];
type Row = readonly [kind: OperationKind, status: OperationStatus];
const outcome = (rows: readonly Row[], standing: OutcomeInput['standing'] = 'unchanged', preview = false): Outcome =>
  outcomeOf({ operations: rows.map(([kind, status]) => ({ kind, status })), standing, preview });

describe('the outcome of a user in a run', () => {
  it.each<[string, Row[], Outcome]>([
    ['nothing to do', [], 'unchanged'],
    [
      'created with groups',
      [
        ['createUser', 'done'],
        ['addMembership', 'done'],
      ],
      'created',
    ],
    [
      'only memberships changed',
      [
        ['addMembership', 'done'],
        ['removeMembership', 'done'],
      ],
      'updated',
    ],
    ['adopted', [['adoptUser', 'done']], 'updated'],
    [
      'renamed and updated',
      [
        ['updateUser', 'done'],
        ['renameUser', 'done'],
      ],
      'renamed',
    ],
    [
      'reactivated and renamed',
      [
        ['renameUser', 'done'],
        ['reactivateUser', 'done'],
      ],
      'reactivated',
    ],
    [
      'deactivated and taken from groups',
      [
        ['removeMembership', 'done'],
        ['deactivateUser', 'done'],
      ],
      'deactivated',
    ],
    [
      'created, a group refused',
      [
        ['createUser', 'done'],
        ['addMembership', 'failed'],
      ],
      'failed',
    ],
    ['a conflict', [['createUser', 'conflict']], 'failed'],
    [
      'updated, the rename held',
      [
        ['updateUser', 'done'],
        ['renameUser', 'held'],
      ],
      'held',
    ],
    [
      'failed and held',
      [
        ['updateUser', 'failed'],
        ['renameUser', 'held'],
      ],
      'failed',
    ],
    ['only stale', [['updateUser', 'stale']], 'skipped'],
    [
      'cancelled before it began',
      [
        ['createUser', 'cancelled'],
        ['addMembership', 'cancelled'],
      ],
      'skipped',
    ],
    [
      'cancelled halfway',
      [
        ['createUser', 'done'],
        ['addMembership', 'cancelled'],
      ],
      'created',
    ],
    [
      'never reached',
      [
        ['createUser', 'planned'],
        ['updateUser', 'applying'],
      ],
      'skipped',
    ],
  ])('%s', (_, rows, expected) => {
    expect(outcome(rows)).toBe(expected);
  });

  it.each([
    ['held', [['updateUser', 'done']], 'held'],
    ['skipped', [], 'skipped'],
    ['skipped', [['removeMembership', 'done']], 'updated'],
    ['skipped', [['updateUser', 'failed']], 'failed'],
  ] as const)('a standing of %s with %j shows as %s', (standing, rows, expected) => {
    expect(outcome(rows, standing)).toBe(expected);
  });

  it('shows in a preview what would happen, and what would be held', () => {
    expect(outcome([['deactivateUser', 'planned']], 'unchanged', true)).toBe('deactivated');
    expect(
      outcome(
        [
          ['createUser', 'planned'],
          ['addMembership', 'held'],
        ],
        'unchanged',
        true
      )
    ).toBe('held');
  });

  it('does not depend on the order of the operations', () => {
    const rows = fc.array(fc.tuple(fc.constantFrom(...KINDS), fc.constantFrom(...STATUSES)), { maxLength: 8 });
    fc.assert(
      fc.property(rows, fc.constantFrom('unchanged', 'skipped', 'held'), (given, standing) => {
        expect(outcome([...given].reverse(), standing)).toBe(outcome(given, standing));
      })
    );
  });

  it('is failed whenever one operation failed, whatever else was done', () => {
    const rows = fc.array(fc.tuple(fc.constantFrom(...KINDS), fc.constantFrom(...STATUSES)), { maxLength: 8 });
    fc.assert(
      fc.property(rows, fc.constantFrom(...KINDS), fc.constantFrom('failed', 'conflict'), (given, kind, status) => {
        expect(outcome([...given, [kind, status]])).toBe('failed');
      })
    );
  });
});
