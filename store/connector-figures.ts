import type { ConnectorRecord } from './records';

/** What operators watch of a connector. */
export interface ConnectorState {
  readonly id: string;
  /** Operations that wait for a decision. */
  readonly heldOperations: number;
  /** ISO time; null before the first run that succeeded. */
  readonly lastSuccessAt: string | null;
}

/** A hold that was rejected, superseded or ran out is no longer open, whatever it held. */
export function stateOfConnector({ id, openHold, heldOperations, lastSuccessAt }: ConnectorRecord): ConnectorState {
  return {
    id,
    heldOperations: openHold === null ? 0 : (heldOperations ?? 0),
    lastSuccessAt: lastSuccessAt ?? null,
  };
}
