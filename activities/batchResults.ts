import type { LinkRelease, StoredLink, StoredMembership } from '../store/link-records';
import type { OperationResult } from '../store/records';
import type { Store } from '../store/store';
import type { EndedOperation } from '../telemetry/work-metrics';
import { ended } from './applyTypes';
import type { Applied } from './applyTypes';
import { mergeChanges } from './linkChanges';
import type { OperationRecord } from '../store/records';

/** A person whose turn in this batch is over. */
export interface FinishedPerson {
  readonly link: StoredLink;
  readonly results: readonly { readonly operation: OperationRecord; readonly applied: Applied }[];
}

/**
 * Collects what became of operations and writes it in bulk. Order matters for a crash between two writes: the ledger first,
 * then the link with the lease, then the status: what has no final status yet is read from the target and noted again.
 */
export interface BatchResults {
  finish(person: FinishedPerson): void;
  /** Results without a person: operations on groups. */
  add(operation: OperationRecord, applied: Applied): void;
  flush(): Promise<void>;
  readonly finished: number;
}

interface BatchResultsInput {
  readonly store: Store;
  readonly connectorId: string;
  readonly planRunId: string;
  readonly token: string;
  readonly now: () => Date;
  /** Told what was written, once each. */
  readonly onWritten?: (operations: readonly EndedOperation[]) => void;
}

interface Written {
  readonly kind: OperationRecord['kind'];
  readonly result: OperationResult;
}

export function createBatchResults(input: BatchResultsInput): BatchResults {
  const { store, connectorId, token } = input;
  let people: FinishedPerson[] = [];
  let results: Written[] = [];
  let flushing = Promise.resolve();
  let finished = 0;
  const toResult = ({ id, kind }: OperationRecord, { status, error }: Applied): Written => ({
    kind,
    result: { id, token, status, error },
  });
  const write = async (): Promise<void> => {
    const [done, also] = [people, results];
    people = [];
    results = [];
    if (done.length === 0 && also.length === 0) return;
    const ledger = done.flatMap((person) => ledgerChanges(person, connectorId));
    await store.memberships.put(ledger.flatMap((change) => (change.put === null ? [] : [change.put])));
    await store.memberships.remove(
      connectorId,
      ledger.flatMap((change) => change.remove ?? [])
    );
    const { conflicts } = await store.links.release(done.map((person) => releaseOf(person, input)));
    const taken = new Set(conflicts);
    const written = [
      ...also,
      ...done.flatMap(({ link, results: own }) =>
        own.map(({ operation, applied }) =>
          toResult(operation, taken.has(link.id) ? claimedElsewhere(applied) : applied)
        )
      ),
    ];
    await store.plans.flush(written.map(({ result }) => result));
    input.onWritten?.(written.map(({ kind, result: { status } }) => ({ kind, status })));
  };
  return {
    finish(person) {
      people.push(person);
      finished += person.results.length;
    },
    add(operation, applied) {
      results.push(toResult(operation, applied));
      finished += 1;
    },
    flush() {
      flushing = flushing.then(write);
      return flushing;
    },
    get finished() {
      return finished;
    },
  };
}

/** The account was claimed for another user between the plan and this write: nothing of it is ours. */
function claimedElsewhere(applied: Applied): Applied {
  return applied.link?.targetKey === undefined
    ? applied
    : ended('conflict', 'another user of a connector owns this account');
}

interface LedgerChange {
  readonly put: StoredMembership | null;
  readonly remove: { readonly externalId: string; readonly group: string } | null;
}

function ledgerChanges({ link, results }: FinishedPerson, connectorId: string): LedgerChange[] {
  return results.flatMap(({ applied: { membership } }) => {
    if (membership === undefined) return [];
    const { group, addedBy } = membership;
    const { externalId } = link;
    return [
      addedBy === null
        ? { put: null, remove: { externalId, group } }
        : { put: { connectorId, externalId, group, addedBy }, remove: null },
    ];
  });
}

/** What is stored about somebody who was erased goes when the run that did it has long closed. */
const ERASED_KEPT_MS = 24 * 3_600_000;
const erasedUntil = ({ now }: BatchResultsInput): string => new Date(now().getTime() + ERASED_KEPT_MS).toISOString();

/** The link after this person's operations: its version counts the plan once, however many batches it takes. */
function releaseOf({ link, results }: FinishedPerson, input: BatchResultsInput): LinkRelease {
  const { planRunId, token, now } = input;
  const done = results.filter(({ applied }) => applied.status === 'done');
  // A refusal may tell something about the account too: that its directory cannot be written (rules 3.8).
  const changes = results.flatMap(({ applied }) => applied.link ?? []);
  const fields = mergeChanges(link, changes);
  const base = { id: link.id, token, set: fields, ...(fields.state === 'erased' && { due: erasedUntil(input) }) };
  if (done.length === 0) return base;
  const targetKey = changes.map((change) => change.targetKey).find((key) => key !== undefined);
  const version = Math.max(...done.map(({ operation }) => operation.linkVersion)) + 1;
  const set: LinkRelease['set'] = { ...base.set, version, versionBy: planRunId, changedAt: now().toISOString() };
  return targetKey === undefined ? { ...base, set } : { ...base, set, claimKey: targetKey, dropNameClaim: true };
}
