import { graphError, json, type Answer } from './answer';
import { graphCall, subjectOf, type GraphCall } from './call';
import { delta } from './delta';
import { faultAnswer } from './faultKinds';
import { countGroups, getByIds, getGroup, listGroups, listMembers } from './groups';
import { badRequest, notFound } from './lists';
import type { Simulator } from './simulator';
import { costOf } from './throttle';
import { countUsers, getUser, listGroupsOfUser, listUsers } from './users';

type Handler = (simulator: Simulator, call: GraphCall) => Answer;

const HANDLERS: Readonly<Record<string, Handler>> = {
  'GET /users': listUsers,
  'GET /users/$count': countUsers,
  'GET /users/delta': delta,
  'GET /users/{id}': getUser,
  'GET /users/{id}/memberOf': listGroupsOfUser,
  'GET /users/{id}/transitiveMemberOf': listGroupsOfUser,
  'GET /groups': listGroups,
  'GET /groups/$count': countGroups,
  'GET /groups/delta': delta,
  'GET /groups/{id}': getGroup,
  'GET /groups/{id}/members': listMembers,
  'GET /groups/{id}/transitiveMembers': listMembers,
  'POST /directoryObjects/getByIds': getByIds,
  'POST /$batch': batch,
};

const MOST_IN_BATCH = 20;

/** What Graph answers to a call of somebody who may call: charged, then carried out. */
export function answerTo(simulator: Simulator, call: GraphCall): Answer {
  const handle = HANDLERS[call.endpoint];
  if (handle === undefined) return notFound();
  if (call.endpoint === 'POST /$batch') return handle(simulator, call);
  const { retryAfter, headers } = simulator.throttle.charge(costOf(call));
  if (retryAfter !== null) return graphError(429, 'TooManyRequests', headers);
  const answer = handle(simulator, call);
  return { ...answer, headers: { ...headers, ...answer.headers } };
}

interface SubRequest {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers come in any order, and each request is throttled for itself. */
function batch(simulator: Simulator, call: GraphCall): Answer {
  const { requests } = (call.body ?? {}) as { readonly requests?: readonly SubRequest[] };
  if (!Array.isArray(requests) || requests.length === 0 || requests.length > MOST_IN_BATCH) return badRequest();
  const asked = requests as readonly SubRequest[];
  if (new Set(asked.map(({ id }) => id)).size < asked.length) return badRequest();
  const responses = asked.map((request) => ({ at: simulator.random(), ...subAnswer(simulator, call, request) }));
  responses.sort((a, b) => a.at - b.at);
  return json({ responses: responses.map(({ at: _at, ...response }) => response) });
}

function subAnswer(simulator: Simulator, { base }: GraphCall, { id, method, url, headers = {} }: SubRequest) {
  const consistency = Object.entries(headers).find(([name]) => name.toLowerCase() === 'consistencylevel')?.[1];
  const call = graphCall({ method, url, isEventual: consistency === 'eventual', body: undefined, base });
  const answer = call === null ? notFound() : spoiled(simulator, call);
  return { id, status: answer.status, headers: answer.headers, body: answer.body };
}

/** Within a batch nothing can be cut or dropped: only refusals are possible. */
function spoiled(simulator: Simulator, call: GraphCall): Answer {
  simulator.calls.begin(`batched ${call.endpoint}`)(undefined);
  const fault = simulator.faults.hit('before', subjectOf(call));
  return (fault === undefined ? null : faultAnswer(fault)) ?? answerTo(simulator, call);
}
