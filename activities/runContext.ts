import { ApplicationFailure } from '@temporalio/common';
import pLimit from 'p-limit';
import type { IdentityProvider } from '../connectors/provider';
import type { CallPriority } from '../domain/call-slots';
import { FAILURE } from '../domain/failures';
import type { ConnectorConfig } from '../config/connector';
import { erasesAccounts } from '../config/lifecycle';
import type { ConnectorRecord, ConnectorVersionRecord, RunRecord } from '../store/records';
import type { ProvisioningTarget } from '../targets/target';
import type { ActivityDeps } from './deps';
import { recentlyUsed } from './recentlyUsed';

/** What work for a connector needs: its configuration, its source and its target. */
export interface ConnectorContext {
  readonly connector: ConnectorRecord;
  readonly settings: ConnectorConfig;
  readonly provider: IdentityProvider;
  readonly target: ProvisioningTarget;
  /** Fingerprint of the scope that was acknowledged when this configuration was saved; null: none (rules 4.4). */
  readonly acknowledgedScope: string | null;
  /** Version of the target's configuration. */
  readonly targetVersion: number;
  /** Runs a call when the target has a place for it; what must hold when the call starts is checked inside. */
  readonly slot: Slot;
  /** Key of the account behind the credentials, asked for once a client: it is the same for all people. */
  syncAccountKey(): Promise<string>;
}
/** The same for a step of a run, under the configuration with which the run began. */
export interface RunContext extends ConnectorContext {
  readonly run: RunRecord;
}
export type Slot = <T>(call: () => Promise<T>) => Promise<T>;
type TargetClient = Pick<ConnectorContext, 'target' | 'targetVersion' | 'slot' | 'syncAccountKey'>;
export interface RunContexts {
  /** @throws ApplicationFailure Configuration when the run, its connector or target is gone. */
  load(runId: string): Promise<RunContext>;
  /** A connector under its present configuration. @throws ApplicationFailure Configuration when it or its target is gone. */
  connector(connectorId: string): Promise<ConnectorContext>;
  provider(settings: ConnectorConfig, version: number): IdentityProvider;
  target(id: string): Promise<ProvisioningTarget>;
  settings(connectorId: string, version: number): Promise<ConnectorConfig>;
}

const CLIENTS_KEPT = 20;

const gone = (what: string): ApplicationFailure =>
  ApplicationFailure.nonRetryable(`${what} does not exist`, FAILURE.configuration);

/** Keeps the clients of the connectors and targets used last, one per configuration version, so that tokens and limits are shared. */
export function createRunContexts(deps: ActivityDeps, priority: CallPriority): RunContexts {
  const providers = recentlyUsed<IdentityProvider>(CLIENTS_KEPT, (provider) => void provider.close());
  const targets = recentlyUsed<TargetClient>(CLIENTS_KEPT, ({ target }) => void target.close());
  const provider = (settings: ConnectorConfig, version: number): IdentityProvider =>
    providers(`${settings.id}:${version}`, () => deps.createProvider(settings, priority));
  const versionOf = async (connectorId: string, version: number): Promise<ConnectorVersionRecord> => {
    const stored = await deps.store.connectors.version(connectorId, version);
    if (stored === null) throw gone(`version ${version} of connector ${connectorId}`);
    return stored;
  };
  const settings = async (connectorId: string, version: number): Promise<ConnectorConfig> =>
    deps.openConnector((await versionOf(connectorId, version)).config, connectorId);
  const client = async (id: string, erasure: boolean): Promise<TargetClient> => {
    const record = await deps.store.targets.get(id);
    if (record === null) throw gone(`target ${id}`);
    return targets(`${id}:${record.version}:${erasure}`, () => {
      const opened = deps.openTarget(record.config, id);
      const created = deps.createTarget(opened, priority, { erasure });
      return {
        target: created,
        targetVersion: record.version,
        slot: pLimit(opened.concurrency),
        syncAccountKey: askedOnce(created),
      };
    });
  };
  const target = async (id: string): Promise<ProvisioningTarget> => (await client(id, false)).target;
  const existing = async (connectorId: string): Promise<ConnectorRecord> => {
    const record = await deps.store.connectors.get(connectorId);
    if (record === null) throw gone(`connector ${connectorId}`);
    return record;
  };
  const open = async (record: ConnectorRecord, version: number, targetId: string): Promise<ConnectorContext> => {
    const stored = await versionOf(record.id, version);
    const parsed = deps.openConnector(stored.config, record.id);
    return {
      connector: record,
      settings: parsed,
      provider: provider(parsed, version),
      acknowledgedScope: stored.acknowledgedScope ?? null,
      ...(await client(targetId, erasesAccounts(parsed.lifecycle))),
    };
  };
  const load = async (runId: string): Promise<RunContext> => {
    const run = await deps.store.runs.get(runId);
    if (run === null) throw gone(`run ${runId}`);
    return { run, ...(await open(await existing(run.connectorId), run.configVersion, run.targetId)) };
  };
  const connector = async (connectorId: string): Promise<ConnectorContext> => {
    const record = await existing(connectorId);
    return open(record, record.version, record.targetId);
  };
  return { load, connector, provider, target, settings };
}

function askedOnce(target: ProvisioningTarget): () => Promise<string> {
  let asked: Promise<string> | null = null;
  return () => {
    // Asked for all who come, so nobody's cancellation may end it; a failure is asked again.
    asked ??= target.syncAccount(new AbortController().signal).then(
      ({ key }) => key,
      (error: unknown) => {
        asked = null;
        throw error;
      }
    );
    return asked;
  };
}
