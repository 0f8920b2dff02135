import type { Phase } from '../domain/operation';
import { canonicalOperation, compareOperations } from '../domain/plan-hash';
import type { OperationRecord, PlanCell } from '../store/records';
import type { PlanRepository } from '../store/store';

/** Operations of a shard held in memory at once while the shards are merged: 256 shards x 50 stay flat. */
const PAGE = 50;

interface Stream {
  readonly cell: PlanCell;
  page: readonly { readonly operation: OperationRecord; readonly phase: Phase; readonly canonical: string }[];
  at: number;
  read: number;
}

/** The plan as one stream in the order of compareOperations, read from its cells page by page. */
export async function* mergePlan(
  plans: PlanRepository,
  runId: string,
  cells: readonly PlanCell[]
): AsyncGenerator<OperationRecord> {
  const phases = [...new Set(cells.map((cell) => cell.phase))].sort((a, b) => a - b);
  for (const phase of phases) {
    const streams = cells
      .filter((cell) => cell.phase === phase)
      .map((cell): Stream => ({ cell, page: [], at: 0, read: 0 }));
    for (const stream of streams) await fill(plans, runId, stream);
    for (let next = smallest(streams); next !== null; next = smallest(streams)) {
      const head = next.page[next.at];
      if (head === undefined) break;
      yield head.operation;
      next.at += 1;
      if (next.at === next.page.length) await fill(plans, runId, next);
    }
  }
}

async function fill(plans: PlanRepository, runId: string, stream: Stream): Promise<void> {
  const { phase, shard, count } = stream.cell;
  stream.at = 0;
  stream.page = [];
  if (stream.read >= count) return;
  const to = Math.min(stream.read + PAGE, count) - 1;
  const operations = await plans.cell(runId, phase, shard, stream.read, to);
  stream.page = operations.map((operation) => ({ operation, phase, canonical: canonicalOperation(operation) }));
  stream.read = to + 1;
}

function smallest(streams: readonly Stream[]): Stream | null {
  let best: Stream | null = null;
  for (const stream of streams) {
    const head = stream.page[stream.at];
    if (head === undefined) continue;
    const first = best?.page[best.at];
    if (first === undefined || compareOperations(head, first) < 0) best = stream;
  }
  return best;
}
