import { createHash } from 'node:crypto';
import type { Db } from 'mongodb';
import { linkId, operationId, runId as runIdOf, sliceOf, targetClaim } from '../../domain/ids';
import type { LinkDocument } from '../../store/link-document';
import type { StoredMembership } from '../../store/link-records';
import type { OperationRecord, OutcomeRecord, PlanShardRecord } from '../../store/records';
import type { SnapshotItem } from '../../store/snapshot-records';
import type { SourceUser } from '../../domain/model';
import type { Store } from '../../store/store';
import { newRun, NOW } from './support';

export const DOCUMENTS = 100_000;
export const RUN = 'corp-1';
const AT_ONCE = 1_000;

const person = (n: number): string => `00u${n.toString(36)}-id`;
const username = (n: number): string => `${(n * 7919) % DOCUMENTS}.person`;
export const people = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, at) => person(from + at));

export function sourceUser(n: number): SnapshotItem<SourceUser> {
  const attributes = { userPrincipalName: `${username(n)}@example.com`, displayName: `Some Person ${n}`, title: 'x' };
  return {
    key: person(n),
    slice: sliceOf(person(n)),
    seq: n,
    place: `line ${n}`,
    record: { externalId: person(n), active: true, attributes },
  };
}

export function operation(runId: string, n: number): OperationRecord {
  return {
    id: operationId(runId, 6, 's0000', n),
    runId,
    shard: 's0000',
    n,
    phase: 6,
    kind: 'createUser',
    targetKey: null,
    externalId: person(n),
    before: null,
    after: { username: username(n), email: `${username(n)}@example.com`, displayName: `Some Person ${n}` },
    reasons: [{ code: 'new', rule: '1.1' }],
    seq: null,
    digest: createHash('sha256').update(String(n)).digest('hex'),
    gateKinds: ['creates'],
    follows: [],
    heldByRule: false,
    linkVersion: 0,
    status: 'planned',
    token: null,
    appliedBy: null,
    error: null,
    username: username(n),
  };
}

export function shard(runId: string, name = 's0000'): PlanShardRecord {
  return {
    runId,
    shard: name,
    cells: [{ phase: 6, count: DOCUMENTS }],
    gateCounts: {},
    removals: {},
    users: 500,
    activeManaged: 0,
    ownedMemberships: 0,
    foreignMemberships: 0,
    touchesExisting: false,
    heldByRule: 0,
  };
}

export function outcome(runId: string, n: number): OutcomeRecord {
  return {
    runId,
    externalId: person(n),
    username: username(n),
    outcome: n % 100 === 0 ? 'failed' : 'created',
    n: n + 1,
    m: n % 100 === 0 ? n / 100 + 1 : n - Math.floor(n / 100),
    operations: [{ kind: 'createUser', before: null, after: { username: username(n) }, status: 'done', error: null }],
    reasons: [],
    error: null,
    durationMs: 20,
  };
}

export function link(connectorId: string, n: number): LinkDocument {
  const externalId = person(n);
  return {
    _id: linkId(connectorId, externalId),
    connectorId,
    externalId,
    slice: sliceOf(externalId),
    targetId: 'jira',
    targetKey: `JIRAUSER${n}`,
    targetClaim: targetClaim('jira', `JIRAUSER${n}`),
    state: 'active',
    version: 1,
    versionBy: RUN,
    lastApplied: { username: username(n), email: null, displayName: `Some Person ${n}` },
    lastDeactivatedBy: null,
    lastDeactivatedCause: null,
    missingSince: null,
    outOfScopeSince: null,
    disabledSince: null,
    lease: { owner: '', token: '', until: 0 },
  };
}

export function membership(n: number): StoredMembership {
  return { connectorId: 'corp', externalId: person(n), group: `group-${n % 40}`, addedBy: 'us' };
}

async function inParts<T>(make: (n: number) => T, write: (part: T[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < DOCUMENTS; from += AT_ONCE) {
    await write(Array.from({ length: AT_ONCE }, (_, at) => make(from + at)));
  }
}

/** Runs, requests and events are opened one by one in life; here copies of a real one fill their collections. */
async function fillWithCopies(db: Db, collection: string, change: (n: number) => object): Promise<void> {
  const model = await db.collection(collection).findOne({});
  await inParts(
    (n) => ({ ...model, ...change(n) }),
    (part) => db.collection(collection).insertMany(part as never)
  );
}

async function fillFromRuns({ snapshots, plans, outcomes }: Store): Promise<void> {
  await inParts(sourceUser, (part) => snapshots.put(RUN, 'user', part));
  await inParts(
    (n) => ({ ...operation(RUN, n), seq: n + 1 }),
    (part) => plans.putShard(shard(RUN), part)
  );
  await inParts(
    (n) => outcome(RUN, n),
    (part) => outcomes.put(part)
  );
}

async function fillTheRest({ memberships, runs, requests, audit }: Store, db: Db): Promise<void> {
  await inParts(
    (n) => link('corp', n),
    (part) => db.collection<LinkDocument>('links').insertMany(part)
  );
  await inParts(membership, (part) => memberships.put(part));
  await runs.open(newRun({ id: runIdOf('corp', 1), n: 1 }));
  await requests.open({ id: 'r', kind: 'run', subject: 'corp', input: {}, createdAt: NOW });
  await audit.append({ at: NOW, by: 'ann', action: 'sync', subject: 'corp', details: {} });
  await fillWithCopies(db, 'runs', (n) => ({ _id: runIdOf('corp', n + 2), n: n + 2, position: n + 2 }));
  await fillWithCopies(db, 'requests', (n) => ({ _id: `r${n}` }));
  await fillWithCopies(db, 'auditEvents', (n) => ({ _id: n + 2 }));
  await db.collection('counters').updateMany({}, { $set: { n: DOCUMENTS + 1 } });
}

/** Fills the collections that grow with the number of people or with time. */
export async function fillStore({ store, db }: { readonly store: Store; readonly db: Db }): Promise<void> {
  await Promise.all([fillFromRuns(store), fillTheRest(store, db)]);
}
