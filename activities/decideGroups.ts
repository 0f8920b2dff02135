import { LOOK_UP_LIMIT } from '../connectors/provider';
import type { GroupsDecision } from '../domain/facts';
import { decideGroups } from '../domain/groups';
import { GROUP_SHARD, WHOLE_RANGE } from '../domain/ids';
import type { GroupLink } from '../domain/model';
import type { ActivityDeps } from './deps';
import { completenessOf } from './completeness';
import { inChunks } from './chunks';
import { toShard } from './draftShard';
import { cancellation, heartbeat } from './progress';
import { readSpecialAccounts } from './protectedAccounts';
import type { RunContext, RunContexts } from './runContext';

/** Decides about all groups of the run once; the shards of people read the decision. */
export function decideGroupsActivities(deps: ActivityDeps, contexts: RunContexts) {
  const { store } = deps;
  return {
    async decideRunGroups({ runId }: { readonly runId: string }): Promise<void> {
      const context = await contexts.load(runId);
      await store.runs.patch(runId, { phase: 'plan' });
      await readSpecialAccounts(deps, context);
      const groups = await store.snapshots.inSlices(runId, 'group', WHOLE_RANGE);
      const links = await store.groupLinks.list(context.run.connectorId);
      const existing = await store.snapshots.targetGroups(runId);
      const seen = new Set(groups.map((group) => group.externalId));
      const decision = decideGroups({
        settings: context.settings,
        groups,
        links,
        existingNames: existing.filter((group) => group.exists).map((group) => group.name),
        complete: completenessOf(context),
        provedMissing: await confirmMissing(context, links, seen),
      });
      await store.snapshots.putArtifact(runId, 'groups', decision);
      const shard = toShard({ runId, shard: GROUP_SHARD, drafts: decision.operations, username: () => null });
      await store.plans.putShard(shard.record, shard.operations);
      await store.runs.patch(runId, { warnings: bounded(decision.warnings) });
    },
  };
}

const WARNINGS_KEPT = 100;

function bounded(warnings: readonly string[]): readonly string[] {
  const more = warnings.length - WARNINGS_KEPT;
  return more <= 0 ? warnings : [...warnings.slice(0, WARNINGS_KEPT), `and ${more} more warnings about groups`];
}

/** Linked groups that the read lacks are looked up by id before they count as gone (rules 2.3). */
async function confirmMissing(
  context: RunContext,
  links: readonly GroupLink[],
  seen: ReadonlySet<string>
): Promise<string[]> {
  if (!completenessOf(context).groups) return [];
  const absent = links.filter((link) => link.state === 'active' && !seen.has(link.groupId)).map((link) => link.groupId);
  const proved: string[] = [];
  for (const ids of inChunks([...new Set(absent)], LOOK_UP_LIMIT)) {
    const answers = await context.provider.lookUpGroups(ids, cancellation());
    proved.push(...ids.filter((id) => answers.get(id) === 'absent'));
    heartbeat();
  }
  return proved;
}

/** The decision of this run, as decideRunGroups stored it. */
export async function storedGroups(deps: ActivityDeps, runId: string): Promise<GroupsDecision> {
  return (await deps.store.snapshots.artifact(runId, 'groups')) as GroupsDecision;
}
