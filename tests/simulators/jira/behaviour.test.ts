import { UNSETTLED, type UnsettledBehaviour } from '../../../simulators/jira/behaviour';
import type { JiraSimulatorOptions } from '../../../simulators/jira/options';
import { ADMIN, basic, bearer, person, send, withJira, type TestJira } from './support';

/** One switch: what a client does to see it, and what it sees with each value. */
interface Case<Name extends keyof UnsettledBehaviour> {
  readonly look: (jira: TestJira) => Promise<unknown>;
  readonly seen: Readonly<Record<UnsettledBehaviour[Name], unknown>>;
  readonly options?: JiraSimulatorOptions;
}

type Cases = { readonly [Name in keyof UnsettledBehaviour]: Case<Name> };

const SERVICE_MANAGEMENT = { applications: ['jira-software', 'jira-servicedesk'] } as const;

const CASES: Cases = {
  createWithoutApplicationKeys: {
    look: async (jira) => groupsOfNew(jira, { applicationKeys: undefined }),
    seen: { defaultGroups: ['jira-software-users'], noGroups: [] },
  },
  createWithNoApplications: {
    look: async (jira) => groupsOfNew(jira, { applicationKeys: [] }),
    seen: { noGroups: [], defaultGroups: ['jira-software-users'] },
  },
  createAnswer: {
    look: async (jira) => 'active' in ((await jira.post('/user', person('fred'))).body as object),
    seen: { short: false, full: true },
  },
  activeOnCreate: {
    look: async (jira) => {
      await jira.post('/user', { ...person('fred'), active: false });
      return fieldOf(jira, 'fred', 'active');
    },
    seen: { ignored: true, honoured: false },
  },
  keyOfRecreatedUser: {
    look: async (jira) => {
      await jira.del('/user?username=member');
      await jira.post('/user', person('member'));
      return (await fieldOf(jira, 'member', 'key')) === 'JIRAUSER10100';
    },
    seen: { old: true, new: false },
  },
  recreateAnswer: {
    look: async (jira) => {
      await jira.del('/user?username=member');
      return (await jira.post('/user', person('member'))).status;
    },
    seen: { created: 201, serverError: 500 },
  },
  errorFieldNames: {
    look: async (jira) => {
      const { body } = await jira.put('/user?username=member', { emailAddress: 'x', displayName: ' ' });
      return Object.keys((body as { errors: object }).errors);
    },
    seen: { request: ['emailAddress', 'displayName'], form: ['email', 'fullname'] },
  },
  passwordInPut: {
    options: { version: '10.0' },
    look: async (jira) => {
      await jira.put('/user?username=member', { displayName: 'M', password: 'new' });
      return (await jira.get('/myself', { headers: basic('member', 'new') })).status;
    },
    seen: { ignored: 401, applied: 200 },
  },
  deleteMissingGroupStatus: {
    look: async (jira) => (await jira.del('/group?groupname=none')).status,
    seen: { 404: 404, 400: 400 },
  },
  groupExistsPlace: {
    look: async (jira) => (await jira.post('/group', { name: 'JIRA-administrators' })).body,
    seen: {
      errorMessages: { errorMessages: ['A group or user with this name already exists.'], errors: {} },
      name: { errorMessages: [], errors: { name: 'A group or user with this name already exists.' } },
    },
  },
  deprecatedGroupOn10: {
    options: { version: '10.3' },
    look: async (jira) => (await jira.get('/group?groupname=jira-administrators')).status,
    seen: { absent: 404, present: 200 },
  },
  addMemberOfSubgroup: {
    look: async (jira) => {
      await jira.control.change({
        groups: [{ name: 'outer', children: ['inner'] }],
        users: [{ name: 'member', addGroups: ['inner'] }],
      });
      return (await jira.post('/group/user?groupname=outer', { name: 'member' })).status;
    },
    seen: { added: 201, refused: 400 },
  },
  joinOverSeats: {
    options: { seats: 1 },
    look: async (jira) => {
      await jira.control.change({ users: [{ name: 'fred' }] });
      return (await jira.post('/group/user?groupname=jira-software-users', { name: 'fred' })).status;
    },
    seen: { allowed: 201, refused: 400 },
  },
  createOverSeats: {
    options: { seats: 1 },
    look: async (jira) => (await jira.post('/user', { ...person('fred'), applicationKeys: ['jira-software'] })).status,
    seen: { withoutAccess: 201, refused: 400 },
  },
  badTokenOnOpenEndpoint: {
    look: async (jira) => (await jira.get('/serverInfo', { headers: bearer('no-token') })).status,
    seen: { anonymous: 200, refused: 401 },
  },
  captchaStatus: {
    options: { captchaAfter: 1 },
    look: async (jira) => {
      await jira.get('/myself', { headers: basic('member', 'wrong') });
      return (await jira.get('/myself', { headers: basic('member', 'member') })).status;
    },
    seen: { 403: 403, 401: 401 },
  },
  avatarSelectedOnConfirm: {
    look: async (jira) => {
      const headers = { ...ADMIN, 'Content-Type': 'image/png', 'X-Atlassian-Token': 'no-check' };
      await jira.post('/user/avatar/temporary?username=member', Buffer.from('png'), { headers });
      const { body } = await jira.post('/user/avatar?username=member', {});
      return (body as { isSelected: boolean }).isSelected;
    },
    seen: { no: false, yes: true },
  },
  deactivateProjectLead: {
    look: deactivateLead,
    seen: { refused: 400, allowed: 200 },
  },
  leadRefusalStatus: {
    look: deactivateLead,
    seen: { 400: 400, 403: 403, 409: 409 },
  },
  deactivateSelf: {
    look: async (jira) => (await jira.put('/user?username=admin', { active: false })).status,
    seen: { refused: 400, allowed: 200 },
  },
  changeSystemAdministrator: {
    look: async (jira) => {
      await jira.control.change({ users: [{ name: 'plain', password: 'p', groups: ['jira-plain-administrators'] }] });
      const headers = basic('plain', 'p');
      return (await jira.put('/user?username=admin', { displayName: 'A' }, { headers })).status;
    },
    seen: { refused: 403, allowed: 200 },
  },
  readOnlyStatus: {
    options: { directories: 'ldap-first' },
    look: async (jira) => {
      await jira.control.change({ users: [{ name: 'lee', directory: 'ldap' }] });
      return (await jira.put('/user?username=lee', { active: false })).status;
    },
    seen: { 403: 403, 400: 400 },
  },
  firstPatchWithUserList: {
    options: { version: '10.3.12' },
    look: async (jira) => (await jira.get('/user/list')).status,
    seen: { 24: 404, 12: 200, 1: 200 },
  },
  userListOn105: {
    options: { version: '10.5' },
    look: async (jira) => (await jira.get('/user/list')).status,
    seen: { absent: 404, present: 200 },
  },
  experimentalHeaderMissing: {
    options: SERVICE_MANAGEMENT,
    look: async (jira) => (await send(`${jira.url}/rest/servicedeskapi/organization`, 'GET')).status,
    seen: { 412: 412, 403: 403 },
  },
  organizationRight: {
    options: SERVICE_MANAGEMENT,
    look: async (jira) => {
      await jira.control.change({ users: [{ name: 'admin', removeGroups: ['jira-servicedesk-users'] }] });
      return (await organizations(jira, 'GET', '')).status;
    },
    seen: { agentOrAdministrator: 200, agent: 403 },
  },
  organizationNameTaken: {
    options: SERVICE_MANAGEMENT,
    look: async (jira) => {
      await organizations(jira, 'POST', '', { name: 'Acme' });
      const { status } = await organizations(jira, 'POST', '', { name: 'acme' });
      return [status, (await jira.control.stats()).organizationsCreated];
    },
    seen: { existing: [201, 1], conflict: [409, 1], second: [201, 2] },
  },
  organizationUnknownUserStatus: {
    options: SERVICE_MANAGEMENT,
    look: async (jira) => {
      const { body } = await organizations(jira, 'POST', '', { name: 'Acme' });
      const path = `/${(body as { id: string }).id}/user`;
      return (await organizations(jira, 'POST', path, { usernames: ['nobody'] })).status;
    },
    seen: { 400: 400, 404: 404 },
  },
  crowdGroupsOfMissingUser: {
    look: async (jira) => (await crowd(jira, 'GET', '/user/group/direct?username=nobody')).status,
    seen: { notFound: 404, empty: 200 },
  },
  crowdRenameTakenStatus: {
    look: async (jira) => {
      const { status, body } = await crowd(jira, 'POST', '/user/rename?username=member', { 'new-name': 'admin' });
      return [status, (body as { reason: string }).reason];
    },
    seen: { 400: [400, 'INVALID_USER'], 500: [500, 'OPERATION_FAILED'] },
  },
};

describe('behaviour that no recording settles', () => {
  const rows = Object.entries(CASES).flatMap(([name, { look, seen, options }]: [string, Case<never>]) =>
    UNSETTLED[name as keyof UnsettledBehaviour].map((value) => ({
      name,
      value,
      look,
      options,
      expected: seen[value as never],
    }))
  );

  it.each(rows)('$name: $value', async ({ name, value, look, options, expected }) => {
    await withJira({ ...options, behaviour: { [name]: value } }, async (jira) => {
      expect(await look(jira)).toEqual(expected);
    });
  });

  it('is what the documentation says unless it is chosen', async () => {
    await withJira({}, async (jira) => {
      expect(await CASES.createWithoutApplicationKeys.look(jira)).toEqual(['jira-software-users']);
      expect(await CASES.deactivateProjectLead.look(jira)).toBe(400);
    });
  });
});

async function groupsOfNew(jira: TestJira, more: Readonly<Record<string, unknown>>): Promise<unknown> {
  await jira.post('/user', { ...person('fred'), ...more });
  return fieldOf(jira, 'fred', 'groups');
}

async function fieldOf(jira: TestJira, name: string, field: 'active' | 'key' | 'groups'): Promise<unknown> {
  return (await jira.control.users()).find((user) => user.name === name)?.[field];
}

async function deactivateLead(jira: TestJira): Promise<unknown> {
  await jira.control.change({ projects: [{ key: 'ABC', lead: 'member' }] });
  return (await jira.put('/user?username=member', { active: false })).status;
}

function organizations(jira: TestJira, method: string, path: string, body?: unknown) {
  const headers = { ...ADMIN, 'X-ExperimentalApi': 'true' };
  return send(`${jira.url}/rest/servicedeskapi/organization${path}`, method, { body, headers });
}

function crowd(jira: TestJira, method: string, path: string, body?: unknown) {
  const headers = { ...basic('rollcall', 'rollcall-secret'), Accept: 'application/json' };
  return send(`${jira.url}/rest/usermanagement/1${path}`, method, { body, headers });
}
