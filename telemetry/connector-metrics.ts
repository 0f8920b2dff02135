import { setTimeout as sleep } from 'node:timers/promises';
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';

/** What the store says of a connector. */
export interface ConnectorFigures {
  readonly id: string;
  /** Operations that wait for a decision. */
  readonly heldOperations: number;
  /** ISO time of the end of the last run that succeeded; null before the first. */
  readonly lastSuccessAt: string | null;
  /** Pushed changes that wait to be carried, as far as they were counted; absent where nobody pushes. */
  readonly waiting?: { readonly changes: number; readonly oldestSeconds: number };
}

/** A store that is away must not keep the other figures from being read. */
const READ_LIMIT_MS = 2_500;
const MS = 1_000;

async function readInTime(
  read: () => Promise<readonly ConnectorFigures[]>
): Promise<readonly ConnectorFigures[] | null> {
  const limit = new AbortController();
  const late = sleep(READ_LIMIT_MS, null, { signal: limit.signal }).catch(() => null);
  try {
    return await Promise.race([read().catch(() => null), late]);
  } finally {
    limit.abort();
  }
}

/** What the store says of every connector, read anew each time that figures are asked for. */
export interface ConnectorMetrics {
  /** Where to read from; a later reader takes the place of an earlier one. */
  watch(read: () => Promise<readonly ConnectorFigures[]>): void;
  refresh(): Promise<void>;
}

/**
 * Every process shows the same, and a connector that is gone is gone here too. While the store does not answer the figures
 * are absent, and `rollcall_store_up` is 0.
 */
export function createConnectorMetrics(registry: Registry): ConnectorMetrics {
  const registers = [registry];
  const held = new Gauge({
    name: 'rollcall_held_operations',
    help: 'Operations that wait for a decision, by connector.',
    labelNames: ['connector'] as const,
    registers,
  });
  const lastSuccess = new Gauge({
    name: 'rollcall_last_success_timestamp_seconds',
    help: 'When the last run that succeeded ended, by connector; absent before the first.',
    labelNames: ['connector'] as const,
    registers,
  });
  const waitingChanges = new Gauge({
    name: 'rollcall_waiting_changes',
    help: 'Pushed changes that wait to be carried, by connector; 1000 stands for more.',
    labelNames: ['connector'] as const,
    registers,
  });
  const waitingAge = new Gauge({
    name: 'rollcall_oldest_waiting_change_seconds',
    help: 'How long the oldest pushed change has waited, by connector; 0 when none does.',
    labelNames: ['connector'] as const,
    registers,
  });
  const up = new Gauge({ name: 'rollcall_store_up', help: '1: the store answered when this was read.', registers });
  let read: () => Promise<readonly ConnectorFigures[]> = () => Promise.reject(new Error('nothing to read from yet'));
  return {
    watch: (reader) => {
      read = reader;
    },
    refresh: async () => {
      const figures = await readInTime(read);
      held.reset();
      lastSuccess.reset();
      waitingChanges.reset();
      waitingAge.reset();
      up.set(figures === null ? 0 : 1);
      for (const { id, heldOperations, lastSuccessAt, waiting } of figures ?? []) {
        held.set({ connector: id }, heldOperations);
        if (waiting !== undefined) {
          waitingChanges.set({ connector: id }, waiting.changes);
          waitingAge.set({ connector: id }, waiting.oldestSeconds);
        }
        if (lastSuccessAt !== null) lastSuccess.set({ connector: id }, Date.parse(lastSuccessAt) / MS);
      }
    },
  };
}
