import type { RenameEdge, RenameVerdict } from '../domain/facts';
import { nameKey } from '../domain/names';
import { planRenames } from '../domain/renames';
import type { StoredLink } from '../store/records';
import type { ActivityDeps } from './deps';
import { heartbeat, whileHeartbeating } from './progress';
import type { RunContext, RunContexts } from './runContext';
import { shardPeople } from './shardPeople';
import type { ShardInput, ShardPeople } from './shardPeople';

const edgesOf = (index: number): string => `edges:${index}`;

/**
 * First pass over the people: notes who wants which username and e-mail address, and which renames meet another account,
 * so that the second pass can plan each person alone.
 */
export function prepareShardActivities(deps: ActivityDeps, contexts: RunContexts) {
  const { snapshots, links } = deps.store;
  return {
    async prepareShard(input: ShardInput): Promise<void> {
      await whileHeartbeating(async () => {
        const context = await contexts.load(input.runId);
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
        const linked = await links.inSlices(context.run.connectorId, shard.range);
        await snapshots.putArtifact(input.runId, edgesOf(input.index), await renameEdges(context, shard, linked));
      });
    },

    async decideRunRenames({ runId, shards }: { readonly runId: string; readonly shards: number }): Promise<void> {
      const edges: RenameEdge[] = [];
      for (let index = 0; index < shards; index += 1) {
        edges.push(...((await snapshots.artifact(runId, edgesOf(index))) as readonly RenameEdge[]));
        heartbeat();
      }
      await snapshots.putArtifact(runId, 'renames', planRenames(edges));
    },
  };

  /** All wanted renames of the shard: whether they meet is seen when all shards are together. */
  async function renameEdges(
    context: RunContext,
    shard: ShardPeople,
    linked: readonly StoredLink[]
  ): Promise<RenameEdge[]> {
    const keys = linked.flatMap((link) => link.targetKey ?? []);
    const accounts = await snapshots.targetUsers(context.run.id, keys);
    return linked.flatMap((link) => {
      const account = accounts.get(link.targetKey ?? '');
      const wanted = shard.people.get(link.externalId)?.prepared.usernameKey ?? null;
      if (account === undefined || wanted === null || wanted === nameKey(account.username)) return [];
      return [
        { externalId: link.externalId, targetKey: account.key, fromKey: nameKey(account.username), toKey: wanted },
      ];
    });
  }
}

const entry = (key: string | null, id: string): { key: string; id: string }[] => (key === null ? [] : [{ key, id }]);

/** The verdicts on renames that meet other accounts, by external id. */
export async function storedRenames(
  deps: ActivityDeps,
  runId: string
): Promise<Readonly<Record<string, RenameVerdict>>> {
  return (await deps.store.snapshots.artifact(runId, 'renames')) as Readonly<Record<string, RenameVerdict>>;
}
