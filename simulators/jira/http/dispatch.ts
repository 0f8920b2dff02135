import { setTimeout as wait } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { FaultSubject } from '../../support/faults';
import { isAdministrator } from '../model/access';
import { findUser } from '../model/state';
import { message } from '../messages';
import type { Simulator } from '../simulator';
import { errors, json, Refusal, send, text, type Answer, type Headers } from './answer';
import { authenticate, type Identity } from './authenticate';
import { queryOf, type Call, type Endpoint } from './call';
import { delayOf, spoil, type Spoiled } from './faultKinds';
import { looksForged } from './xsrf';

/** The request of one endpoint from its first byte to its answer: count, faults before, rules, effect, faults after. */
export async function dispatch(
  simulator: Simulator,
  endpoint: Endpoint,
  request: Request,
  response: Response
): Promise<void> {
  const name = `${endpoint.method} ${endpoint.path}`;
  const end = simulator.calls.begin(name);
  response.once('close', () => {
    end(response.writableEnded ? response.statusCode : undefined);
  });
  const subject = subjectOf(simulator, request, name);
  const slow = simulator.faults.hit('delay', subject);
  if (slow !== undefined) await wait(delayOf(slow), undefined, { ref: false });

  const before = simulator.faults.hit('before', subject);
  if (before !== undefined) {
    await deliver(simulator, response, subject, spoil(before, simulator.locale), simulator.requestHeaders(null));
    return;
  }
  const { answer, headers } = answerOf(simulator, endpoint, request);
  const after = answer.status < 400 ? simulator.faults.hit('after', subject) : undefined;
  const result: Spoiled = after === undefined ? { kind: 'answer', answer } : spoil(after, simulator.locale);
  await deliver(simulator, response, subject, result.kind === 'hold' ? { ...result, answer } : result, headers);
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
  if (how === 'drop') response.socket?.resetAndDestroy();
  else if (result.answer !== undefined) send(response, result.answer, headers);
}

/** Everything between the faults: it runs without a pause, so that requests take effect one after the other. */
function answerOf(
  simulator: Simulator,
  endpoint: Endpoint,
  request: Request
): { readonly answer: Answer; readonly headers: Headers } {
  const identity = authenticate(simulator, request.headers, endpoint.access);
  const limit = identity.user === null ? { headers: {} } : simulator.limiter.take(identity.user.name);
  const headers = { ...simulator.requestHeaders(identity.user), ...identity.headers, ...limit.headers };
  const call: Call = {
    method: request.method,
    query: queryOf(request),
    path: request.params as Readonly<Record<string, string>>,
    rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    caller: identity.user,
    locale: identity.user?.locale ?? simulator.locale,
  };
  const refusal = identity.refusal ?? limit.refusal ?? refusalOf(endpoint, request, identity, call);
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

function refusalOf(endpoint: Endpoint, request: Request, identity: Identity, call: Call): Answer | undefined {
  if (looksForged(request.method, request.headers)) return text(403, 'XSRF check failed');
  if (endpoint.access !== 'anyone' && identity.user === null) {
    return errors(401, [message(call.locale, 'notAuthenticated')]);
  }
  if (endpoint.access === 'administrator' && (identity.user === null || !isAdministrator(identity.user))) {
    return errors(403, [message(call.locale, 'notAdministrator')]);
  }
  if (call.rawBody.length > 0 && request.is('json') === false) {
    return json(415, { message: 'Unsupported Media Type', 'status-code': 415 });
  }
  return undefined;
}

/** The path below the API's base, and everybody that the request names. */
function subjectOf(simulator: Simulator, request: Request, endpoint: string): FaultSubject {
  const query = queryOf(request);
  const params = request.params as Readonly<Record<string, string>>;
  const named = [query.get('username'), query.get('key'), query.get('userKey'), params['username'], bodyName(request)];
  const users = new Set<string>();
  for (const value of named) {
    if (typeof value !== 'string' || value === '') continue;
    users.add(value.toLowerCase());
    const user = findUser(simulator.state, value) ?? simulator.state.usersByKey.get(value);
    if (user !== undefined) users.add(user.lowerName).add(user.key.toLowerCase());
  }
  return { method: request.method, path: request.path, endpoint, users: [...users] };
}

function bodyName(request: Request): unknown {
  if (!Buffer.isBuffer(request.body) || request.path.startsWith('/user/properties')) return undefined;
  try {
    const body: unknown = JSON.parse(request.body.toString('utf8'));
    return typeof body === 'object' && body !== null && 'name' in body ? body.name : undefined;
  } catch {
    return undefined;
  }
}
