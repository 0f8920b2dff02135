import fc from 'fast-check';
import { toShard } from '../../activities/draftShard';
import { mergePlan } from '../../activities/mergePlan';
import { createPlanHasher } from '../../domain/plan-hash';
import type { DraftOperation } from '../../domain/operation';
import type { OperationRecord, PlanCell } from '../../store/records';
import type { PlanRepository } from '../../store/store';
import { draft } from './operations';

const drafts: fc.Arbitrary<DraftOperation[]> = fc.uniqueArray(
  fc
    .record({
      kind: fc.constantFrom('createUser', 'deactivateUser', 'addMembership', 'removeMembership'),
      id: fc.integer({ min: 0, max: 400 }),
    })
    .map(({ kind, id }) => draft(kind, `id-${id}`)),
  { selector: ({ kind, externalId }) => `${kind} ${externalId ?? ''}`, minLength: 1, maxLength: 300 }
);

/** Cells of a plan over so many shards, and a repository that reads them. */
function planned(all: readonly DraftOperation[], shards: number): { cells: PlanCell[]; plans: PlanRepository } {
  const operations: OperationRecord[] = [];
  const cells: PlanCell[] = [];
  for (let index = 0; index < shards; index += 1) {
    const shard = `s${index}`;
    const own = all.filter((_, position) => position % shards === index);
    const { record, operations: stored } = toShard({ runId: 'corp-1', shard, drafts: own, username: () => null });
    operations.push(...stored);
    cells.push(...record.cells.map((cell) => ({ ...cell, shard })));
  }
  const cell: PlanRepository['cell'] = (_run, phase, shard, from, to) =>
    Promise.resolve(
      operations.filter((each) => each.phase === phase && each.shard === shard && each.n >= from && each.n <= to)
    );
  return { cells, plans: { cell } as PlanRepository };
}

async function merged(all: readonly DraftOperation[], shards: number): Promise<OperationRecord[]> {
  const { cells, plans } = planned(all, shards);
  const found: OperationRecord[] = [];
  for await (const operation of mergePlan(plans, 'corp-1', cells)) found.push(operation);
  return found;
}

function hashOf(operations: readonly OperationRecord[]): string {
  const hasher = createPlanHasher();
  for (const { digest } of operations) hasher.add(digest);
  return hasher.digest();
}

describe('durability 3.1: the plan as one stream', () => {
  it('has every operation once and the same hash, however it is sharded', async () => {
    await fc.assert(
      fc.asyncProperty(drafts, fc.integer({ min: 1, max: 9 }), async (all, shards) => {
        const one = await merged(all, 1);
        const many = await merged(all, shards);
        expect(one).toHaveLength(all.length);
        expect(many.map(({ digest }) => digest)).toEqual(one.map(({ digest }) => digest));
        expect(hashOf(many)).toBe(hashOf(one));
      }),
      { numRuns: 30 }
    );
  });

  it('goes phase by phase', async () => {
    const found = await merged(
      [draft('addMembership', 'a'), draft('deactivateUser', 'b'), draft('createUser', 'c')],
      3
    );
    expect(found.map(({ phase }) => phase)).toEqual([3, 6, 8]);
  });
});
