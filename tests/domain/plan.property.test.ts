import fc from 'fast-check';
import type { Completeness } from '../../domain/facts';
import { nameKey } from '../../domain/names';
import { GATE_KINDS } from '../../domain/operation';
import type { DraftOperation } from '../../domain/operation';
import { applyPlan } from '../support/pure-apply';
import { canonicalPlan, COMPLETE, planAll } from '../support/pure-sync';
import type { PurePlan, World } from '../support/pure-sync';
import { SYNC_KEY, worlds } from '../support/worlds';

const RUNS = { numRuns: 800 };
/** For tests that also demand that something rare occurs: the same worlds every time. */
const COVERED = { numRuns: 3000, seed: 3 };
const TAKES_AWAY = new Set(['deactivateUser', 'pseudonymizeUser', 'deleteUser', 'removeMembership']);

const passing = (plan: PurePlan): readonly DraftOperation[] =>
  plan.operations.filter((operation) => !operation.heldByRule);
const taken = (plan: PurePlan): readonly DraftOperation[] => plan.operations.filter(({ kind }) => TAKES_AWAY.has(kind));

function groupOf({ before, after }: DraftOperation): string | null {
  const group = (after ?? before)?.['group'];
  return typeof group === 'string' ? group : null;
}

/** Taken away because of groups or memberships, not because the list of users says so. */
function restsOnGroups(world: World): (operation: DraftOperation) => boolean {
  return ({ reasons }) => {
    if (reasons.some(({ code }) => code === 'disabled' || code === 'missing')) return false;
    return !reasons.some(({ code }) => code === 'outOfScope') || world.settings.scope.requiredGroups.length > 0;
  };
}

const FREES_NAMES = new Set(['renameUser', 'pseudonymizeUser', 'deleteUser']);

/**
 * True when the plan frees a name or an address, or makes a successor of leads usable, for which somebody may wait until
 * the next read (rules 1.5, 3.5).
 */
function freesAValue(plan: PurePlan, { settings }: World): boolean {
  const named = settings.lifecycle.leads.action === 'replaceWith';
  return passing(plan).some(
    ({ kind, gateKinds }) =>
      FREES_NAMES.has(kind) ||
      gateKinds.includes('emails') ||
      (named && (kind === 'reactivateUser' || kind === 'createUser'))
  );
}

const incomplete: fc.Arbitrary<Completeness> = fc
  .record({ users: fc.boolean(), groups: fc.boolean(), memberships: fc.boolean() })
  .filter((complete) => !complete.users || !complete.groups || !complete.memberships);

/** The same world with every list in another order. */
function shuffled(world: World): fc.Arbitrary<World> {
  const mixed = <T>(items: readonly T[]): fc.Arbitrary<T[]> =>
    fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });
  return fc
    .record({
      users: mixed(world.users),
      groups: mixed(world.groups),
      memberships: mixed(world.memberships),
      accounts: mixed(world.accounts),
      targetGroups: mixed(world.targetGroups),
      members: mixed(world.members),
      links: mixed(world.links),
      groupLinks: mixed(world.groupLinks),
      ledger: mixed(world.ledger),
    })
    .map((lists) => ({ ...world, ...lists }));
}

describe('plans of whole worlds', () => {
  it('the worlds reach every kind of operation, held and passing, and the rarer decisions', () => {
    const kinds = new Set<string>();
    const codes = new Set<string>();
    fc.assert(
      fc.property(worlds, (world) => {
        const plan = planAll(world, COMPLETE);
        for (const { kind, heldByRule, reasons } of plan.operations) {
          kinds.add(`${kind} ${heldByRule ? 'held' : 'passing'}`);
          for (const { code } of reasons) codes.add(code);
        }
        for (const { reasons } of plan.users.values()) for (const { code } of reasons) codes.add(code);
      }),
      COVERED
    );
    const both = [
      'adoptGroup',
      'adoptUser',
      'createUser',
      'deactivateUser',
      'deleteUser',
      'pseudonymizeUser',
      'reactivateUser',
      'removeMembership',
      'renameUser',
      'updateUser',
    ];
    const expected = [
      ...both.flatMap((kind) => [`${kind} held`, `${kind} passing`]),
      'addMembership passing',
      'createGroup passing',
      'endSessions passing',
      'replaceLead held',
      'replaceLead passing',
    ];
    expect([...kinds].sort()).toEqual(expected.sort());
    const rare = [
      'accountGone',
      'ambiguous',
      'emailContest',
      'groupReplaced',
      'rehire',
      'renameSwap',
      'usernameContest',
    ];
    expect(rare.filter((code) => !codes.has(code))).toEqual([]);
  });

  it('planning the state that a plan leads to gives an empty plan', () => {
    let applied = 0;
    fc.assert(
      fc.property(worlds, fc.oneof(fc.constant(COMPLETE), incomplete), (world, complete) => {
        const plan = planAll(world, complete);
        applied += passing(plan).length;
        const next = planAll(applyPlan(world, plan), complete);
        fc.pre(!freesAValue(plan, world));
        expect(passing(next)).toEqual([]);
      }),
      RUNS
    );
    expect(applied).toBeGreaterThan(RUNS.numRuns);
  });

  it('rule 1.5: who waits for a name or an address that a plan frees gets it in the next one, and then all is quiet', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        let state = world;
        let plan = planAll(state, COMPLETE);
        for (let round = 0; round < 8 && passing(plan).length > 0; round++) {
          state = applyPlan(state, plan);
          plan = planAll(state, COMPLETE);
        }
        expect(passing(plan)).toEqual([]);
      }),
      RUNS
    );
  });

  it('the same input in any order and any sharding gives the same operations', () => {
    const cases = worlds.chain((world) =>
      fc.tuple(fc.constant(world), shuffled(world), fc.integer({ min: 1, max: 5 }))
    );
    fc.assert(
      fc.property(cases, ([world, other, shards]) => {
        const plan = planAll(world, COMPLETE);
        const again = planAll(other, COMPLETE, shards);
        expect(canonicalPlan(again)).toEqual(canonicalPlan(plan));
        expect(again.operations).toEqual(plan.operations);
        expect(again.groups).toEqual(plan.groups);
        expect(again.users).toEqual(plan.users);
      }),
      RUNS
    );
  });

  it('invariant 1: an incomplete read takes nothing away, and the same input marked complete does', () => {
    let removed = 0;
    let deactivated = 0;
    fc.assert(
      fc.property(worlds, incomplete, (world, complete) => {
        const left = taken(planAll(world, complete));
        expect(complete.users ? left.filter(restsOnGroups(world)) : left).toEqual([]);
        const all = taken(planAll(world, COMPLETE));
        removed += all.filter(({ kind }) => kind === 'removeMembership').length;
        deactivated += all.filter(({ kind }) => kind === 'deactivateUser').length;
      }),
      RUNS
    );
    expect(removed).toBeGreaterThan(0);
    expect(deactivated).toBeGreaterThan(0);
  });

  it('rule 3.4: the sync account and protected groups are never touched, protected people only after approval', () => {
    let guarded = 0;
    fc.assert(
      fc.property(worlds, (world) => {
        const admins = new Set(
          world.members.filter(({ group }) => group === 'jira-administrators').map(({ key }) => key)
        );
        for (const operation of planAll(world, COMPLETE).operations) {
          expect(operation.targetKey).not.toBe(SYNC_KEY);
          expect(nameKey(groupOf(operation) ?? '')).not.toBe('jira-administrators');
          const risky =
            operation.kind === 'deactivateUser' ||
            operation.kind === 'renameUser' ||
            operation.gateKinds.includes('emails');
          if (!risky || !admins.has(operation.targetKey ?? '')) continue;
          guarded++;
          expect(operation.heldByRule).toBe(true);
        }
      }),
      COVERED
    );
    expect(guarded).toBeGreaterThan(0);
  });

  it('rule 3.5: whoever leads a project is never deactivated before somebody else does, and keeps no access meanwhile', () => {
    let kept = 0;
    fc.assert(
      fc.property(worlds, (world) => {
        const next = applyPlan(world, planAll(world, COMPLETE));
        for (const [project, key] of Object.entries(world.leads)) {
          const plan = planAll(world, COMPLETE).operations.filter(({ targetKey }) => targetKey === key);
          if (!plan.some(({ kind }) => kind === 'endSessions')) continue;
          kept++;
          expect(next.leads[project]).toBe(key);
          expect(next.accounts.find((account) => account.key === key)?.active).toBe(true);
          const groups = next.members.filter((member) => member.key === key).map(({ group }) => group);
          const licensed = world.licenceGroups.filter((group) => group !== 'jira-administrators');
          expect(
            groups.filter((group) => licensed.includes(group) && !world.settings.groups.keep.includes(group))
          ).toEqual([]);
        }
      }),
      COVERED
    );
    expect(kept).toBeGreaterThan(0);
  });

  it('rule 2.6: nobody loses a foreign membership in a managed group, and in an authoritative one only after approval', () => {
    let foreignRemovals = 0;
    fc.assert(
      fc.property(worlds, (world) => {
        const mode = world.settings.groups.rules[0]?.mode;
        const owned = new Set(
          world.ledger.filter((entry) => entry.addedBy !== 'foreign').map((e) => `${e.externalId} ${nameKey(e.group)}`)
        );
        for (const operation of planAll(world, COMPLETE).operations) {
          const { kind, externalId, heldByRule, reasons } = operation;
          if (reasons.some(({ code }) => code === 'givesAccess')) continue;
          if (kind !== 'removeMembership' || owned.has(`${externalId ?? ''} ${nameKey(groupOf(operation) ?? '')}`))
            continue;
          foreignRemovals++;
          expect({ mode, heldByRule }).toEqual({ mode: 'authoritative', heldByRule: true });
        }
      }),
      COVERED
    );
    expect(foreignRemovals).toBeGreaterThan(0);
  });

  it('approving everything that is held never asks the target for something it must refuse', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        applyPlan(world, planAll(world, COMPLETE), { approve: true });
      }),
      RUNS
    );
  });

  it('whatever kinds the gate holds, what passes can be applied', () => {
    fc.assert(
      fc.property(worlds, fc.subarray([...GATE_KINDS]), (world, heldKinds) => {
        applyPlan(world, planAll(world, COMPLETE), { heldKinds });
      }),
      RUNS
    );
  });
});
