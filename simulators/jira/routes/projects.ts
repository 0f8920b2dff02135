import { json, type Answer } from '../http/answer';
import { parseObjectBody, refuse, textField, type Call, type Endpoint } from '../http/call';
import { findUser, type JiraComponent, type JiraProject, type JiraUser } from '../model/state';
import type { Simulator } from '../simulator';
import { expandOf, memberBean } from './beans';

/** A person in a project bean has fewer fields than elsewhere: no address. */
function leadBean(simulator: Simulator, user: JiraUser): Readonly<Record<string, unknown>> {
  const { self, key, name, avatarUrls, displayName, active } = memberBean(simulator, user);
  return { self, key, name, avatarUrls, displayName, active };
}

function leadOf(simulator: Simulator, key: string | null): { readonly lead?: unknown } {
  const user = key === null ? undefined : simulator.state.usersByKey.get(key);
  return user === undefined ? {} : { lead: leadBean(simulator, user) };
}

function projectBean(simulator: Simulator, project: JiraProject, withLead: boolean): Readonly<Record<string, unknown>> {
  return {
    expand: 'description,lead,url,projectKeys',
    self: `${simulator.baseUrl()}/rest/api/2/project/${project.id}`,
    id: String(project.id),
    key: project.key,
    name: project.name,
    projectTypeKey: 'software',
    ...(withLead ? leadOf(simulator, project.leadKey) : {}),
  };
}

function componentBean(
  simulator: Simulator,
  project: JiraProject,
  component: JiraComponent
): Readonly<Record<string, unknown>> {
  return {
    self: `${simulator.baseUrl()}/rest/api/2/component/${component.id}`,
    id: String(component.id),
    name: component.name,
    ...leadOf(simulator, component.leadKey),
    assigneeType: 'PROJECT_DEFAULT',
    isAssigneeTypeValid: true,
    project: project.key,
    projectId: project.id,
  };
}

/** All projects at once; who leads them only on request. There is no question for the projects of a leader. */
function listProjects(call: Call, simulator: Simulator): Answer {
  const withLead = expandOf(call.query.get('expand')).has('lead');
  return json(
    200,
    [...simulator.state.projects.values()].map((project) => projectBean(simulator, project, withLead))
  );
}

function getProject(call: Call, simulator: Simulator): Answer {
  const project = requireProject(call, simulator);
  return json(200, {
    ...projectBean(simulator, project, true),
    components: project.components.map((component) => componentBean(simulator, project, component)),
  });
}

function listComponents(call: Call, simulator: Simulator): Answer {
  const project = requireProject(call, simulator);
  return json(
    200,
    project.components.map((component) => componentBean(simulator, project, component))
  );
}

/** A new leader, by username; further fields are none of a sync's business and are not looked at. */
function putProject(call: Call, simulator: Simulator): Answer {
  const project = requireProject(call, simulator);
  const lead = textField(call, parseObjectBody(call), 'lead');
  if (lead !== undefined) {
    const user = requireLead(call, simulator, lead);
    countReplaced(simulator, user, project.leadKey);
    simulator.state.projects.set(project.key, { ...project, leadKey: user.key });
  }
  return json(200, projectBean(simulator, simulator.state.projects.get(project.key) ?? project, true));
}

function putComponent(call: Call, simulator: Simulator): Answer {
  const { project, component } = requireComponent(call, simulator);
  const lead = textField(call, parseObjectBody(call), 'leadUserName');
  if (lead === undefined) return json(200, componentBean(simulator, project, component));
  const leadKey = lead === '' ? null : requireLead(call, simulator, lead).key;
  const changed = { ...component, leadKey };
  const components = project.components.map((one) => (one === component ? changed : one));
  simulator.state.projects.set(project.key, { ...project, components });
  if (leadKey === component.leadKey) simulator.effects.countNoop();
  else simulator.effects.count('leadsReplaced', leadKey ?? undefined);
  return json(200, componentBean(simulator, project, changed));
}

function countReplaced(simulator: Simulator, user: JiraUser, formerKey: string): void {
  if (user.key === formerKey) simulator.effects.countNoop();
  else simulator.effects.count('leadsReplaced', user.key);
}

/** By key in any case or by id. */
function requireProject(call: Call, simulator: Simulator): JiraProject {
  const wanted = call.path['projectIdOrKey'] ?? '';
  const found = [...simulator.state.projects.values()].find(
    (project) => project.key === wanted.toUpperCase() || project.key === wanted || String(project.id) === wanted
  );
  if (found === undefined) throw refuse(call, 404, 'projectNotFound', wanted);
  return found;
}

function requireComponent(
  call: Call,
  simulator: Simulator
): { readonly project: JiraProject; readonly component: JiraComponent } {
  const id = call.path['id'] ?? '';
  for (const project of simulator.state.projects.values()) {
    const component = project.components.find((one) => String(one.id) === id);
    if (component !== undefined) return { project, component };
  }
  throw refuse(call, 404, 'componentNotFound', id);
}

function requireLead(call: Call, simulator: Simulator, name: string): JiraUser {
  const user = findUser(simulator.state, name);
  if (user?.active !== true) throw refuse(call, 400, 'leadInvalid', name);
  return user;
}

export const PROJECT_ENDPOINTS: readonly Endpoint[] = [
  { method: 'GET', path: '/project', access: 'loggedIn', handle: listProjects },
  { method: 'GET', path: '/project/{projectIdOrKey}', access: 'loggedIn', handle: getProject },
  { method: 'PUT', path: '/project/{projectIdOrKey}', access: 'administrator', handle: putProject },
  { method: 'GET', path: '/project/{projectIdOrKey}/components', access: 'loggedIn', handle: listComponents },
  {
    method: 'GET',
    path: '/component/{id}',
    access: 'loggedIn',
    handle: (call, simulator) => {
      const { project, component } = requireComponent(call, simulator);
      return json(200, componentBean(simulator, project, component));
    },
  },
  { method: 'PUT', path: '/component/{id}', access: 'administrator', handle: putComponent },
];
