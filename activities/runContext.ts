import { ApplicationFailure } from '@temporalio/common';
import pLimit from 'p-limit';
import type { IdentityProvider } from '../connectors/provider';
import { FAILURE } from '../domain/failures';
import type { ConnectorConfig } from '../config/connector';
import type { ConnectorRecord, RunRecord } from '../store/records';
import type { ProvisioningTarget } from '../targets/target';
import type { ActivityDeps } from './deps';
import { recentlyUsed } from './recentlyUsed';

/** Everything a step of a run needs to know of its connector and target. */
export interface RunContext {
  readonly run: RunRecord;
  readonly connector: ConnectorRecord;
  readonly settings: ConnectorConfig;
  readonly provider: IdentityProvider;
  readonly target: ProvisioningTarget;
  /** Runs a call when the target has a place for it; what must hold when the call starts is checked inside. */
  readonly slot: Slot;
}
export type Slot = <T>(call: () => Promise<T>) => Promise<T>;
interface TargetClient {
  readonly target: ProvisioningTarget;
  readonly slot: Slot;
}
export interface RunContexts {
  /** @throws ApplicationFailure Configuration when the run, its connector or target is gone. */
  load(runId: string): Promise<RunContext>;
  provider(settings: ConnectorConfig, version: number): IdentityProvider;
  target(id: string): Promise<ProvisioningTarget>;
  settings(connectorId: string, version: number): Promise<ConnectorConfig>;
}

const CLIENTS_KEPT = 20;

const gone = (what: string): ApplicationFailure =>
  ApplicationFailure.nonRetryable(`${what} does not exist`, FAILURE.configuration);

/** Keeps the clients of the connectors and targets used last, one per configuration version, so that tokens and limits are shared. */
export function createRunContexts(deps: ActivityDeps): RunContexts {
  const providers = recentlyUsed<IdentityProvider>(CLIENTS_KEPT, (provider) => void provider.close());
  const targets = recentlyUsed<TargetClient>(CLIENTS_KEPT, ({ target }) => void target.close());
  const provider = (settings: ConnectorConfig, version: number): IdentityProvider =>
    providers(`${settings.id}:${version}`, () => deps.createProvider(settings));
  const settings = async (connectorId: string, version: number): Promise<ConnectorConfig> => {
    const stored = await deps.store.connectors.version(connectorId, version);
    if (stored === null) throw gone(`version ${version} of connector ${connectorId}`);
    return deps.openConnector(stored.config, connectorId);
  };
  const client = async (id: string): Promise<TargetClient> => {
    const record = await deps.store.targets.get(id);
    if (record === null) throw gone(`target ${id}`);
    return targets(`${id}:${record.version}`, () => {
      const opened = deps.openTarget(record.config, id);
      return { target: deps.createTarget(opened), slot: pLimit(opened.concurrency) };
    });
  };
  const target = async (id: string): Promise<ProvisioningTarget> => (await client(id)).target;
  const load = async (runId: string): Promise<RunContext> => {
    const run = await deps.store.runs.get(runId);
    if (run === null) throw gone(`run ${runId}`);
    const connector = await deps.store.connectors.get(run.connectorId);
    if (connector === null) throw gone(`connector ${run.connectorId}`);
    const parsed = await settings(run.connectorId, run.configVersion);
    return {
      run,
      connector,
      settings: parsed,
      provider: provider(parsed, run.configVersion),
      ...(await client(run.targetId)),
    };
  };
  return { load, provider, target, settings };
}
