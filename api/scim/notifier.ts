/** Tells the workflow of a connector that something waits; at most one telling is under way a connector. */
export interface ChangeNotifier {
  /** Returns at once. What was not told is found by the sweep (durability 4.4). */
  changed(connectorId: string): void;
  /** Ends when everything that is under way has been told. */
  settled(): Promise<void>;
}

type State = 'inFlight' | 'dirty';

/**
 * Coalesces on the trailing edge: a change during a telling is told once more when that is over, so that the last change
 * is always told (durability 4.3).
 * @param tell must be repeatable; a failure is left to the sweep
 */
export function createChangeNotifier(
  tell: (connectorId: string) => Promise<void>,
  onFailure: (connectorId: string, error: unknown) => void
): ChangeNotifier {
  const states = new Map<string, State>();
  const running = new Set<Promise<void>>();
  const run = async (connectorId: string): Promise<void> => {
    do {
      states.set(connectorId, 'inFlight');
      try {
        await tell(connectorId);
      } catch (error) {
        onFailure(connectorId, error);
      }
    } while (states.get(connectorId) === 'dirty');
    states.delete(connectorId);
  };
  return {
    changed: (connectorId) => {
      if (states.has(connectorId)) {
        states.set(connectorId, 'dirty');
        return;
      }
      const telling = run(connectorId);
      running.add(telling);
      void telling.finally(() => running.delete(telling));
    },
    settled: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
