import { canonicalJson } from '../domain/canonical-json';
import type { AttributeRecord } from '../domain/model';
import type { RequestRecord } from '../store/records';
import type { Delivery } from './delivery';
import type { ApiDependencies } from './dependencies';
import { UpdateRefused } from './gateway-errors';
import { problemOfRefusal, toProblem } from './http/errors';
import { PROBLEMS, Problem } from './http/problem';
import type { ProblemKind } from './http/problem';
import type { Principal } from './http/route';

/** A request as made: the same id may come again, but only for the same thing. */
export interface RequestOrder {
  readonly requestId: string;
  readonly kind: RequestRecord['kind'];
  /** What it is about: an id of a connector, target or run. */
  readonly subject: string;
  /** Plain data without secrets; part of what makes two requests the same. */
  readonly input: AttributeRecord;
  /** How long the request is kept, milliseconds. @default for good */
  readonly keptForMs?: number;
}

export interface CommandOrder<Answer> extends RequestOrder {
  readonly principal: Principal;
  /** Name of the audit event; null for what is no decision of anybody (a log-in). */
  readonly action: string | null;
  /** What the audit event tells beside the request. @default the input */
  readonly told?: AttributeRecord;
  /** Whether it may be asked for at all; not repeated for a request that is done. @throws Problem */
  readonly check: () => Promise<void>;
  /** What has to be stored before the workflow is told; repeatable. `openedAt`: ISO time of the first attempt. */
  readonly prepare?: (openedAt: string) => Promise<void>;
  readonly send: () => Promise<Delivery<Answer>>;
  /** True: the worker writes the answer into the request itself, with its result. @default false */
  readonly answeredByWorker?: true;
  readonly runIdOf: (answer: Answer) => string | null;
}

export interface Accepted {
  readonly requestId: string;
  readonly runId: string | null;
}

/**
 * Stores a request, or finds the earlier one of the same id.
 * @throws Problem key-reused when that one was for something else
 */
export async function openRequest(deps: ApiDependencies, order: RequestOrder): Promise<RequestRecord> {
  const { requestId: id, kind, subject, input } = order;
  const now = deps.clock();
  const kept =
    order.keptForMs === undefined ? {} : { keptUntil: new Date(now.getTime() + order.keptForMs).toISOString() };
  const record = await deps.store.requests.open({ id, kind, subject, input, createdAt: now.toISOString(), ...kept });
  const isSame =
    record.kind === kind && record.subject === subject && canonicalJson(record.input) === canonicalJson(input);
  if (isSame) return record;
  throw new Problem('key-reused', 'This Idempotency-Key belongs to an earlier request that asked for something else.');
}

/**
 * Appends an audit event. Details hold ids, hashes and versions, never secrets. Commands are audited before their effect, saved
 * configurations after the write (the version itself names who saved it).
 */
export async function audit(
  deps: ApiDependencies,
  principal: Principal,
  event: { readonly action: string; readonly subject: string; readonly details: AttributeRecord }
): Promise<void> {
  await deps.store.audit.append({ at: deps.clock().toISOString(), by: principal.name, ...event });
}

/**
 * Carries a command to a connector's workflow once, however often it is asked for with the same id (durability 5.2):
 * the request is stored, audited, sent, and finished with the answer. An answer that takes longer than a caller can wait
 * is noted when it comes. A crash in between leaves the request `waiting`; asking again with the same id goes on.
 * @throws Problem for a refusal (also for a repetition of a refused request), busy, unavailable, key-reused
 */
export async function runCommand<Answer>(deps: ApiDependencies, order: CommandOrder<Answer>): Promise<Accepted> {
  const earlier = await deps.store.requests.get(order.requestId);
  if (earlier === null) await order.check();
  const request = await openRequest(deps, order);
  if (request.status === 'done') return { requestId: request.id, runId: request.runId };
  if (request.status === 'failed') throw storedRefusal(request);
  // Before the effect: there must be no effect without its event. The request tells how it ended.
  if (order.action !== null) {
    await audit(deps, order.principal, {
      action: order.action,
      subject: order.subject,
      details: { ...(order.told ?? order.input), requestId: order.requestId },
    });
  }
  await order.prepare?.(request.createdAt);
  const delivery = await order.send().catch(async (error: unknown) => {
    if (error instanceof UpdateRefused) await finishRefused(deps, order.requestId, error);
    throw error;
  });
  if (delivery.status === 'done') {
    return { requestId: order.requestId, runId: await finish(deps, order, delivery.answer) };
  }
  void followUp(deps, order, delivery.settled);
  return { requestId: order.requestId, runId: null };
}

async function finish<Answer>(
  deps: ApiDependencies,
  order: CommandOrder<Answer>,
  answer: Answer
): Promise<string | null> {
  const runId = order.runIdOf(answer);
  if (order.answeredByWorker === true) return runId;
  const finishedAt = deps.clock().toISOString();
  await deps.store.requests.finish(order.requestId, { status: 'done', runId, result: null, error: null, finishedAt });
  return runId;
}

async function finishRefused(deps: ApiDependencies, requestId: string, error: unknown): Promise<void> {
  const problem = toProblem(error);
  await deps.store.requests.finish(requestId, {
    status: 'failed',
    runId: null,
    result: { problem: problem.kind },
    error: problem.detail,
    finishedAt: deps.clock().toISOString(),
  });
}

async function followUp<Answer>(
  deps: ApiDependencies,
  order: CommandOrder<Answer>,
  settled: Promise<{ readonly answer: Answer } | null>
): Promise<void> {
  const { requestId, kind } = order;
  try {
    const outcome = await settled.catch((error: unknown) => finishRefused(deps, requestId, error).then(() => null));
    if (outcome !== null) await finish(deps, order, outcome.answer);
  } catch (error) {
    deps.log.warn({ err: error, requestId, kind }, 'leave request open: its answer could not be stored');
  }
}

/** The refusal with which a request ended. */
export function storedRefusal(request: RequestRecord): Problem {
  const kind = request.result?.problem;
  const known = typeof kind === 'string' && kind in PROBLEMS ? (kind as ProblemKind) : 'refused';
  const detail = request.error ?? 'The request failed.';
  return PROBLEMS[known].status < 500 ? new Problem(known, detail) : problemOfRefusal(new UpdateRefused('', detail));
}
