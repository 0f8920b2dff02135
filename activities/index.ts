import type { CallPriority } from '../domain/call-slots';
import { changesActivities } from './changes/drain';
import { applyBatchActivities } from './applyBatch';
import { closeOutcomesActivities } from './closeOutcomes';
import { closeRunActivities } from './closeRun';
import { connectorActivities } from './connector';
import { decideGroupsActivities } from './decideGroups';
import type { ActivityDeps } from './deps';
import { withKnownErrors } from './errors';
import { expireRunsActivities } from './expireRuns';
import { canaryActivities } from './insight/canary';
import { rollbackActivities } from './insight/rollback';
import { handoverActivities } from './handover/plan';
import { openRunActivities } from './openRun';
import { planShardActivities } from './planShard';
import { prepareShardActivities } from './prepareShard';
import { readSourceActivities } from './readSource';
import { readTargetActivities } from './readTarget';
import { createRunContexts } from './runContext';
import { sealPlanActivities } from './sealPlan';
import { syncUserActivities } from './single/syncUser';
import { sweepActivities } from './sweep';
import { taskActivities } from './task';

export type { ActivityDeps, Timings } from './deps';
export type { Drained } from './changes/drain';
export type { ConnectorFacts } from './connector';
export type { OutcomeCursor, RunEnd } from './closeOutcomes';
export type { OpenedRun } from './openRun';
export type { SealedVerdict } from './sealPlan';
export type { SourceKind } from './readSource';
export type { SingleEnd } from './single/syncUser';

/**
 * Every activity of the system over one set of dependencies; errors are translated at this boundary.
 * @param priority of the calls that they make: that of the task queue (durability 5.1)
 */
export function createActivities(deps: ActivityDeps, priority: CallPriority) {
  const contexts = createRunContexts(deps, priority);
  const applying = applyBatchActivities(deps, contexts);
  return withKnownErrors(
    {
      ...connectorActivities(deps, contexts),
      ...openRunActivities(deps, contexts),
      ...readSourceActivities(deps, contexts),
      ...readTargetActivities(deps, contexts),
      ...decideGroupsActivities(deps, contexts),
      ...prepareShardActivities(deps, contexts),
      ...planShardActivities(deps, contexts),
      ...sealPlanActivities(deps, contexts),
      ...applying,
      ...canaryActivities(deps, contexts, (input) => applying.applyBatch(input)),
      ...closeOutcomesActivities(deps, contexts),
      ...closeRunActivities(deps, contexts),
      ...taskActivities(deps, contexts),
      ...syncUserActivities(deps, contexts),
      ...sweepActivities(deps, contexts),
      ...changesActivities(deps, contexts),
      ...rollbackActivities(deps, contexts),
      ...handoverActivities(deps, contexts),
      ...expireRunsActivities(deps),
    },
    deps.log
  );
}
export type Activities = ReturnType<typeof createActivities>;
