import type { ConnectorRecord } from '../store/records';
import type { ApiDependencies } from './dependencies';
import { TemporalUnavailable, WorkflowBusy } from './gateway-errors';

/**
 * Tells a connector's workflow of its newest version, and starts it if there is none.
 *
 * The configuration is saved before, and the store is what counts: workflows read it at every run. So a failure here is a
 * warning, not an error: an existing workflow takes the new version at its next tick, a missing one is started by the next
 * command or by healConnectors when an API starts. Refusing instead would answer "failed" for a change that was made.
 * @returns the warnings, empty when all is well
 */
export async function tellWorkflow(
  deps: ApiDependencies,
  id: string,
  configVersion: number
): Promise<readonly string[]> {
  try {
    const requestId = `version-${configVersion}-${deps.newId()}`;
    const delivery = await deps.gateway.reconfigure(id, { requestId, configVersion });
    if (delivery.status === 'done') return [];
    return ['Saved. No worker has taken the new version yet; it counts from the next run.'];
  } catch (error) {
    const isPassing = error instanceof TemporalUnavailable || error instanceof WorkflowBusy;
    deps.log.warn({ err: error, connectorId: id, configVersion }, 'workflow was not told of the new version');
    if (!isPassing)
      return ['Saved. The workflow of the connector refused the news; it reads the new version at its next run.'];
    return [`Saved. ${error.message} The schedule starts, or changes, as soon as it answers again.`];
  }
}

/** Connectors looked after at the same time. */
const HEALED_AT_ONCE = 10;

/**
 * Starts the sweep and every connector's workflow that is missing, and carries on removals that were interrupted. Run once when an API
 * starts; harmless where all is well.
 */
export async function healConnectors(deps: ApiDependencies): Promise<void> {
  await deps.gateway.startSweep().catch((error: unknown) => {
    deps.log.warn({ err: error }, 'the sweep was not started');
  });
  const connectors = await deps.store.connectors.list();
  for (let start = 0; start < connectors.length; start += HEALED_AT_ONCE) {
    await Promise.all(connectors.slice(start, start + HEALED_AT_ONCE).map((connector) => heal(deps, connector)));
  }
}

async function heal(deps: ApiDependencies, { id, version, deleting }: ConnectorRecord): Promise<void> {
  if (!deleting) {
    await tellWorkflow(deps, id, version);
    return;
  }
  const input = { requestId: `heal-${deps.newId()}`, whenConnectorIsDeleted: 'release' } as const;
  await deps.gateway.remove(id, input).catch((error: unknown) => {
    deps.log.warn({ err: error, connectorId: id }, 'removal was not carried on');
  });
}
