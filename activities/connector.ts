import { shardSlices } from '../domain/ids';
import type { QueuedRun } from '../domain/run-queue';
import type { ScheduleSettings } from '../domain/settings';
import type { ActivityDeps } from './deps';
import { takeUpApproval } from './holdKeeping';
import { countEnd } from './noteEnd';
import { whileHeartbeating } from './progress';
import type { RunContexts } from './runContext';

/** What the connector's workflow needs of its connector; never the configuration itself. */
export interface ConnectorFacts {
  readonly connectorId: string;
  readonly paused: boolean;
  readonly deleting: boolean;
  readonly lastRun: number;
  readonly configVersion: number;
  readonly schedule: ScheduleSettings | null;
}
interface ConnectorInput {
  readonly connectorId: string;
}

/** Steps of the connector's own life: settings, pause, removal, and runs that never got so far as to close themselves. */
export function connectorActivities(deps: ActivityDeps, contexts: RunContexts) {
  const { store } = deps;
  const recordEnd = async (
    input: ConnectorInput & { run: QueuedRun },
    status: 'cancelled' | 'failed',
    error: string | null
  ): Promise<void> => {
    const { run, connectorId } = input;
    const connector = await store.connectors.get(connectorId);
    if (connector === null) return;
    const now = deps.now().toISOString();
    const { runId, planHash, ...order } = run;
    const opened = await store.runs.open({
      ...order,
      id: runId,
      connectorId,
      targetId: connector.targetId,
      configVersion: connector.version,
      startedAt: now,
    });
    await store.connectors.raiseLastRun(connectorId, run.n);
    const moved = await store.runs.move(runId, ['running'], { status, phase: 'ended', finishedAt: now, error });
    if (moved) countEnd(deps, { run: opened, status, results: null });
  };
  return {
    /** Null when the connector is gone. A broken configuration has no schedule: its runs say what is wrong. */
    async loadConnector({ connectorId }: ConnectorInput): Promise<ConnectorFacts | null> {
      const connector = await store.connectors.get(connectorId);
      if (connector === null) return null;
      const settings = await contexts.settings(connectorId, connector.version).catch((error: unknown) => {
        deps.log.warn(
          { connectorId, error: error instanceof Error ? error.name : 'unknown' },
          'configuration not usable'
        );
        return null;
      });
      const { paused, deleting, lastRun, version } = connector;
      return { connectorId, paused, deleting, lastRun, configVersion: version, schedule: settings?.schedule ?? null };
    },
    async setPaused({ connectorId, paused }: ConnectorInput & { paused: boolean }): Promise<void> {
      await store.connectors.patch(connectorId, { paused });
    },
    async markDeleting({ connectorId }: ConnectorInput): Promise<void> {
      await store.connectors.patch(connectorId, { deleting: true });
    },
    async removeConnector({ connectorId }: ConnectorInput): Promise<void> {
      await whileHeartbeating(async () => {
        await noteReleasedLinks(deps, connectorId);
        await store.connectors.remove(connectorId);
      });
    },
    /** A run whose workflow ended without closing it (terminated by an operator): it is told as failed. */
    async recordLostRun(input: ConnectorInput & { run: QueuedRun }): Promise<void> {
      await recordEnd(input, 'failed', 'the run was ended from outside before it could close');
    },
    /** A run that was cancelled while it waited. */
    async recordUnstartedRun(input: ConnectorInput & { run: QueuedRun }): Promise<void> {
      await recordEnd(input, 'cancelled', null);
      const plan = input.run.planRunId === null ? null : await store.runs.get(input.run.planRunId);
      if (plan !== null) await takeUpApproval(deps, plan, input.run.runId);
    },
  };
}

/** Links are counted in so many parts: a connector may have very many. */
const PARTS = 64;

/** Accounts that nobody looks after from now on must not get lost in silence: the audit log says how many there are. */
async function noteReleasedLinks(deps: ActivityDeps, connectorId: string): Promise<void> {
  const { store } = deps;
  let accounts = 0;
  for (let part = 0; part < PARTS; part += 1) {
    const links = await store.links.inSlices(connectorId, shardSlices(part, PARTS));
    accounts += links.filter(({ targetKey, state }) => targetKey !== null && state !== 'erased').length;
  }
  if (accounts === 0) return;
  const at = deps.now().toISOString();
  await store.audit.append({
    at,
    by: 'system',
    action: 'connector.release',
    subject: connectorId,
    details: { accounts },
  });
}
