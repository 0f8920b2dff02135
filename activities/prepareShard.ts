import { withStandingRefusals } from '../domain/directory';
import type { Holder, RenameEdge, RenameVerdict } from '../domain/facts';
import { shardSlices } from '../domain/ids';
import { nameKey } from '../domain/names';
import { planRenames, renameEdgeOf } from '../domain/renames';
import type { ActivityDeps } from './deps';
import { lookUpLinked, lookUpTarget } from './lookUpTarget';
import { heartbeat, whileHeartbeating } from './progress';
import { storedSpecialAccounts } from './protectedAccounts';
import type { RunContext, RunContexts } from './runContext';
import { shardPeople } from './shardPeople';
import type { ShardInput, ShardPeople } from './shardPeople';

const edgesOf = (index: number): string => `edges:${index}`;

/**
 * First pass over the people: notes who wants which username and e-mail address, what the target says of
 * them beyond its listings, and which renames meet another account,
 * so that the second pass can plan each person alone.
 */
export function prepareShardActivities(deps: ActivityDeps, contexts: RunContexts) {
  const { snapshots } = deps.store;
  return {
    async prepareShard(input: ShardInput): Promise<void> {
      await whileHeartbeating(async () => {
        const context = await contexts.load(input.runId);
        await lookUpLinked(deps, context, shardSlices(input.index, input.shards));
        const shard = await shardPeople(deps, context, input);
        const prepared = [...shard.people.values()].map((person) => person.prepared);
        await snapshots.putKeys(
          input.runId,
          'sourceName',
          prepared.flatMap((user) => entry(user.usernameKey, user.externalId))
        );
        await snapshots.putKeys(
          input.runId,
          'sourceEmail',
          prepared.flatMap((user) => entry(user.emailKey, user.externalId))
        );
        await lookUpTarget(deps, context, shard);
        await snapshots.putArtifact(input.runId, edgesOf(input.index), await renameEdges(deps, context, shard));
      });
    },

    async decideRunRenames({ runId, shards }: { readonly runId: string; readonly shards: number }): Promise<void> {
      const edges: RenameEdge[] = [];
      for (let index = 0; index < shards; index += 1) {
        const found = (await snapshots.artifact(runId, edgesOf(index))) as readonly RenameEdge[];
        const wanted = await snapshots.holders(
          runId,
          'sourceName',
          found.map((edge) => edge.toKey)
        );
        edges.push(...found.filter(({ toKey }) => wanted.get(toKey)?.lo === wanted.get(toKey)?.hi));
        heartbeat();
      }
      await snapshots.putArtifact(runId, 'renames', planRenames(edges));
    },
  };
}

/** The renames that the shard's people want; whether they meet, or others want the same name, is seen when all shards are together. */
export async function renameEdges(deps: ActivityDeps, context: RunContext, shard: ShardPeople): Promise<RenameEdge[]> {
  const { snapshots, links } = deps.store;
  const { run, settings } = context;
  const stored = await links.inSlices(run.connectorId, shard.range);
  const linked = stored.map((link) => withStandingRefusals(link, context.targetVersion));
  const accounts = await snapshots.targetUsers(
    run.id,
    linked.flatMap((link) => link.targetKey ?? [])
  );
  const renamed = linked.flatMap((link) => {
    const account = accounts.get(link.targetKey ?? '');
    const person = shard.people.get(link.externalId);
    const toKey = person?.prepared.usernameKey ?? null;
    if (account === undefined || person === undefined || toKey === null || toKey === nameKey(account.username))
      return [];
    return [{ link, account, person, toKey }];
  });
  const taken = await snapshots.holders(
    run.id,
    'targetName',
    renamed.map(({ toKey }) => toKey)
  );
  const special = await storedSpecialAccounts(deps, run.id);
  const rules = { settings, syncAccountKey: special.syncAccountKey, protectedKeys: new Set(special.protectedKeys) };
  return renamed.flatMap(({ link, account, person: { source, prepared }, toKey }) => {
    const holder = taken.get(toKey);
    const byUsername: Holder =
      holder === undefined ? { kind: 'nobody' } : { kind: 'many', keys: [holder.lo, holder.hi] };
    const facts = { externalId: link.externalId, source, prepared, link, account, byUsername, usernameContest: null };
    return renameEdgeOf(facts, rules) ?? [];
  });
}

const entry = (key: string | null, id: string): { key: string; id: string }[] => (key === null ? [] : [{ key, id }]);

/** The verdicts on renames that meet other accounts, by external id. */
export async function storedRenames(
  deps: ActivityDeps,
  runId: string
): Promise<Readonly<Record<string, RenameVerdict>>> {
  return (await deps.store.snapshots.artifact(runId, 'renames')) as Readonly<Record<string, RenameVerdict>>;
}
