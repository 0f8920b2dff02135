import { randomUUID } from 'node:crypto';
import type { AttributeRecord } from '../../domain/model';
import type { OperationContent } from '../../domain/operation';
import { whatIfPage } from '../../domain/what-if-result';
import type { WhatIfPerson, WhatIfResult } from '../../domain/what-if-result';
import { taskWorkflowId } from '../../domain/ids';
import type { RequestRecord } from '../../store/records';
import { FLOW_QUEUE, TASK_WORKFLOW } from '../../workflows/messages';
import type { TaskWorkflowInput } from '../../workflows/messages';
import type { System } from './system';

/** Carries out a task as the API asks for it. @returns the request with its answer */
export async function carryOutTask(
  system: System,
  kind: RequestRecord['kind'],
  input: AttributeRecord,
  flags: Omit<TaskWorkflowInput, 'requestId'> = {}
): Promise<RequestRecord> {
  const id = randomUUID();
  const createdAt = system.clock.now().toISOString();
  await system.store.requests.open({ id, kind, subject: system.connectorId, input, createdAt });
  await system.client.workflow.execute(TASK_WORKFLOW, {
    workflowId: taskWorkflowId(id),
    taskQueue: FLOW_QUEUE,
    args: [{ requestId: id, ...flags }],
  });
  const request = await system.store.requests.get(id);
  if (request === null) throw new Error(`request ${id} is not stored`);
  return request;
}

export interface FoundWhatIf {
  readonly result: WhatIfResult;
  readonly people: readonly WhatIfPerson[];
}

/** What the connector would do with these parts of its configuration changed. @throws Error why it is refused */
export async function whatIf(system: System, changes: AttributeRecord): Promise<FoundWhatIf> {
  const { source: _source, ...config } = { ...system.config, ...changes };
  const request = await carryOutTask(system, 'whatIf', { config });
  if (request.status !== 'done') throw new Error(request.error ?? 'the what-if has not ended');
  const result = request.result as unknown as WhatIfResult;
  const pages = Array.from({ length: result.pages }, (_, page) =>
    system.store.snapshots.artifact(result.runId, whatIfPage(request.id, page))
  );
  return { result, people: ((await Promise.all(pages)) as WhatIfPerson[][]).flat() };
}

/** What of an operation two plans are compared by. */
export const contentOf = ({ kind, externalId, before, after, reasons }: OperationContent): string =>
  JSON.stringify([externalId, kind, before, after, reasons]);
