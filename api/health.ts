import { setTimeout as sleep } from 'node:timers/promises';
import type { RequestHandler } from 'express';
import type { ApiDependencies } from './dependencies';

/** What one part may take to answer before it counts as away. */
const PROBE_LIMIT_MS = 2_500;

type Probe = 'ok' | 'unavailable';

async function probe(ask: () => Promise<void>): Promise<Probe> {
  const limit = new AbortController();
  const late = sleep(PROBE_LIMIT_MS, 'unavailable' as const, { signal: limit.signal }).catch(
    () => 'unavailable' as const
  );
  const answer = ask().then(
    () => 'ok' as const,
    () => 'unavailable' as const
  );
  try {
    return await Promise.race([answer, late]);
  } finally {
    limit.abort();
  }
}

/** GET /healthz: this process runs and answers. */
export function liveness(): RequestHandler {
  return (_request, response) => {
    response.json({ status: 'ok' });
  };
}

/** GET /readyz: the store and Temporal answer too; 503 otherwise, with which of them does not. */
export function readiness(deps: Pick<ApiDependencies, 'store' | 'gateway'>): RequestHandler {
  return async (_request, response) => {
    const [store, temporal] = await Promise.all([probe(() => deps.store.ping()), probe(() => deps.gateway.ping())]);
    const isReady = store === 'ok' && temporal === 'ok';
    response.status(isReady ? 200 : 503).json({ status: isReady ? 'ok' : 'unavailable', store, temporal });
  };
}
