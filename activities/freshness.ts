import { LOOK_UP_LIMIT } from '../connectors/provider';
import type { LookUp } from '../connectors/provider';
import type { OperationRecord } from '../store/records';
import type { Batch } from './applyBatch';
import { inChunks } from './chunks';
import type { ActivityDeps } from './deps';
import { cancellation } from './progress';

/**
 * An old or later approved plan looks up at the source everybody it would deactivate (durability 3.5).
 * @returns the external ids for which the source no longer supports it; an answer that proves nothing counts so too.
 */
export async function outdatedDeactivations(deps: ActivityDeps, batch: Batch): Promise<ReadonlySet<string>> {
  const leaving = batch.operations.filter((operation) => operation.kind === 'deactivateUser');
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

function supports(answer: LookUp | undefined, operation: OperationRecord): boolean {
  if (answer === undefined || answer === 'unknown') return false;
  const codes = operation.reasons.map((reason) => reason.code);
  if (answer === 'absent') return true;
  return codes.includes('outOfScope') || (codes.includes('disabled') && !answer.found.active);
}
