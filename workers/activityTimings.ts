import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { CancelledFailure } from '@temporalio/common';
import type { ActivityOutcome, WorkMetrics } from '../telemetry/work-metrics';

const MS = 1_000;

/** Measures every attempt of every activity; the one place where that is done. */
export function activityTimings(metrics: Pick<WorkMetrics, 'activityEnded'>): ActivityInterceptorsFactory {
  return ({ info }) => ({
    inbound: {
      execute: async (input, next) => {
        const start = performance.now();
        const ended = (outcome: ActivityOutcome): void => {
          metrics.activityEnded(info.activityType, outcome, (performance.now() - start) / MS);
        };
        try {
          const result = await next(input);
          ended('ok');
          return result;
        } catch (error) {
          ended(error instanceof CancelledFailure ? 'cancelled' : 'failed');
          throw error;
        }
      },
    },
  });
}
