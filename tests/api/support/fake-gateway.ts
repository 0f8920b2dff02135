import type { Delivery } from '../../../api/delivery';
import type { Gateway } from '../../../api/gateway';
import { UpdateRefused } from '../../../api/gateway-errors';
import { runId } from '../../../domain/ids';
import { REFUSED } from '../../../workflows/messages';
import type { CommandInput, RunAnswer } from '../../../workflows/messages';

/** What the gateway was told, in order. */
export interface Told {
  readonly update: string;
  readonly connectorId: string;
  readonly input: CommandInput & Readonly<Record<string, unknown>>;
}

/** A connector's workflow as far as the API sees it. */
interface FakeWorkflow {
  paused: boolean;
  removed: boolean;
  lastRun: number;
  readonly answered: Map<string, unknown>;
}

/**
 * Behaves as Temporal and the connector workflows do: starts a workflow with the first command, joins a repetition by its
 * request id, refuses while paused or removed. `fail` makes every call fail; `hold` lets nobody answer until it is called off.
 */
export class FakeGateway implements Gateway {
  readonly told: Told[] = [];
  readonly tasks: string[] = [];
  /** Digests of the people that were to be synced, in order. */
  readonly digests: string[] = [];
  failure: Error | null = null;
  /** What a worker does with the request of a person; null: it takes longer than a caller can wait. */
  onSync: ((requestId: string) => Promise<void>) | null = null;
  /** What a worker does with a task; null: it takes longer than a caller can wait. */
  onTask: ((requestId: string) => Promise<void>) | null = null;
  private waiting: Promise<void> | null = null;
  private readonly workflows = new Map<string, FakeWorkflow>();

  /** From now on answers are late. @returns what lets them come */
  hold(): () => void {
    let release = (): void => undefined;
    this.waiting = new Promise((resolve) => {
      release = resolve;
    });
    return () => {
      this.waiting = null;
      release();
    };
  }

  requestSync: Gateway['requestSync'] = (id, input) =>
    this.update('requestSync', id, input, (workflow) => {
      if (workflow.paused) throw new UpdateRefused(REFUSED.paused, `connector ${id} is paused; resume it first`);
      return this.nextRun(id, workflow);
    });
  applyPlan: Gateway['applyPlan'] = (id, input) =>
    this.update('applyPlan', id, input, (workflow) => this.nextRun(id, workflow));
  pause: Gateway['pause'] = (id, input) =>
    this.update('pause', id, input, (workflow) => {
      workflow.paused = true;
    });
  resume: Gateway['resume'] = (id, input) =>
    this.update('resume', id, input, (workflow) => {
      workflow.paused = false;
    });
  reconfigure: Gateway['reconfigure'] = (id, input) => this.update('reconfigure', id, input, () => undefined);
  cancelRun: Gateway['cancelRun'] = (id, input) => this.update('cancelRun', id, input, () => undefined);
  remove: Gateway['remove'] = (id, input) =>
    this.update('remove', id, input, (workflow) => {
      workflow.removed = true;
    });

  syncUser: Gateway['syncUser'] = async (id, digest, input) => {
    this.digests.push(digest);
    const answered = await this.update('syncUser', id, input, () => ({ end: 'updated' }));
    await this.onSync?.(input.requestId);
    return answered;
  };
  /** Connectors whose changes were signalled, in order. */
  readonly signalled: string[] = [];
  signalChanges(connectorId: string): Promise<void> {
    if (this.failure !== null) return Promise.reject(this.failure);
    this.signalled.push(connectorId);
    return Promise.resolve();
  }
  startSweep(): Promise<void> {
    return this.failure === null ? Promise.resolve() : Promise.reject(this.failure);
  }
  startTask(requestId: string): Promise<void> {
    if (this.failure !== null) return Promise.reject(this.failure);
    if (!this.tasks.includes(requestId)) this.tasks.push(requestId);
    return this.onTask?.(requestId) ?? Promise.resolve();
  }
  ping(): Promise<void> {
    return this.failure === null ? Promise.resolve() : Promise.reject(this.failure);
  }
  close(): void {
    this.workflows.clear();
  }

  private nextRun(id: string, workflow: FakeWorkflow): RunAnswer {
    workflow.lastRun += 1;
    return { runId: runId(id, workflow.lastRun) };
  }

  private async update<T>(
    update: string,
    connectorId: string,
    input: CommandInput,
    act: (workflow: FakeWorkflow) => T
  ): Promise<Delivery<T>> {
    if (this.failure !== null) throw this.failure;
    this.told.push({ update, connectorId, input: { ...input } });
    const answer = (): T => this.join(`${update}:${input.requestId}`, connectorId, act);
    const { waiting } = this;
    if (waiting === null) return Promise.resolve({ status: 'done', answer: answer() });
    return { status: 'later', settled: waiting.then(() => ({ answer: answer() })) };
  }

  private join<T>(updateId: string, connectorId: string, act: (workflow: FakeWorkflow) => T): T {
    const workflow = this.workflows.get(connectorId) ?? {
      paused: false,
      removed: false,
      lastRun: 0,
      answered: new Map<string, unknown>(),
    };
    this.workflows.set(connectorId, workflow);
    if (workflow.answered.has(updateId)) return workflow.answered.get(updateId) as T;
    if (workflow.removed) throw new UpdateRefused(REFUSED.removed, `connector ${connectorId} is being removed`);
    const answer = act(workflow);
    workflow.answered.set(updateId, answer);
    return answer;
  }
}
