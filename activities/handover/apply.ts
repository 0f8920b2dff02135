import { isStandingLink } from '../../domain/handover';
import { GROUP_SHARD, sliceOf } from '../../domain/ids';
import type { GroupLink, LedgerMembership, LinkState } from '../../domain/model';
import { nameKey } from '../../domain/names';
import type { LinkRelease, StoredLink } from '../../store/link-records';
import type { OperationRecord } from '../../store/records';
import type { Batch } from '../applyBatch';
import { BUSY } from '../applyPeople';
import { done, ended } from '../applyTypes';
import { inChunks } from '../chunks';
import type { ActivityDeps } from '../deps';
import { acquireAll, createLeases } from '../leases';
import type { Leases } from '../leases';
import { cancellation } from '../progress';

/** Entries of the ledger that are read side by side. */
const AT_ONCE = 16;

const CHANGED = 'a link changed after the plan was made';

/** One operation with both links under their leases. */
interface Move {
  readonly operation: OperationRecord;
  readonly former: StoredLink;
  readonly successor: StoredLink;
}

/** Moves the links of a batch: those of people, or those of groups. */
export function applyHandover(deps: ActivityDeps, batch: Batch): Promise<void> {
  return batch.input.shard === GROUP_SHARD ? applyGroupMoves(deps, batch) : applyMoves(deps, batch);
}

/**
 * Moves the links of a batch with their ledger (rules 1.6), by steps each of which may be repeated: the ledger of the new
 * link, the former link without its claim, the new link with it, the former ledger, the status. Whatever a crash cuts
 * off, the next attempt finds both links and goes on; nobody else may take the account meanwhile but by its claim.
 */
async function applyMoves(deps: ActivityDeps, batch: Batch): Promise<void> {
  const { input, scope, token } = batch;
  await deps.store.plans.markApplying(
    batch.operations.map(({ id }) => id),
    token,
    input.runId
  );
  const from = fromOf(batch.operations);
  const lease = { owner: input.runId, token };
  const formerLeases = createLeases(deps, { connectorId: from, ...lease });
  const ownLeases = createLeases(deps, { connectorId: scope.connectorId, ...lease });
  const former = await acquireAll(
    deps,
    formerLeases,
    batch.operations.map((operation) => ({ externalId: formerIdOf(operation), create: null }))
  );
  const taken = batch.operations.filter((operation) => former.got.has(formerIdOf(operation)));
  const own = await acquireAll(
    deps,
    ownLeases,
    taken.map((operation) => newLink(operation, scope.targetId))
  );
  const moves = taken.flatMap((operation): readonly Move[] => {
    const links = { former: former.got.get(formerIdOf(operation)), successor: own.got.get(operation.externalId ?? '') };
    return links.former === undefined || links.successor === undefined
      ? []
      : [{ operation, former: links.former, successor: links.successor }];
  });
  const moving = new Set(moves.map(({ operation }) => operation));
  const missing = new Set(former.missing);
  for (const operation of batch.operations.filter((one) => !moving.has(one))) {
    const isGone = missing.has(formerIdOf(operation));
    batch.results.add(operation, isGone ? ended('stale', CHANGED) : ended('failed', BUSY));
  }
  const free = [...former.got.values()].filter((link) => !moves.some((move) => move.former === link));
  await deps.store.links.release(free.map(({ id }) => ({ id, token, set: {} })));
  await carryOut(deps, batch, moves, [formerLeases, ownLeases]);
}

async function carryOut(
  deps: ActivityDeps,
  batch: Batch,
  moves: readonly Move[],
  leases: readonly Leases[]
): Promise<void> {
  const { store } = deps;
  const { connectorId } = batch.scope;
  const planRunId = batch.input.planRunId;
  const ready = async (): Promise<void> => {
    for (const lease of leases) await lease.ensure();
  };
  const stale = moves.filter((move) => !stillHolds(move, planRunId));
  const open = moves.filter((move) => !stale.includes(move));
  const ledger = await formerLedger(deps, open);
  await store.memberships.put(
    open.flatMap(({ operation, former }) =>
      (ledger.get(former.id) ?? []).map((entry) => ({ ...entry, connectorId, externalId: operation.externalId ?? '' }))
    )
  );
  await ready();
  await store.links.release([
    ...open.map((move) => givenUp(move, batch)),
    ...stale.map(({ former }) => ({ id: former.id, token: batch.token, set: {} })),
  ]);
  await ready();
  const { conflicts } = await store.links.release([
    ...open.map((move) => takenOver(move, batch)),
    ...stale.map(({ successor }) => ({ id: successor.id, token: batch.token, set: {} })),
  ]);
  const lost = new Set(conflicts);
  for (const { former } of open.filter(({ successor }) => !lost.has(successor.id))) {
    await store.memberships.remove(
      former.connectorId,
      (ledger.get(former.id) ?? []).map(({ group }) => ({ externalId: former.externalId, group }))
    );
  }
  for (const { operation, successor } of open) {
    const conflict = ended('conflict', 'another connector has taken the account meanwhile');
    batch.results.add(operation, lost.has(successor.id) ? conflict : done());
  }
  for (const { operation } of stale) batch.results.add(operation, ended('stale', CHANGED));
  await batch.results.flush();
}

const text = (operation: OperationRecord, name: string): string => {
  const value = operation.before?.[name];
  return typeof value === 'string' ? value : '';
};
const formerIdOf = (operation: OperationRecord): string => text(operation, 'externalId');
const fromOf = ([operation]: readonly OperationRecord[]): string =>
  operation === undefined ? '' : text(operation, 'connector');

function newLink(operation: OperationRecord, targetId: string) {
  const username = operation.after?.['username'];
  // The claim of a name keeps two newcomers apart; where none is known the account's key does.
  const usernameKey = nameKey(typeof username === 'string' ? username : (operation.targetKey ?? ''));
  return { externalId: operation.externalId ?? '', create: { targetId, usernameKey } };
}

/** Both links are as they were planned, or as an earlier attempt of this very move left them. */
function stillHolds({ operation, former, successor }: Move, planRunId: string): boolean {
  const isFormers = former.targetKey === operation.targetKey && former.version === operation.linkVersion;
  const isFormer =
    (isFormers && isStandingLink(former)) || (former.state === 'released' && former.versionBy === planRunId);
  return isFormer && (!isStandingLink(successor) || successor.versionBy === planRunId);
}

async function formerLedger(
  { store }: ActivityDeps,
  moves: readonly Move[]
): Promise<ReadonlyMap<string, readonly LedgerMembership[]>> {
  const ledger = new Map<string, readonly LedgerMembership[]>();
  for (const chunk of inChunks(moves, AT_ONCE)) {
    await Promise.all(
      chunk.map(async ({ former }) => {
        const slice = sliceOf(former.externalId);
        const found = await store.memberships.inSlices(former.connectorId, { from: slice, to: slice });
        ledger.set(former.id, found.get(former.externalId) ?? []);
      })
    );
  }
  return ledger;
}

/** The former link keeps what it knew, so that it can be taken back, but owns nothing any more. */
function givenUp({ former }: Move, { token, input: { planRunId } }: Batch): LinkRelease {
  const isMoved = former.versionBy === planRunId && former.state === 'released';
  const version = isMoved ? former.version : former.version + 1;
  return { id: former.id, token, set: { state: 'released', version, versionBy: planRunId } };
}

/** All that the former link knew of the account; what it noted of the person at its own source ends with it. */
function takenOver({ operation, former, successor }: Move, { token, input: { planRunId } }: Batch): LinkRelease {
  const { id: _id, connectorId: _connector, externalId: _external, targetId: _target, ...known } = former;
  const { slice: _slice, lease: _lease, due: _due, ...carried } = known;
  const version = successor.versionBy === planRunId ? successor.version : successor.version + 1;
  const atSource = { missingSince: null, outOfScopeSince: null, disabledSince: null };
  const state = text(operation, 'state') as LinkState;
  return {
    id: successor.id,
    token,
    set: { ...carried, ...atSource, state, version, versionBy: planRunId },
    claimKey: operation.targetKey ?? '',
    dropNameClaim: true,
  };
}

/** Group links: the new one first, so that the group is never without. */
async function applyGroupMoves(deps: ActivityDeps, batch: Batch): Promise<void> {
  const { store } = deps;
  await store.plans.markApplying(
    batch.operations.map(({ id }) => id),
    batch.token,
    batch.input.runId
  );
  const from = fromOf(batch.operations);
  const former = await store.groupLinks.list(from);
  for (const operation of batch.operations) {
    if (cancellation().aborted) return;
    const group = operation.after?.['group'];
    const groupId = text(operation, 'groupId');
    const link = former.find((one) => one.groupId === groupId && one.targetName === group);
    if (link === undefined) {
      batch.results.add(operation, ended('stale', 'the link of the group changed after the plan was made'));
      continue;
    }
    const sourceName = operation.after?.['sourceName'];
    const moved: GroupLink = {
      ...link,
      connectorId: batch.scope.connectorId,
      groupId: operation.externalId ?? '',
      sourceName: typeof sourceName === 'string' ? sourceName : link.sourceName,
      state: 'active',
      missingSince: null,
    };
    await store.groupLinks.put(moved);
    await store.groupLinks.put({ ...link, state: 'retired' });
    batch.results.add(operation, done());
  }
}
