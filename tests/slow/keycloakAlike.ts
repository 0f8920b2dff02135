import { createKeycloakControl } from '../../simulators/keycloak/controlClient';
import type { Role } from '../../simulators/keycloak/options';
import { startKeycloakSimulator } from '../../simulators/keycloak/start';
import type { RunningKeycloak } from '../../bench/support/keycloak';

/** What can be compared of an answer: ids and times differ between two servers. */
export interface Compared {
  readonly path: string;
  readonly status: number;
  /** The whole body of a refusal, how many a list has, or which keys a record has. */
  readonly body: unknown;
}

const CLIENT = 'rollcall';
const SECRET = 'sim-secret';
const CHILDREN = 12;
const USERS = 105;
const TOPS = 103;
const ABSENT = '00000000-0000-4000-8000-000000000000';

const usernames = Array.from({ length: USERS }, (_, n) => `user-${String(n).padStart(3, '0')}`);
const children = Array.from({ length: CHILDREN }, (_, n) => `child-${String(n).padStart(2, '0')}`);
/** More than the pages of Keycloak's lists hold by default, all with the first user in them. */
const tops = Array.from({ length: TOPS }, (_, n) => `top-${String(n).padStart(3, '0')}`);
const groupsOf = (username: string): string[] =>
  username === usernames[0] ? ['/parent', '/parent/child-00', ...tops.map((name) => `/${name}`)] : ['/parent'];
const emailOf = (username: string): string => `${username}@example.com`;
/** Ways to ask for one person. */
const FINDING = [
  'username=user-000&exact=true',
  'username=USER-000&exact=true',
  'username=user-00&exact=true',
  'username=user-00&exact=false',
  'username=ser-00',
  'username=USER-00&max=3',
  'email=user-000@EXAMPLE.com&exact=true&briefRepresentation=false',
  'email=user-000@&exact=true',
  'email=user-000@',
  `username=service-account-${CLIENT}&exact=true&briefRepresentation=false`,
  'username=service-account-&briefRepresentation=true',
  'username=&exact=true',
  'username=%20user-000%20&exact=true',
];
/** Keys that Keycloak sends and nobody reads. */
const UNREAD = [
  'access',
  'realmRoles',
  'clientRoles',
  'totp',
  'disableableCredentialTypes',
  'requiredActions',
  'notBefore',
];

/** Asks a real realm and a simulated one with the same people and groups the same questions. */
export async function compareWithSimulator(
  keycloak: RunningKeycloak,
  roles: readonly Role[]
): Promise<{ readonly real: readonly Compared[]; readonly simulated: readonly Compared[] }> {
  const realm = `alike-${roles.join('-') || 'none'}`;
  await keycloak.admin('POST', '', representation(realm, roles));
  const [parent] = (await keycloak.admin('GET', `/${realm}/groups?search=parent`)) as [{ id: string }];
  const [user] = (await keycloak.admin('GET', `/${realm}/users?max=1`)) as [{ id: string }];
  const real = await askAll(keycloak.baseUrl, realm, { group: parent.id, user: user.id });

  const simulator = await startKeycloakSimulator({ realm, roles });
  try {
    const control = createKeycloakControl(simulator.controlUrl);
    await control.change({
      groups: [...children.map((name) => `/parent/${name}`), ...tops.map((name) => `/${name}`)].map((path) => ({
        path,
      })),
      users: usernames.map((username) => ({
        ...{ username, email: emailOf(username), groups: groupsOf(username) },
        attributes: { department: ['IT'] },
      })),
    });
    const state = (await (await fetch(`${simulator.controlUrl}/_sim/state`)).json()) as {
      readonly users: readonly { readonly id: string; readonly username: string }[];
      readonly groups: readonly { readonly id: string; readonly path: string }[];
    };
    const ids = {
      group: state.groups.find(({ path }) => path === '/parent')!.id,
      user: state.users.find(({ username }) => username === usernames[0])!.id,
    };
    return { real, simulated: await askAll(simulator.url, realm, ids) };
  } finally {
    await simulator.stop();
  }
}

function representation(realm: string, roles: readonly Role[]): unknown {
  return {
    realm,
    enabled: true,
    sslRequired: 'none',
    clients: [{ clientId: CLIENT, secret: SECRET, enabled: true, publicClient: false, serviceAccountsEnabled: true }],
    components: {
      'org.keycloak.userprofile.UserProfileProvider': [
        {
          providerId: 'declarative-user-profile',
          config: {
            'kc.user.profile.config': [
              JSON.stringify({
                attributes: [{ name: 'username' }, { name: 'email' }],
                unmanagedAttributePolicy: 'ADMIN_EDIT',
              }),
            ],
          },
        },
      ],
    },
    groups: [
      { name: 'parent', path: '/parent', subGroups: children.map((name) => ({ name, path: `/parent/${name}` })) },
      ...tops.map((name) => ({ name, path: `/${name}` })),
    ],
    users: [
      {
        username: `service-account-${CLIENT}`,
        enabled: true,
        serviceAccountClientId: CLIENT,
        clientRoles: { 'realm-management': roles },
      },
      ...usernames.map((username) => ({
        username,
        enabled: true,
        email: emailOf(username),
        groups: groupsOf(username),
        attributes: { department: ['IT'] },
      })),
    ],
  };
}

async function askAll(
  baseUrl: string,
  realm: string,
  ids: { readonly group: string; readonly user: string }
): Promise<readonly Compared[]> {
  const token = await tokenOf(baseUrl, realm);
  const paths = [
    ...['/users', '/users?max=-1', '/users?max=0', '/users?first=100&max=50', '/users?max=1&briefRepresentation=true'],
    ...[
      '/users/count',
      `/users/USER`,
      `/users/${ABSENT}`,
      '/groups',
      '/groups?first=0&max=1&briefRepresentation=false',
    ],
    ...[
      '/groups/count',
      '/groups/GROUP',
      `/groups/${ABSENT}`,
      '/groups/GROUP/children',
      '/groups/GROUP/children?first=8&max=50',
    ],
    ...['/groups/GROUP/members', '/groups/GROUP/members?first=100&max=50&briefRepresentation=true'],
    ...[`/groups/${ABSENT}/members`, `/groups/${ABSENT}/children`],
    ...FINDING.map((query) => `/users?${query}`),
    ...['', '?first=100&max=50', '?max=1&briefRepresentation=false', '?max=-1'].map(
      (page) => `/users/USER/groups${page}`
    ),
    `/users/${ABSENT}/groups`,
  ];
  const compared: Compared[] = [];
  for (const path of paths) {
    const url = `${baseUrl}/admin/realms/${realm}${path.replace('USER', ids.user).replace('GROUP', ids.group)}`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    compared.push({ path, status: answer.status, body: comparable(answer.ok, await answer.json()) });
  }
  const refused = await fetch(`${baseUrl}/admin/realms/${realm}/users`, { headers: { authorization: 'Bearer no' } });
  compared.push({ path: 'a bad token', status: refused.status, body: await refused.json() });
  return compared;
}

async function tokenOf(baseUrl: string, realm: string): Promise<string> {
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: CLIENT, client_secret: SECRET });
  const answer = await fetch(`${baseUrl}/realms/${realm}/protocol/openid-connect/token`, {
    method: 'POST',
    body: form,
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

function comparable(ok: boolean, body: unknown): unknown {
  if (!ok || typeof body !== 'object' || body === null) return body;
  if (Array.isArray(body)) return { length: body.length, first: body.length === 0 ? null : comparable(ok, body[0]) };
  const keys = Object.keys(body).filter((key) => !UNREAD.includes(key));
  return keys.length === 1 && keys[0] === 'count' ? body : keys.sort();
}
