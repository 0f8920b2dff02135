import { setTimeout as sleep } from 'node:timers/promises';
import { ApiRefusal } from './api-client';
import type { ApiClient } from './api-client';
import type { Accepted, Page, RequestAnswer, RunAnswer } from './answers';

const POLL_MS = 200;
/** A run that shows nothing new for so long probably waits for its source or for Jira, and tries again. */
const STALLED_AFTER_MS = 20_000;

/** What a follower is told; `onStall` once each time. */
export interface Follower {
  readonly onChange: (run: RunAnswer) => void;
  readonly onStall: (run: RunAnswer) => void;
}

/** A connector takes no run at the moment; the message says why. */
export interface NotRun {
  readonly notRun: string;
}

/**
 * Runs a connector and follows it to its end. A run that is under way already (the start before was killed in it, or the
 * schedule was quicker) is followed instead of asking for another one.
 */
export async function runToEnd(api: ApiClient, connectorId: string, follower: Follower): Promise<RunAnswer | NotRun> {
  const latest = (await api.get<Page<RunAnswer>>(`/connectors/${connectorId}/runs?limit=1`)).items[0];
  if (latest?.status === 'running') return follow(api, latest.id, follower);
  const asked = await askForRun(api, connectorId);
  return typeof asked === 'string' ? follow(api, asked, follower) : asked;
}

async function askForRun(api: ApiClient, connectorId: string): Promise<string | NotRun> {
  try {
    const { requestId, runId } = await api.post<Accepted>(`/connectors/${connectorId}/runs`, { mode: 'sync' });
    return runId ?? (await awaitAnswer(api, requestId));
  } catch (error) {
    if (error instanceof ApiRefusal && error.status === 409) return { notRun: error.message };
    throw error;
  }
}

async function awaitAnswer(api: ApiClient, requestId: string): Promise<string | NotRun> {
  for (;;) {
    const request = await api.get<RequestAnswer>(`/requests/${requestId}`);
    if (request.runId !== null) return request.runId;
    if (request.status === 'failed') return { notRun: request.error ?? 'the request failed' };
    await sleep(POLL_MS);
  }
}

async function follow(api: ApiClient, runId: string, { onChange, onStall }: Follower): Promise<RunAnswer> {
  let state = '';
  let since = performance.now();
  for (;;) {
    // A run that waits for its turn is not there yet.
    const run = (await api.find<RunAnswer>(`/runs/${runId}`))?.body;
    if (run !== undefined) {
      onChange(run);
      if (run.status !== 'running') return run;
      const now = `${run.phase} ${run.progress.done}`;
      if (now !== state) {
        state = now;
        since = performance.now();
      } else if (performance.now() - since > STALLED_AFTER_MS) {
        since = Infinity;
        onStall(run);
      }
    }
    await sleep(POLL_MS);
  }
}
