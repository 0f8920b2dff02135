import { z } from 'zod';
import type { GroupContent } from '../../domain/nesting';
import type { TargetPage } from '../page';
import { TargetError } from '../target';
import type { JiraCall } from './answer';
import { createJiraClient, type JiraClient } from './client';
import { parseMemberships } from './membershipXml';
import { good, type Finding } from './findings';
import type { CrowdCredentials, JiraTargetOptions, JiraTargetSettings } from './settings';

/** The user server inside Jira, which speaks to applications instead of users. */
const ROOT = '/rest/usermanagement/1';
/** About two million memberships. */
const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;
const PAGE = 1_000;

/** HTTP to the user server of the same Jira: same address, trust and limiter, other credentials. */
export function createCrowdClient(
  settings: JiraTargetSettings,
  { application, password }: CrowdCredentials,
  options: JiraTargetOptions
): JiraClient {
  return createJiraClient(
    { ...settings, auth: { type: 'basic', username: application, password } },
    { ...options, largestAnswerBytes: LARGEST_ANSWER_BYTES }
  );
}

/**
 * Direct members and direct subgroups of every group, in one request: what /rest/api/2 cannot tell apart. Usernames, since
 * the keys of the user server are not those of Jira.
 * @throws TargetError 'configuration' for a caller that is not let in or more than 64 MB, 'authentication'
 */
export async function readDirectMembers(client: JiraClient, signal: AbortSignal): Promise<readonly GroupContent[]> {
  const call = callTo('read all memberships', '/group/membership', {});
  const xml = { ...call, xml: true, slow: true, headers: { accept: 'application/xml' } };
  const found = parseMemberships(await named(client.request(xml, z.string(), signal)));
  if (found === null) throw new TargetError('configuration', `${call.step}: the answer is no list of memberships`);
  return found;
}

/** Names of the groups in which an account is of its own accord, 1,000 a request; [] also for nobody (CWD-4433). */
export async function readDirectGroups(
  client: JiraClient,
  username: string,
  signal: AbortSignal
): Promise<readonly string[]> {
  const shape = z.object({ groups: z.array(z.object({ name: z.string() })) });
  const names: string[] = [];
  for (;;) {
    const query = { username, 'start-index': String(names.length), 'max-results': String(PAGE) };
    const call = callTo('read direct groups', '/user/group/direct', query);
    const page = await named(client.request(call, shape, signal));
    names.push(...page.groups.map(({ name }) => name));
    if (page.groups.length < PAGE) return names;
  }
}

/** Whether the application is let in. */
export async function checkCrowd(client: JiraClient, signal: AbortSignal): Promise<Finding> {
  const query = { 'entity-type': 'group', 'start-index': '0', 'max-results': '1' };
  const shape = z.object({ groups: z.array(z.object({ name: z.string() })) });
  await named(client.request(callTo('ask the user server', '/search', query), shape, signal));
  return good('the user server lets the application in: direct and nested members can be told apart');
}

/** Applications are no users: their answers are anonymous to the rest of Jira. */
const callTo = (step: string, path: string, query: Readonly<Record<string, string>>): JiraCall => ({
  step,
  method: 'GET',
  root: ROOT,
  path,
  query,
  open: true,
});

const REMEDY =
  'Check crowd.application and crowd.password, and that the application lists the address of this machine (Administration > User management > Jira User Server).';

/** Refusals of the user server are about the application, not about the sync account. */
async function named<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const isRefusal = error instanceof TargetError && (error.status === 401 || error.status === 403);
    if (!isRefusal) throw error;
    const message = `the user server of Jira does not let the application in (status ${String(error.status)})`;
    throw new TargetError(error.status === 401 ? 'authentication' : 'configuration', message, error.status, null, {
      remedy: REMEDY,
    });
  }
}

const listedShape = z.object({ users: z.array(z.object({ name: z.string(), key: z.string().nullish() })) });

/** In which directory each account lies, 1,000 a request: the keys of the user server begin with its number. */
export async function listDirectories(
  client: JiraClient,
  cursor: string | null,
  signal: AbortSignal
): Promise<TargetPage<{ readonly username: string; readonly directoryId: string }>> {
  const from = Number(cursor ?? '0');
  const query = {
    'entity-type': 'user',
    expand: 'user',
    'start-index': String(from),
    'max-results': String(PAGE),
  };
  const { users } = await named(
    client.request(callTo('list the directories of accounts', '/search', query), listedShape, signal)
  );
  const items = users.flatMap(({ name, key }) => {
    const [directoryId, rest] = (key ?? '').split(':');
    return directoryId === undefined || rest === undefined ? [] : [{ username: name, directoryId }];
  });
  return { items, cursor: users.length < PAGE ? null : String(from + users.length) };
}
