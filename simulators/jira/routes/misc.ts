import { json, type Answer } from '../http/answer';
import { callerOf, type Call, type Endpoint } from '../http/call';
import { isAdministrator } from '../model/access';
import type { Simulator } from '../simulator';
import { userBean } from './beans';

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
    serverTime: new Date(simulator.now()).toISOString().replace('Z', '+0000'),
    scmInfo: '5e1f0a7c3b9d42684f7ac1d0be93572680ad41fc',
    serverTitle: 'Simulated Jira',
  });
}

function myself(call: Call, simulator: Simulator): Answer {
  return json(200, userBean(simulator, callerOf(call), new Set(['groups', 'applicationRoles'])));
}

interface Permission {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly description: string;
  /** Whether being logged in is enough. */
  readonly everybody: boolean;
}

const PERMISSIONS: readonly Permission[] = [
  {
    id: '0',
    key: 'ADMINISTER',
    name: 'Jira Administrators',
    description: 'Ability to perform most administration functions.',
    everybody: false,
  },
  {
    id: '44',
    key: 'SYSTEM_ADMIN',
    name: 'Jira System Administrators',
    description: 'Ability to perform all administration functions.',
    everybody: false,
  },
  {
    id: '27',
    key: 'USER_PICKER',
    name: 'Browse Users',
    description: 'Ability to select a user or group from a list.',
    everybody: true,
  },
  {
    id: '33',
    key: 'BULK_CHANGE',
    name: 'Bulk Change',
    description: 'Ability to modify a collection of issues at once.',
    everybody: true,
  },
];

function myPermissions(call: Call): Answer {
  const loggedIn = call.caller !== null;
  const administrator = call.caller !== null && isAdministrator(call.caller);
  const permissions = PERMISSIONS.map(({ id, key, name, description, everybody }) => [
    key,
    { id, key, name, type: 'GLOBAL', description, havePermission: everybody ? loggedIn : administrator },
  ]);
  return json(200, { permissions: Object.fromEntries(permissions) as unknown });
}

export const MISC_ENDPOINTS: readonly Endpoint[] = [
  { method: 'GET', path: '/serverInfo', access: 'anyone', handle: serverInfo },
  { method: 'GET', path: '/myself', access: 'loggedIn', handle: myself },
  { method: 'GET', path: '/mypermissions', access: 'anyone', handle: myPermissions },
];
