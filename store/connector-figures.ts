import type { ConnectorRecord } from './records';
import type { Store } from './store';

/** What operators watch of a connector. */
export interface ConnectorState {
  readonly id: string;
  /** Operations that wait for a decision. */
  readonly heldOperations: number;
  /** ISO time; null before the first run that succeeded. */
  readonly lastSuccessAt: string | null;
  /** Pushed changes that wait, as far as they were counted; absent where nobody pushes. */
  readonly waiting?: { readonly changes: number; readonly oldestSeconds: number };
}

/** A hold that was rejected, superseded or ran out is no longer open, whatever it held. */
function stateOfConnector({ id, openHold, heldOperations, lastSuccessAt }: ConnectorRecord): ConnectorState {
  return {
    id,
    heldOperations: openHold === null ? 0 : (heldOperations ?? 0),
    lastSuccessAt: lastSuccessAt ?? null,
  };
}

const COUNTED = 1_000;
const MS = 1_000;

/** What operators watch of all connectors. @param now epoch milliseconds */
export async function stateOfConnectors(
  { connectors, scim }: Pick<Store, 'connectors' | 'scim'>,
  now: number
): Promise<readonly ConnectorState[]> {
  const states: ConnectorState[] = [];
  for (const record of await connectors.list()) {
    const isPushedTo = (await scim.users.last(record.id)) + (await scim.groups.last(record.id)) > 0;
    const waiting = isPushedTo ? await scim.pending.oldest(record.id, COUNTED, now) : null;
    const oldest = waiting?.[0];
    const oldestSeconds = oldest === undefined ? 0 : Math.max(0, (now - oldest.acceptedAt) / MS);
    const figures = waiting && { waiting: { changes: Math.min(waiting.length, COUNTED), oldestSeconds } };
    states.push({ ...stateOfConnector(record), ...figures });
  }
  return states;
}
