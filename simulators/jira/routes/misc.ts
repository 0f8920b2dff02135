import { json, type Answer } from '../http/answer';
import { isoTime } from '../http/time';
import type { Call, Endpoint } from '../http/call';
import { isAdministrator, isSystemAdministrator } from '../model/access';
import type { JiraUser } from '../model/state';
import type { Simulator } from '../simulator';

/** Open to everybody. Data Center calls itself "Server" here; "Cloud" is another product. */
function serverInfo(_call: Call, simulator: Simulator): Answer {
  const { version, buildNumber, buildDate } = simulator.version;
  return json(200, {
    baseUrl: simulator.baseUrl(),
    version,
    versionNumbers: version.split('.').map(Number),
    deploymentType: 'Server',
    buildNumber,
    buildDate,
    databaseBuildNumber: buildNumber,
    serverTime: isoTime(simulator.now()),
    scmInfo: '5e1f0a7c3b9d42684f7ac1d0be93572680ad41fc',
    serverTitle: 'Simulated Jira',
  });
}

/** Asked for to see whether writes are possible at all; they are. */
function readOnlyMode(): Answer {
  return json(200, { enabled: false });
}

/** The installation has no rules for passwords. */
function passwordPolicy(): Answer {
  return json(200, []);
}

interface Permission {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly holder: 'everybody' | 'administrators' | 'systemAdministrators';
}

const PERMISSIONS: readonly Permission[] = [
  {
    id: '0',
    key: 'ADMINISTER',
    name: 'Jira Administrators',
    description: 'Ability to perform most administration functions.',
    holder: 'administrators',
  },
  {
    id: '44',
    key: 'SYSTEM_ADMIN',
    name: 'Jira System Administrators',
    description: 'Ability to perform all administration functions.',
    holder: 'systemAdministrators',
  },
  {
    id: '27',
    key: 'USER_PICKER',
    name: 'Browse Users',
    description: 'Ability to select a user or group from a list.',
    holder: 'everybody',
  },
  {
    id: '33',
    key: 'BULK_CHANGE',
    name: 'Bulk Change',
    description: 'Ability to modify a collection of issues at once.',
    holder: 'everybody',
  },
];

function myPermissions(call: Call, simulator: Simulator): Answer {
  const permissions = PERMISSIONS.map((permission) => [
    permission.key,
    { ...describe(permission), havePermission: holds(simulator, call.caller, permission) },
  ]);
  return json(200, { permissions: Object.fromEntries(permissions) as unknown });
}

function allPermissions(): Answer {
  const permissions = PERMISSIONS.map((permission) => [permission.key, describe(permission)]);
  return json(200, { permissions: Object.fromEntries(permissions) as unknown });
}

function describe({ id, key, name, description }: Permission): Readonly<Record<string, string>> {
  return { id, key, name, type: 'GLOBAL', description };
}

function holds({ state }: Simulator, caller: JiraUser | null, { holder }: Permission): boolean {
  if (caller === null) return false;
  switch (holder) {
    case 'everybody':
      return true;
    case 'administrators':
      return isAdministrator(state, caller);
    case 'systemAdministrators':
      return isSystemAdministrator(state, caller);
  }
}

export const MISC_ENDPOINTS: readonly Endpoint[] = [
  { method: 'GET', path: '/serverInfo', access: 'anyone', handle: serverInfo },
  {
    method: 'GET',
    path: '/readonly-mode',
    access: 'loggedIn',
    offered: ({ version }) => version.userList,
    handle: readOnlyMode,
  },
  { method: 'GET', path: '/mypermissions', access: 'anyone', handle: myPermissions },
  { method: 'GET', path: '/permissions', access: 'administrator', handle: allPermissions },
  { method: 'GET', path: '/password/policy', access: 'loggedIn', handle: passwordPolicy },
  { method: 'POST', path: '/password/policy/createUser', access: 'administrator', handle: passwordPolicy },
];
