import { scimSettingsOf } from '../../config/scim';
import type { ScimSettings } from '../../config/scim';
import type { ActivityDeps } from '../deps';
import type { ConnectorContext, RunContexts } from '../runContext';

/** What carrying the changes of one connector works with. */
export interface ChangesContext extends ConnectorContext {
  readonly scim: ScimSettings;
  /** Epoch milliseconds at which this round began. */
  readonly now: number;
  /** What was accepted until then is with a run that was asked for: epoch milliseconds, 0 for nothing. */
  readonly handedOver: number;
}

/** @returns null where nothing may be carried: the connector is paused, is going, or reads its source itself */
export async function changesContext(
  deps: ActivityDeps,
  contexts: RunContexts,
  { connectorId, handedOver }: { readonly connectorId: string; readonly handedOver: number | null }
): Promise<ChangesContext | null> {
  const record = await deps.store.connectors.get(connectorId);
  if (record === null || record.deleting || record.paused) return null;
  const context = await contexts.connector(connectorId);
  const scim = scimSettingsOf(context.settings.source);
  return scim && { ...context, scim, now: deps.now().getTime(), handedOver: handedOver ?? 0 };
}
