import type { Client, WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';

export type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/** A history as it lies in tests/histories. */
export interface RecordedHistory {
  readonly workflowId: string;
  readonly history: { readonly events: readonly RecordedEvent[] };
}
export type RecordedEvent = Readonly<Record<string, unknown>> & { readonly eventType: string };

/** All histories of a workflow that continued as new, the oldest first. */
export async function historiesOf(client: Client, workflowId: string): Promise<readonly History[]> {
  const histories: History[] = [];
  let runId: string | undefined;
  do {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    histories.unshift(history);
    const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
    runId = started?.continuedExecutionRunId ?? undefined;
  } while (runId !== undefined && runId !== '');
  return histories;
}

/** What replay does not look at and what tells of the machine that recorded: names of processes, places in files. */
const LEFT_OUT = new Set(['identity', 'stackTrace']);
/** The queue that a worker's cached workflows have is named after its process. */
const PROCESS_NAME = /^\d+@/;

function clean(name: string, value: unknown): unknown {
  if (LEFT_OUT.has(name)) return undefined;
  return name === 'name' && typeof value === 'string' && PROCESS_NAME.test(value) ? 'sticky' : value;
}

/** A history as JSON for the repository. */
export function recorded(workflowId: string, history: History): RecordedHistory {
  return { workflowId, history: JSON.parse(historyToJSON(history), clean) as RecordedHistory['history'] };
}

/** Everything a history says in clear: its JSON, with every payload decoded. */
export function textOf(history: RecordedHistory): string {
  const json = JSON.stringify(history);
  const payloads = [...json.matchAll(/"data":"([A-Za-z0-9+/=]+)"/g)];
  return [json, ...payloads.map(([, data]) => Buffer.from(data ?? '', 'base64').toString('utf8'))].join('\n');
}
