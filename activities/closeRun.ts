import { endOfHold, statusOfRun } from '../domain/holds';
import type { RunStatus } from '../domain/run';
import { noteReference } from '../domain/source-health';
import type { RunRecord } from '../store/records';
import { isPreview } from './closeOutcomes';
import type { OutcomeCursor, RunEnd } from './closeOutcomes';
import { credentialWarnings } from './credentials';
import type { ActivityDeps } from './deps';
import { keepHold } from './holdKeeping';
import { hourOf } from './judgePlan';
import { countEnd, noteForOperators } from './noteEnd';
import { retireMissingGroups, settleForeignMembers } from './retireGroups';
import type { RunContext, RunContexts } from './runContext';

export interface CloseRunInput {
  readonly runId: string;
  readonly end: RunEnd;
  /** Where writing the results arrived; null when nothing was planned. */
  readonly results: OutcomeCursor | null;
}

/** Decides how a run ended and what that means for its connector: the hold, the first run, the reference of the source. */
export function closeRunActivities(deps: ActivityDeps, contexts: RunContexts) {
  return {
    async closeRun(input: CloseRunInput): Promise<{ readonly status: RunStatus }> {
      const run = await deps.store.runs.get(input.runId);
      if (run === null) return { status: 'failed' };
      if (run.status !== 'running') return { status: run.status };
      const context = await contexts.load(run.id).catch(() => null);
      const status = await statusFor(contexts, run, input, context);
      const holdOf = context === null ? null : await conclude(deps, context, input, status);
      const { end, results } = input;
      await noteForOperators(deps, { run, status, cause: end.cause, results });
      const moved = await deps.store.runs.move(run.id, ['running'], {
        status,
        phase: 'ended',
        finishedAt: deps.now().toISOString(),
        error: end.error,
        recovered: end.recovered,
        holdOf,
        warnings: [
          ...run.warnings,
          ...directoryWarnings(results?.external ?? 0),
          ...(context === null ? [] : credentialWarnings(deps, context.provider)),
        ],
        ...(results !== null && { counts: results.counts }),
      });
      // Another attempt that was taken for dead may have been first: it has counted.
      if (moved) countEnd(deps, { run, status, results });
      return { status };
    },
  };
}

/** One warning with the number of accounts that only their own directory can change (rules 3.8). */
function directoryWarnings(external: number): readonly string[] {
  if (external === 0) return [];
  const accounts = external === 1 ? '1 account lies' : `${external} accounts lie`;
  return [`${accounts} in a directory that Jira may not write: name, address and active flag are left as they are`];
}

async function statusFor(
  contexts: RunContexts,
  run: RunRecord,
  { end, results }: CloseRunInput,
  context: RunContext | null
): Promise<RunStatus> {
  const held = run.planRunId === null ? (run.plan?.held ?? 0) : 0;
  const counts = results?.counts;
  const undecidable = held === 0 ? (counts?.held ?? 0) : 0;
  return statusOfRun({
    mode: run.mode,
    observe: end.cause === 'finished' && context !== null && (await isPreview(contexts, run)),
    cancelled: end.cause === 'cancelled',
    error: end.error,
    held,
    holdReasons: run.holdReasons,
    approvable: context?.settings.approval.when !== 'never',
    // People held by a rule without an operation cannot be approved: somebody has to mend the source.
    failed: (counts?.failed ?? 0) + (results?.failedGroups ?? 0) + undecidable,
    complete: run.source?.complete ?? true,
  });
}

/** What a finished run changes on its connector. @returns the first run of the hold that this one repeats, or null. */
async function conclude(
  deps: ActivityDeps,
  context: RunContext,
  input: CloseRunInput,
  status: RunStatus
): Promise<string | null> {
  const { run } = context;
  // Whatever the end is: what the run reserved of the limits and did not use goes back (durability 3.7).
  if (run.plan !== null && run.mode === 'sync' && input.results !== null) {
    await deps.store.gateUsage.set(run.connectorId, hourOf(run.startedAt), run.id, input.results.used);
  }
  if (input.end.cause !== 'finished' || status === 'planned') return null;
  if (run.planRunId !== null) {
    await concludeApproval(deps, context, input, run.planRunId);
    return null;
  }
  const wholePlan = run.plan?.wholePlan === true;
  await notePassed(deps, context, run, wholePlan ? 'unhealthy' : 'healthy');
  if (!wholePlan) await retireMissingGroups(deps, context, run.id, 'remove');
  if (run.plan?.held === 0) await settleForeignMembers(deps, context, run.id);
  return keepHold(deps, context);
}

async function concludeApproval(
  deps: ActivityDeps,
  context: RunContext,
  { results }: CloseRunInput,
  planRunId: string
): Promise<void> {
  const plan = await deps.store.runs.get(planRunId);
  if (plan === null || results === null) return;
  const leftHeld = results.leftHeld;
  // A comparison that is decided difference by difference is no run over everybody, and a hand-over changes nobody: the
  // connector's first run over everybody is still to come (rules 4.4).
  if (leftHeld === 0 && plan.mode !== 'drift' && plan.mode !== 'handover') {
    await notePassed(deps, context, plan, 'accepted');
    await retireMissingGroups(deps, context, planRunId, 'hold');
    await settleForeignMembers(deps, context, planRunId);
  }
  const end = endOfHold({ leftHeld, anyApplied: true });
  if (end === 'held') return;
  await deps.store.runs.move(planRunId, ['held', 'planned'], { status: end });
  await deps.store.connectors.replaceHold(context.run.connectorId, planRunId, null);
}

/** A plan that was applied as a whole settles the first run, the scope and the level of the source for later runs. */
async function notePassed(
  deps: ActivityDeps,
  { connector, settings, provider }: RunContext,
  planned: RunRecord,
  verdict: 'healthy' | 'unhealthy' | 'accepted'
): Promise<void> {
  if (verdict === 'unhealthy' || planned.source === null) return;
  const scopeFingerprint = deps.scopeFingerprint(settings);
  // As it was when the plan was made: another process may not have asked for the permissions yet.
  const identity = await deps.store.snapshots.artifact(planned.id, 'identity');
  await deps.store.connectors.patch(connector.id, {
    firstRunOver: true,
    acknowledged: scopeFingerprint,
    references: noteReference(connector.references, planned.source, {
      scopeFingerprint,
      identity: typeof identity === 'string' ? identity : provider.identity(),
      now: planned.startedAt,
      verdict,
    }),
  });
}
