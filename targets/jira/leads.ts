import { z } from 'zod';
import type { ComponentLead, ProjectLead } from '../extras';
import type { JiraCall } from './answer';
import type { JiraClient } from './client';
import { write } from './refusals';
import { componentsShape, projectsShape } from './shapes';

/** The lead of every project that the sync account sees. Archived projects are not listed by Jira. */
export async function readProjectLeads(client: JiraClient, signal: AbortSignal): Promise<readonly ProjectLead[]> {
  const call: JiraCall = {
    step: 'read the leads of projects',
    method: 'GET',
    path: '/project',
    query: { expand: 'lead' },
  };
  const projects = await client.request(call, projectsShape, signal);
  return projects.map(({ key, lead }) => ({
    project: key,
    leadKey: lead?.key ?? null,
    leadUsername: lead?.name ?? null,
  }));
}

/** Makes an active account lead of a project. @throws TargetError 'invalid' when Jira takes nobody of that name */
export async function writeProjectLead(
  client: JiraClient,
  project: string,
  username: string,
  signal: AbortSignal
): Promise<void> {
  const path = `/project/${encodeURIComponent(project)}`;
  const step = `replace the lead of project '${project}'`;
  const call: JiraCall = { step, method: 'PUT', path, body: { lead: username } };
  await write(client, call, z.unknown(), signal);
}

/** The components of one project that have a lead. */
export async function readComponentLeads(
  client: JiraClient,
  project: string,
  signal: AbortSignal
): Promise<readonly ComponentLead[]> {
  const path = `/project/${encodeURIComponent(project)}/components`;
  const call: JiraCall = { step: `read the components of project '${project}'`, method: 'GET', path };
  const components = await client.request(call, componentsShape, signal);
  return components.flatMap(({ name, lead }) =>
    lead === undefined || lead === null ? [] : [{ component: name, leadKey: lead.key ?? null, leadUsername: lead.name }]
  );
}
