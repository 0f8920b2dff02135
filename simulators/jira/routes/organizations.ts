import { empty, json, Refusal, type Answer } from '../http/answer';
import { callerOf, numberParameter, parseObjectBody, say, type Call, type Endpoint } from '../http/call';
import type { MessageKey } from '../messages';
import { isAdministrator, mayUse, type JiraApplication } from '../model/access';
import { findUser, nextId, type JiraUser, type Organization } from '../model/state';
import type { Simulator } from '../simulator';
import { memberBean } from './beans';

const ROOT = '/rest/servicedeskapi';
const LARGEST_PAGE = 50;
const LONGEST_NAME = 200;

type Handler = Endpoint['handle'];

/** Refusals of Service Management have a shape of their own. */
function refuseHere(call: Call, status: number, key: MessageKey, ...values: readonly (string | number)[]): Refusal {
  const i18nErrorMessage = { i18nErrorKey: `sd.simulated.${key}`, parameters: values.map(String) };
  return new Refusal(json(status, { errorMessage: say(call, key, ...values), i18nErrorMessage }));
}

/** All methods are experimental, and for agents or administrators only. */
function guarded(handle: Handler): Handler {
  return (call, simulator) => {
    if ((call.headers['x-experimentalapi'] ?? '') === '') {
      throw refuseHere(call, simulator.behaviour.experimentalHeaderMissing, 'experimental');
    }
    if (!mayManage(simulator, callerOf(call))) throw refuseHere(call, 403, 'organizationRightMissing');
    return handle(call, simulator);
  };
}

function mayManage({ state, behaviour, applications }: Simulator, caller: JiraUser): boolean {
  if (applications.filter(isServiceManagement).some((application) => mayUse(state, application, caller))) return true;
  return behaviour.organizationRight === 'agentOrAdministrator' && isAdministrator(state, caller);
}

function isServiceManagement({ key }: JiraApplication): boolean {
  return key === 'jira-servicedesk';
}

function page(call: Call, simulator: Simulator, path: string, all: readonly unknown[]): Answer {
  const start = numberParameter(call, 'start', 0);
  const limit = Math.min(numberParameter(call, 'limit', LARGEST_PAGE), LARGEST_PAGE);
  const values = all.slice(start, start + limit);
  const isLastPage = start + values.length >= all.length;
  const link = (from: number): string => `${simulator.baseUrl()}${ROOT}${path}?start=${from}&limit=${limit}`;
  return json(200, {
    size: values.length,
    start,
    limit,
    isLastPage,
    _links: {
      self: link(start),
      base: simulator.baseUrl(),
      context: simulator.contextPath,
      ...(isLastPage ? {} : { next: link(start + limit) }),
      ...(start === 0 ? {} : { prev: link(Math.max(0, start - limit)) }),
    },
    values,
  });
}

function organizationBean(simulator: Simulator, { id, name }: Organization): Readonly<Record<string, unknown>> {
  return { id: String(id), name, _links: { self: `${simulator.baseUrl()}${ROOT}/organization/${id}` } };
}

function customerBean(simulator: Simulator, user: JiraUser): Readonly<Record<string, unknown>> {
  const { self, avatarUrls, ...rest } = memberBean(simulator, user);
  return { ...rest, _links: { jiraRest: self, avatarUrls, self } };
}

function listOrganizations(call: Call, simulator: Simulator): Answer {
  const sorted = [...simulator.state.organizations.values()].sort((left, right) => left.id - right.id);
  return page(
    call,
    simulator,
    '/organization',
    sorted.map((organization) => organizationBean(simulator, organization))
  );
}

function postOrganization(call: Call, simulator: Simulator): Answer {
  const { state, effects, behaviour } = simulator;
  const { name } = parseObjectBody(call);
  if (typeof name !== 'string' || name.trim() === '' || name.length > LONGEST_NAME) {
    throw refuseHere(call, 400, 'organizationNameRequired');
  }
  const taken = [...state.organizations.values()].find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (taken !== undefined && behaviour.organizationNameTaken === 'conflict') {
    throw refuseHere(call, 409, 'organizationExists', name);
  }
  if (taken !== undefined && behaviour.organizationNameTaken === 'existing') {
    effects.countNoop();
    return json(201, organizationBean(simulator, taken));
  }
  const organization = { id: nextId(state.ids), name, members: new Set<string>() };
  state.organizations.set(organization.id, organization);
  effects.count('organizationsCreated');
  return json(201, organizationBean(simulator, organization));
}

function deleteOrganization(call: Call, simulator: Simulator): Answer {
  const { id, members } = requireOrganization(call, simulator);
  for (const key of members) simulator.effects.count('customersRemoved', key);
  simulator.state.organizations.delete(id);
  simulator.effects.count('organizationsDeleted');
  return empty(204);
}

function listCustomers(call: Call, simulator: Simulator): Answer {
  const { id, members } = requireOrganization(call, simulator);
  const users = [...members]
    .map((key) => simulator.state.usersByKey.get(key))
    .filter((user) => user !== undefined)
    .sort((left, right) => (left.lowerName < right.lowerName ? -1 : 1));
  return page(
    call,
    simulator,
    `/organization/${id}/user`,
    users.map((user) => customerBean(simulator, user))
  );
}

/** All of them or none; who is in it already is no mistake. */
function postCustomers(call: Call, simulator: Simulator): Answer {
  const { members } = requireOrganization(call, simulator);
  let added = 0;
  for (const { key } of namedUsers(call, simulator)) {
    if (members.has(key)) continue;
    members.add(key);
    added += 1;
    simulator.effects.count('customersAdded', key);
  }
  if (added === 0) simulator.effects.countNoop();
  return empty(204);
}

function deleteCustomers(call: Call, simulator: Simulator): Answer {
  const { members } = requireOrganization(call, simulator);
  let removed = 0;
  for (const { key } of namedUsers(call, simulator)) {
    if (!members.delete(key)) continue;
    removed += 1;
    simulator.effects.count('customersRemoved', key);
  }
  if (removed === 0) simulator.effects.countNoop();
  return empty(204);
}

function namedUsers(call: Call, simulator: Simulator): readonly JiraUser[] {
  const { usernames } = parseObjectBody(call);
  if (!Array.isArray(usernames)) throw refuseHere(call, 400, 'wrongType', 'usernames');
  return usernames.map((name: unknown) => {
    const user = typeof name === 'string' ? findUser(simulator.state, name) : undefined;
    if (user !== undefined) return user;
    throw refuseHere(call, simulator.behaviour.organizationUnknownUserStatus, 'userNotFound', String(name));
  });
}

function requireOrganization(call: Call, simulator: Simulator): Organization {
  const id = call.path['organizationId'] ?? '';
  const organization = simulator.state.organizations.get(Number(id));
  if (organization === undefined) throw refuseHere(call, 404, 'organizationNotFound', id);
  return organization;
}

function endpoint(method: Endpoint['method'], path: string, handle: Handler): Endpoint {
  return {
    api: 'serviceDesk',
    method,
    path,
    access: 'loggedIn',
    offered: ({ applications }) => applications.some(isServiceManagement),
    handle: guarded(handle),
  };
}

export const ORGANIZATION_ENDPOINTS: readonly Endpoint[] = [
  endpoint('GET', '/organization', listOrganizations),
  endpoint('POST', '/organization', postOrganization),
  endpoint('GET', '/organization/{organizationId}', (call, simulator) =>
    json(200, organizationBean(simulator, requireOrganization(call, simulator)))
  ),
  endpoint('DELETE', '/organization/{organizationId}', deleteOrganization),
  endpoint('GET', '/organization/{organizationId}/user', listCustomers),
  endpoint('POST', '/organization/{organizationId}/user', postCustomers),
  endpoint('DELETE', '/organization/{organizationId}/user', deleteCustomers),
];
