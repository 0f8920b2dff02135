import fc from 'fast-check';
import { ANSWERS_KEPT, dequeue, emptyQueue, enqueue, withdraw } from '../../domain/run-queue';
import type { RunOrder, RunQueue } from '../../domain/run-queue';

const order = (changes: Partial<RunOrder> = {}): RunOrder => ({
  mode: 'sync',
  trigger: 'manual',
  requestId: null,
  missedTicks: 0,
  planRunId: null,
  planHash: null,
  selection: null,
  ...changes,
});
const approval = (requestId: string): RunOrder =>
  order({ mode: 'apply', trigger: 'approval', requestId, planRunId: 'corp-1', planHash: 'h' });

/** Takes the orders one after the other. */
function taken(orders: readonly RunOrder[], from: RunQueue = emptyQueue(7)): { queue: RunQueue; ids: string[] } {
  const ids: string[] = [];
  let queue = from;
  for (const each of orders) {
    const answer = enqueue(queue, 'corp', each);
    queue = answer.queue;
    ids.push(answer.runId);
  }
  return { queue, ids };
}
const waiting = ({ waiting: runs }: RunQueue): string[] => runs.map((run) => `${run.runId} ${run.mode}`);

describe('the queue of a connector', () => {
  it('numbers runs on from the last one', () => {
    expect(taken([order({ requestId: 'a' })]).ids).toEqual(['corp-8']);
  });

  it('joins requests of the same mode to the one that waits, and gives another mode its own run', () => {
    const { queue, ids } = taken([
      order({ requestId: 'a' }),
      order({ requestId: 'b' }),
      order({ mode: 'preview', requestId: 'c' }),
      order({ trigger: 'schedule' }),
    ]);
    expect(ids).toEqual(['corp-8', 'corp-8', 'corp-9', 'corp-8']);
    expect(waiting(queue)).toEqual(['corp-8 sync', 'corp-9 preview']);
  });

  it('gives a repeated request its first answer, also when that run has started long ago', () => {
    const first = taken([order({ requestId: 'a' })]);
    const started = dequeue(first.queue)?.queue ?? first.queue;
    expect(taken([order({ requestId: 'a' })], started)).toEqual({ queue: started, ids: ['corp-8'] });
    expect(taken([order({ requestId: 'b' })], started).ids).toEqual(['corp-9']);
  });

  it('keeps approvals apart from each other and puts them first, in the order they came', () => {
    const { queue } = taken([order({ requestId: 'a' }), approval('b'), order({ mode: 'preview' }), approval('c')]);
    expect(waiting(queue)).toEqual(['corp-9 apply', 'corp-11 apply', 'corp-8 sync', 'corp-10 preview']);
  });

  it('drops a run that is withdrawn and goes on without its number', () => {
    const { queue } = taken([order(), order({ mode: 'preview' })]);
    const left = withdraw(queue, 'corp-8');
    expect(waiting(left)).toEqual(['corp-9 preview']);
    expect(taken([order()], left).ids).toEqual(['corp-10']);
    expect(withdraw(left, 'corp-99')).toEqual(left);
  });

  it('has nothing to start when it is empty', () => {
    expect(dequeue(emptyQueue(3))).toBeNull();
  });
});

type Step = { readonly do: 'take'; readonly order: RunOrder } | { readonly do: 'start' } | { readonly do: 'withdraw' };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('take' as const), order: orders() }) },
    { weight: 2, arbitrary: fc.constant({ do: 'start' as const }) },
    { weight: 1, arbitrary: fc.constant({ do: 'withdraw' as const }) }
  ),
  { maxLength: 120 }
);
function orders(): fc.Arbitrary<RunOrder> {
  const requestId = fc.option(fc.integer({ min: 1, max: 200 }).map((n) => `r-${n}`));
  return fc
    .record({ requestId, mode: fc.constantFrom('sync', 'preview', 'apply') })
    .map(({ requestId: id, mode }) => (mode === 'apply' ? approval(id ?? 'none') : order({ requestId: id, mode })));
}

it('whatever happens: every number once, one run waiting per mode, approvals first, bounded memory', () => {
  fc.assert(
    fc.property(steps, (all) => {
      let queue = emptyQueue(0);
      const answers = new Map<string, string>();
      const started: number[] = [];
      for (const step of all) {
        if (step.do === 'take') {
          const { requestId } = step.order;
          const isRemembered = queue.answered.some((answer) => answer.requestId === requestId);
          const answer = enqueue(queue, 'corp', step.order);
          if (requestId !== null && isRemembered) expect(answer.runId).toBe(answers.get(requestId));
          if (requestId !== null) answers.set(requestId, answer.runId);
          queue = answer.queue;
        } else if (step.do === 'start') {
          const next = dequeue(queue);
          if (next !== null) started.push(next.run.n);
          queue = next?.queue ?? queue;
        } else {
          queue = withdraw(queue, queue.waiting[0]?.runId ?? '');
        }
        const modes = queue.waiting.map(({ mode }) => mode);
        const others = modes.filter((mode) => mode !== 'apply');
        expect(new Set(others).size).toBe(others.length);
        expect(modes.slice(0, modes.length - others.length).every((mode) => mode === 'apply')).toBe(true);
        expect(queue.answered.length).toBeLessThanOrEqual(ANSWERS_KEPT);
      }
      const numbers = [...started, ...queue.waiting.map(({ n }) => n)];
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(Math.max(0, ...numbers)).toBeLessThanOrEqual(queue.lastRun);
    })
  );
});
