import { ApplicationFailure } from '@temporalio/common';
import { FAILURE } from '../../domain/failures';
import {
  NO_HANDOVER,
  addHandover,
  contestedFormer,
  followsOf,
  isStandingLink,
  matchFormer,
  moveUserLink,
} from '../../domain/handover';
import type { HandoverMatch, HandoverOrder, HandoverPerson } from '../../domain/handover';
import { planGroupHandover } from '../../domain/handover-groups';
import type { GroupsDecision } from '../../domain/facts';
import { GROUP_SHARD, WHOLE_RANGE, shardName, shardSlices } from '../../domain/ids';
import type { Reason } from '../../domain/operation';
import { because } from '../../domain/reasons';
import type { StoredLink } from '../../store/link-records';
import type { HandoverLeft } from '../../store/records';
import type { KeyHolders } from '../../store/snapshot-records';
import { HANDOVER_GROUPS, handoverPage } from '../../store/shard-pages';
import { inChunks } from '../chunks';
import type { ActivityDeps } from '../deps';
import { toShard } from '../draftShard';
import { namesOf } from '../planShard';
import { cancellation, heartbeat, whileHeartbeating } from '../progress';
import { readPatiently } from '../readPatiently';
import type { RunContext, RunContexts } from '../runContext';
import type { ShardInput } from '../shardPeople';
import { putAccounts } from '../targetReading';
import { candidatesOf, isContested, withFormer } from './people';

/** Accounts that are looked up side by side. */
const AT_ONCE = 8;
const NO_GROUPS: GroupsDecision = {
  bySourceId: {},
  byTargetKey: {},
  frozen: {},
  alwaysAdd: [],
  operations: [],
  warnings: [],
};

export interface HandOverShardInput extends ShardInput {
  /** prepare: who wants which name, whose accounts the links are · claim: who takes over which link · plan: the operations. */
  readonly step: 'prepare' | 'claim' | 'plan';
}

/** Plans the move of another connector's links to this one (rules 1.6): from what was read, without any write to the target. */
export function handoverActivities(deps: ActivityDeps, contexts: RunContexts) {
  const { store } = deps;
  return {
    async openHandover({ runId }: { readonly runId: string }): Promise<void> {
      const context = await contexts.load(runId);
      const order = orderOf(context);
      const { operations, left } = planGroupHandover({
        order,
        settings: context.settings,
        groups: await store.snapshots.inSlices(runId, 'group', WHOLE_RANGE),
        former: await store.groupLinks.list(order.from),
        own: await store.groupLinks.list(context.run.connectorId),
      });
      const shard = toShard({ runId, shard: GROUP_SHARD, drafts: operations, username: () => null });
      const handover = { ...NO_HANDOVER, groups: operations.length, groupsLeft: left.length };
      const records = left.map(({ groupId, targetName }): HandoverLeft => ({
        side: 'old',
        what: 'group',
        externalId: groupId,
        name: targetName,
        reasons: [because('handoverUnmatched', '1.6')],
      }));
      await store.snapshots.putArtifact(runId, HANDOVER_GROUPS, records);
      await store.snapshots.putArtifact(runId, 'groups', NO_GROUPS);
      await store.plans.putShard({ ...shard.record, handover }, shard.operations);
      await store.runs.patch(runId, { phase: 'plan' });
    },

    async handOverShard(input: HandOverShardInput): Promise<void> {
      await whileHeartbeating(async () => {
        const context = await contexts.load(input.runId);
        const order = orderOf(context);
        switch (input.step) {
          case 'prepare':
            return prepare(deps, context, order, input);
          case 'claim':
            return claim(deps, context, order, input);
          case 'plan':
            return plan(deps, context, order, input);
        }
      });
    },
  };
}

function orderOf({ run }: RunContext): HandoverOrder {
  if (run.handover !== undefined) return run.handover;
  throw ApplicationFailure.nonRetryable(`run ${run.id} does not say what is handed over`, FAILURE.refused);
}

async function prepare(
  deps: ActivityDeps,
  context: RunContext,
  { from }: HandoverOrder,
  input: ShardInput
): Promise<void> {
  const { snapshots, links } = deps.store;
  const candidates = await candidatesOf(deps, context, input);
  const names = candidates.map(({ usernameKey, externalId }) => ({ key: usernameKey, id: externalId }));
  const emails = candidates.flatMap(({ emailKey, externalId }) =>
    emailKey === null ? [] : [{ key: emailKey, id: externalId }]
  );
  await snapshots.putKeys(input.runId, 'sourceName', names);
  await snapshots.putKeys(input.runId, 'sourceEmail', emails);
  const former = await links.inSlices(from, shardSlices(input.index, input.shards));
  const keys = former.filter(isStandingLink).map(({ targetKey }) => targetKey);
  const known = await snapshots.targetUsers(input.runId, keys);
  const unlisted = keys.filter((key) => !known.has(key));
  for (const chunk of inChunks(unlisted, AT_ONCE)) {
    const read = (key: string) =>
      readPatiently(() => context.slot(() => context.target.findByKey(key, cancellation())));
    const found = await Promise.all(chunk.map(read));
    await putAccounts(
      deps,
      input.runId,
      found.flatMap((account) => account ?? [])
    );
    heartbeat();
  }
}

interface Matched {
  readonly person: HandoverPerson;
  readonly match: HandoverMatch;
}

async function matchAll(
  deps: ActivityDeps,
  context: RunContext,
  order: HandoverOrder,
  input: ShardInput
): Promise<readonly Matched[]> {
  const people = await withFormer(deps, context, order, await candidatesOf(deps, context, input));
  return people.map((person) => ({ person, match: matchFormer(person, order.matchBy) }));
}

async function claim(deps: ActivityDeps, context: RunContext, order: HandoverOrder, input: ShardInput): Promise<void> {
  const matched = await matchAll(deps, context, order, input);
  const claims = matched.flatMap(({ person: { externalId }, match }) =>
    match.kind === 'matched' ? [{ key: match.former.link.externalId, id: externalId }] : []
  );
  await deps.store.snapshots.putKeys(input.runId, 'formerLink', claims);
}

async function plan(deps: ActivityDeps, context: RunContext, order: HandoverOrder, input: ShardInput): Promise<void> {
  const { store } = deps;
  const { runId, index, shards } = input;
  const found = await matchAll(deps, context, order, input);
  const wanted = found.flatMap(({ match }) => (match.kind === 'matched' ? match.former.link.externalId : []));
  const claims = await store.snapshots.holders(runId, 'formerLink', wanted);
  const settled = found.map(({ person, match }) => ({ person, match: settle(match, claims) }));
  const former = await store.links.inSlices(order.from, shardSlices(index, shards));
  const stays = await staying(deps, runId, former.filter(isStandingLink));
  const left = [...settled.flatMap(leftOf), ...stays];
  const drafts = settled.flatMap(({ person, match }) => (match.kind === 'matched' ? moveUserLink(person, match) : []));
  const names = new Map(settled.map(({ person, match }) => [person.externalId, currentName(match)]));
  const shard = toShard({
    runId,
    shard: shardName(index),
    drafts,
    username: (externalId) => names.get(externalId ?? '') ?? null,
  });
  const handover = { ...settled.reduce(countPerson, NO_HANDOVER), unmatchedOld: stays.length };
  await store.snapshots.putArtifact(runId, handoverPage(index), left);
  await store.snapshots.putArtifact(runId, namesOf(index), []);
  await store.snapshots.putStandings(runId, settled.map(standing));
  await store.plans.putShard({ ...shard.record, users: settled.length, handover }, shard.operations);
}

/** Whoever shares a link with somebody else gets nothing. */
function settle(match: HandoverMatch, claims: ReadonlyMap<string, KeyHolders>): HandoverMatch {
  if (match.kind === 'unmatched') return match;
  const holders = claims.get(match.former.link.externalId);
  if (holders === undefined || !isContested(holders)) return match;
  return { kind: 'unmatched', reason: contestedFormer(holders.lo, holders.hi) };
}

const currentName = (match: HandoverMatch): string | null => {
  if (match.kind === 'unmatched') return null;
  const { account, link } = match.former;
  return account?.username ?? link.lastApplied?.username ?? null;
};

function leftOf({ person, match }: Matched): readonly HandoverLeft[] {
  if (match.kind === 'matched') return [];
  const { externalId, wanted } = person;
  return [{ side: 'new', what: 'person', externalId, name: wanted.username, reasons: [match.reason] }];
}

/** Links of the former connector, of the range of the shard, that nobody or more than one person takes over. */
async function staying(
  { store }: ActivityDeps,
  runId: string,
  former: readonly StoredLink[]
): Promise<readonly HandoverLeft[]> {
  const ids = former.map(({ externalId }) => externalId);
  const claims = await store.snapshots.holders(runId, 'formerLink', ids);
  return former.flatMap(({ externalId, lastApplied }): readonly HandoverLeft[] => {
    const holders = claims.get(externalId);
    if (holders !== undefined && !isContested(holders)) return [];
    const reason: Reason =
      holders === undefined ? because('handoverUnmatched', '1.6') : contestedFormer(holders.lo, holders.hi);
    return [{ side: 'old', what: 'person', externalId, name: lastApplied?.username ?? null, reasons: [reason] }];
  });
}

function countPerson(counts: typeof NO_HANDOVER, { person, match }: Matched): typeof NO_HANDOVER {
  if (match.kind === 'unmatched') return addHandover(counts, { unmatchedNew: 1 });
  return addHandover(counts, { [match.by]: 1, ...followsOf(person, match.former) });
}

const standing = ({ person: { externalId, wanted }, match }: Matched) => ({
  externalId,
  username: wanted.username,
  standing: match.kind === 'matched' ? ('unchanged' as const) : ('skipped' as const),
  reasons: match.kind === 'matched' ? [] : [match.reason],
});
