import { setTimeout as wait } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { Fault, FaultSubject } from '../../support/faults';
import { applyChanges } from '../control/change';
import { changeSchema } from '../control/schemas';
import { isAdministrator, isSystemAdministrator } from '../model/access';
import { message } from '../messages';
import type { Simulator } from '../simulator';
import { errors, json, Refusal, send, text, type Answer, type Headers } from './answer';
import { authenticate, type Identity } from './authenticate';
import { nameOf, queryOf, type Call, type Endpoint } from './call';
import { delayOf, spoil, type FaultKind, type Spoiled } from './faultKinds';
import { subjectOf } from './subject';
import { looksForged } from './xsrf';

/** The request of one endpoint from its first byte to its answer: count, faults before, rules, effect, faults after. */
export async function dispatch(
  simulator: Simulator,
  endpoint: Endpoint,
  request: Request,
  response: Response
): Promise<void> {
  const end = simulator.calls.begin(nameOf(endpoint));
  response.once('close', () => {
    end(response.writableEnded ? response.statusCode : undefined);
  });
  const subject = subjectOf(simulator, endpoint, request);
  const slow = simulator.faults.hitAll('delay', subject);
  if (slow.length > 0) await wait(delayOf(slow, simulator.random), undefined, { ref: false });

  changeBehindBack(simulator, simulator.faults.hitAll('meanwhile', subject));
  const before = simulator.faults.hit('before', subject);
  if (before !== undefined) {
    await deliver(simulator, response, subject, spoil(before, simulator.locale), simulator.requestHeaders(null));
    return;
  }
  const { answer, headers } = answerOf(simulator, endpoint, request);
  if (answer.status < 400) changeBehindBack(simulator, simulator.faults.hitAll('afterwards', subject));
  const after = answer.status < 400 ? simulator.faults.hit('after', subject) : undefined;
  const result: Spoiled = after === undefined ? { kind: 'answer', answer } : spoil(after, simulator.locale);
  await deliver(simulator, response, subject, result.kind === 'hold' ? { ...result, answer } : result, headers);
}

function changeBehindBack(simulator: Simulator, faults: readonly Fault<FaultKind>[]): void {
  for (const { change } of faults) {
    applyChanges(simulator.state, simulator.options, changeSchema.parse(change));
    simulator.changed();
  }
}

async function deliver(
  simulator: Simulator,
  response: Response,
  subject: FaultSubject,
  result: Spoiled & { readonly answer?: Answer },
  headers: Headers
): Promise<void> {
  let how = result.kind === 'drop' ? 'drop' : 'send';
  if (result.kind === 'hold') {
    const ticket = simulator.held.hold(subject.endpoint, subject.users);
    response.once('close', ticket.clientLeft);
    how = await ticket.released;
  }
  if (how === 'drop' || result.answer === undefined) response.socket?.resetAndDestroy();
  else send(response, result.answer, headers);
}

/** Everything between the faults: it runs without a pause, so that requests take effect one after the other. */
function answerOf(
  simulator: Simulator,
  endpoint: Endpoint,
  request: Request
): { readonly answer: Answer; readonly headers: Headers } {
  const node = simulator.cluster.nodeFor(request.headers.cookie);
  const identity = authenticate(simulator, request, endpoint.access);
  const limit = identity.user === null ? { headers: {} } : simulator.limiter.take(identity.user.name, node);
  const headers = joinHeaders([
    simulator.requestHeaders(identity.user),
    simulator.cluster.headersOf(node),
    identity.headers,
    limit.headers,
  ]);
  const call: Call = {
    method: request.method,
    query: queryOf(request),
    path: request.params as Readonly<Record<string, string>>,
    headers: request.headers,
    rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    caller: identity.user,
    locale: identity.user?.locale ?? simulator.locale,
  };
  const refusal = identity.refusal ?? limit.refusal ?? refusalOf(simulator, endpoint, request, identity, call);
  if (refusal !== undefined) return { answer: refusal, headers };
  try {
    const answer = endpoint.handle(call, simulator);
    if (endpoint.method !== 'GET') simulator.changed();
    return { answer, headers };
  } catch (error) {
    if (error instanceof Refusal) return { answer: error.answer, headers };
    throw error;
  }
}

/** Later ones win, but for cookies, which all are set. */
function joinHeaders(parts: readonly Headers[]): Headers {
  const cookies = parts.flatMap((part) => part['Set-Cookie'] ?? []);
  return Object.assign({}, ...parts, cookies.length === 0 ? {} : { 'Set-Cookie': cookies }) as Headers;
}

function refusalOf(
  simulator: Simulator,
  endpoint: Endpoint,
  request: Request,
  identity: Identity,
  call: Call
): Answer | undefined {
  if (looksForged(request.method, request.headers)) return text(403, 'XSRF check failed');
  const needsUser = endpoint.access !== 'anyone' && endpoint.access !== 'application';
  if (needsUser && identity.user === null) return errors(401, [message(call.locale, 'notAuthenticated')]);
  if (identity.user !== null && !mayCall(simulator, endpoint, identity.user)) {
    return errors(403, [message(call.locale, 'notAdministrator')]);
  }
  const isAccepted = endpoint.accepts?.test(request.headers['content-type'] ?? '') ?? false;
  if (call.rawBody.length > 0 && !isAccepted && request.is('json') === false) {
    return json(415, { message: 'Unsupported Media Type', 'status-code': 415 });
  }
  return undefined;
}

function mayCall({ state }: Simulator, { access }: Endpoint, user: NonNullable<Identity['user']>): boolean {
  if (access === 'administrator') return isAdministrator(state, user);
  return access !== 'systemAdministrator' || isSystemAdministrator(state, user);
}
