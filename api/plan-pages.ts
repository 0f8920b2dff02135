import { nameKey } from '../domain/names';
import type { OperationKind, OperationStatus } from '../domain/operation';
import type { OperationRecord } from '../store/records';
import type { PlanRepository } from '../store/store';

/** Operations a call to the store reads. */
const READ_SIZE = 200;
/** Operations one request looks at, at most: a filter that fits little must not read a whole plan. */
const SCAN_LIMIT = 2_000;

export interface PlanFilter {
  readonly kind?: OperationKind | undefined;
  readonly status?: OperationStatus | undefined;
  /** The beginning of a username, or an exact external id, target key or group name. */
  readonly q?: string | undefined;
}

function concerns(operation: OperationRecord, q: string): boolean {
  const wanted = nameKey(q);
  if (operation.username !== null && nameKey(operation.username).startsWith(wanted)) return true;
  const group = operation.after?.group ?? operation.before?.group;
  if (typeof group === 'string' && nameKey(group) === wanted) return true;
  return operation.externalId === q || operation.targetKey === q;
}

/** Whether an operation is among those asked for. */
export function fits(operation: OperationRecord, { kind, status, q }: PlanFilter): boolean {
  if (kind !== undefined && operation.kind !== kind) return false;
  if (status !== undefined && operation.status !== status) return false;
  return q === undefined || q === '' || concerns(operation, q);
}

export interface PlanPageInput {
  readonly runId: string;
  /** Operations of the plan. */
  readonly total: number;
  readonly filter: PlanFilter;
  readonly limit: number;
  /** The first number to look at. */
  readonly from: number;
}

/**
 * The operations that fit, in the order of the plan, read by closed ranges of numbers (durability 1.2).
 * `next` is the number to go on with, null at the end; a page may hold fewer than `limit`, even none, when the filter fits
 * little.
 */
export async function planPage(
  plans: Pick<PlanRepository, 'page'>,
  { runId, total, filter, limit, from }: PlanPageInput
): Promise<{ readonly items: readonly OperationRecord[]; readonly next: number | null }> {
  const items: OperationRecord[] = [];
  const scanEnd = Math.min(total, from + SCAN_LIMIT - 1);
  for (let start = from; start <= scanEnd; start += READ_SIZE) {
    const part = await plans.page(runId, start, Math.min(start + READ_SIZE - 1, scanEnd));
    for (const operation of part) {
      if (operation.seq === null || !fits(operation, filter)) continue;
      if (items.length === limit) return { items, next: operation.seq };
      items.push(operation);
    }
  }
  return { items, next: scanEnd < total ? scanEnd + 1 : null };
}
