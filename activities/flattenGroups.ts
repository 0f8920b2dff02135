import { holdersOf } from '../domain/closure';
import { SLICES, WHOLE_RANGE } from '../domain/ids';
import type { SourceMembership } from '../domain/model';
import { NESTED_PLACE } from '../store/snapshot-document';
import type { Store } from '../store/store';
import { membershipItem, membershipKey } from './sourceItems';

/** Slices worked on in one step: a sixteenth of all people. */
const STEP_SLICES = 256;

/**
 * Makes who is in a group a member of the groups above it too, for a part of the people (rules 2.8). May be repeated.
 * @returns the slice at which the next step begins; null at the end
 */
export async function flattenStep({ snapshots }: Store, runId: string, from: number): Promise<number | null> {
  const holders = holdersOf(await snapshots.inSlices(runId, 'nesting', WHOLE_RANGE));
  if (holders.size === 0) return null;
  const groups = await snapshots.inSlices(runId, 'group', WHOLE_RANGE);
  const synced = new Set(groups.map(({ externalId }) => externalId));
  const range = { from, to: Math.min(SLICES, from + STEP_SLICES) - 1 };
  const direct = await snapshots.inSlices(runId, 'membership', range);
  const known = new Set(direct.map(membershipKey));
  const followed = new Map<string, SourceMembership>();
  for (const { userId, groupId } of direct) {
    for (const holder of holders.get(groupId) ?? []) {
      const membership = { userId, groupId: holder };
      const key = membershipKey(membership);
      if (synced.has(holder) && !known.has(key)) followed.set(key, membership);
    }
  }
  const items = [...followed.values()].map((membership) => membershipItem(membership, { seq: 0, place: NESTED_PLACE }));
  await snapshots.put(runId, 'membership', items);
  return range.to + 1 < SLICES ? range.to + 1 : null;
}
