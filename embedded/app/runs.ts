import { setTimeout as sleep } from 'node:timers/promises';
import { ApiRefusal } from './api-client';
import type { ApiClient } from './api-client';
import type { Accepted, Page, RequestAnswer, RunAnswer } from './answers';

const POLL_MS = 200;

/** A connector takes no run at the moment; the message says why. */
export interface NotRun {
  readonly notRun: string;
}

/**
 * Runs a connector and follows it to its end. A run that is under way already (the start before was killed in it, or the
 * schedule was quicker) is followed instead of asking for another one.
 */
export async function runToEnd(
  api: ApiClient,
  connectorId: string,
  onChange: (run: RunAnswer) => void
): Promise<RunAnswer | NotRun> {
  const latest = (await api.get<Page<RunAnswer>>(`/connectors/${connectorId}/runs?limit=1`)).items[0];
  if (latest?.status === 'running') return follow(api, latest.id, onChange);
  const asked = await askForRun(api, connectorId);
  return typeof asked === 'string' ? follow(api, asked, onChange) : asked;
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

async function follow(api: ApiClient, runId: string, onChange: (run: RunAnswer) => void): Promise<RunAnswer> {
  for (;;) {
    // A run that waits for its turn is not there yet.
    const run = (await api.find<RunAnswer>(`/runs/${runId}`))?.body;
    if (run !== undefined) {
      onChange(run);
      if (run.status !== 'running') return run;
    }
    await sleep(POLL_MS);
  }
}
