import type { Collection, Filter } from 'mongodb';
import { purgeSome } from './mongo';
import type { Identified } from './mongo';
import { closedRange } from './ranges';

export interface PurgePlan<D extends Identified> {
  readonly collection: Collection<D>;
  /** What of a run the index answers before `key`. */
  readonly run: (runId: string) => Filter<D>;
  /** The number along which a run is purged, from its lowest to its highest possible value. */
  readonly key: string;
  readonly lowest: number;
  readonly highest: number;
  /** How many numbers the first step covers. */
  readonly width: number;
}

/**
 * A purge of runs in bounded steps: deletes at most `limit` documents of a run, fewer only when no more are left.
 * It walks closed ranges, wider where they are sparse, and remembers where the last step ended, since even to find the
 * first documents of a large run among all of them is slow on the embedded store (durability 1.1).
 */
export function createPurge<D extends Identified>(
  plan: PurgePlan<D>
): (runId: string, limit: number) => Promise<number> {
  const reached = new Map<string, number>();
  return async (runId, limit) => {
    let [from, width, purged] = [reached.get(runId) ?? plan.lowest, plan.width, 0];
    while (from <= plan.highest) {
      const to = Math.min(plan.highest, from + width - 1);
      const wanted = limit - purged;
      const filter: Filter<D> = { ...plan.run(runId), [plan.key]: closedRange(from, to) };
      const found = await purgeSome(plan.collection, filter, wanted);
      purged += found;
      reached.set(runId, from);
      if (found === wanted) return purged;
      if (found < wanted / 2) width *= 2;
      from = to + 1;
    }
    reached.delete(runId);
    return purged;
  };
}
