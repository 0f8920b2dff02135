import { LOOK_UP_LIMIT } from '../connectors/provider';
import type { LookUp } from '../connectors/provider';
import type { Cause } from '../domain/lifecycle';
import type { OperationRecord } from '../store/records';
import type { Batch } from './applyBatch';
import { inChunks } from './chunks';
import type { ActivityDeps } from './deps';
import { cancellation } from './progress';

/**
 * An old or later approved plan looks up at the source everybody from whom it takes something because they leave (durability 3.5).
 * @returns the external ids for which the source no longer supports it; an answer that proves nothing counts so too.
 */
export async function outdatedDeactivations(deps: ActivityDeps, batch: Batch): Promise<ReadonlySet<string>> {
  const leaving = [...new Map(batch.operations.filter(isLeaving).map((one) => [one.externalId ?? '', one])).values()];
  const outdated = new Set<string>();
  const provider = deps.createProvider(batch.scope.settings, 'bulk');
  try {
    for (const chunk of inChunks(leaving, LOOK_UP_LIMIT)) {
      const answers = await provider.lookUpUsers(
        chunk.map((operation) => operation.externalId ?? ''),
        cancellation()
      );
      for (const operation of chunk) {
        if (!supports(answers.get(operation.externalId ?? ''), operation)) outdated.add(operation.externalId ?? '');
      }
    }
  } finally {
    await provider.close();
  }
  return outdated;
}

/** Whatever is taken from somebody because he leaves. */
export const isLeaving = ({ reasons }: Pick<OperationRecord, 'reasons'>): boolean =>
  reasons.some(({ code }) => CAUSES.has(code));

const CAUSES: ReadonlySet<string> = new Set(['disabled', 'missing', 'outOfScope'] satisfies Cause[]);

function supports(answer: LookUp | undefined, operation: OperationRecord): boolean {
  const codes = operation.reasons.map((reason) => reason.code);
  // A roll-back takes back what a run did, whatever the source says.
  if (codes.includes('rolledBack')) return true;
  if (answer === undefined || answer === 'unknown') return false;
  if (answer === 'absent') return true;
  return codes.includes('outOfScope') || (codes.includes('disabled') && !answer.found.active);
}
