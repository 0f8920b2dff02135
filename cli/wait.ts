import type { z } from 'zod';
import type { requestSchema } from '../api/views/request';
import type { RunView } from '../api/views/run';
import { at } from './client';
import type { ApiClient } from './client';
import type { Surroundings } from './context';
import { CliError, EXIT } from './errors';
import type { ExitCode } from './errors';

export type RequestView = z.output<typeof requestSchema>;

const POLL_MS = 500;

/** Waits until a request is answered. */
export async function waitForRequest(client: ApiClient, requestId: string, around: Surroundings): Promise<RequestView> {
  for (;;) {
    const request = await client.get<RequestView>(at('requests', requestId));
    if (request.status !== 'waiting') return request;
    await around.pause(POLL_MS);
  }
}

/** A run that waits for its turn is not stored yet: the list of its connector does not have it. */
async function findRun(client: ApiClient, runId: string): Promise<RunView | null> {
  try {
    return await client.get<RunView>(at('runs', runId));
  } catch (error) {
    if (error instanceof CliError && error.status === 404) return null;
    throw error;
  }
}

/** Waits until a run has ended, and tells how it goes on. */
export async function waitForRun(client: ApiClient, runId: string, around: Surroundings): Promise<RunView> {
  let told = '';
  for (;;) {
    const run = await findRun(client, runId);
    if (run !== null && run.status !== 'running') return run;
    const state = run === null ? 'waiting for its turn' : `${run.phase} ${run.progress.done}/${run.progress.total}`;
    if (state !== told) around.tell(`${runId}: ${state}`);
    told = state;
    await around.pause(POLL_MS);
  }
}

/** Exit code of a run that was waited for. */
export function exitCodeOf(status: RunView['status']): ExitCode {
  switch (status) {
    case 'failed':
    case 'cancelled':
      return EXIT.failed;
    case 'held':
    case 'partial':
      return EXIT.attention;
    default:
      return EXIT.ok;
  }
}
