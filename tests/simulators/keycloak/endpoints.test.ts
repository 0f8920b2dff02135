import { startKeycloakSimulator, type RunningKeycloakSimulator } from '../../../simulators/keycloak/start';
import { createKeycloakControl } from '../../../simulators/keycloak/controlClient';
import { readKeycloakOptions } from '../../../simulators/keycloak/commandLine';
import { UsageError } from '../../../simulators/support/cli';

let keycloak: RunningKeycloakSimulator;
let token: string;

beforeEach(async () => {
  keycloak = await startKeycloakSimulator({ users: 205, groups: 20, contextPath: '/auth' });
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: 'rollcall',
    client_secret: 'sim-secret',
  });
  const answer = await fetch(`${keycloak.url}/realms/corp/protocol/openid-connect/token`, {
    method: 'POST',
    body: form,
  });
  token = ((await answer.json()) as { access_token: string }).access_token;
});
afterEach(async () => {
  await keycloak.stop();
});

const get = async (path: string, bearer = token): Promise<{ status: number; body: unknown }> => {
  const answer = await fetch(`${keycloak.url}/admin/realms/corp${path}`, {
    headers: { authorization: `Bearer ${bearer}` },
  });
  return { status: answer.status, body: await answer.json() };
};
const lengthOf = async (path: string): Promise<number> => ((await get(path)).body as readonly unknown[]).length;

describe('the simulated Keycloak', () => {
  it('pages as Keycloak does: 100 users, all top-level groups, 10 children, -1 for all', async () => {
    const sim = createKeycloakControl(keycloak.controlUrl);
    await sim.change({ groups: Array.from({ length: 12 }, (_, n) => ({ path: `/parent/child-${n}` })) });
    const tops = (await get('/groups')).body as readonly { id: string; name: string; subGroups: unknown[] }[];
    const parent = tops.find(({ name }) => name === 'parent');
    expect(await lengthOf('/users')).toBe(100);
    expect(await lengthOf('/users?max=-1')).toBe(205);
    expect(await lengthOf('/users?max=0')).toBe(0);
    expect(await lengthOf('/users?first=200&max=50')).toBe(5);
    expect(tops).toHaveLength(16);
    expect(parent).toMatchObject({ subGroupCount: 12, subGroups: [] });
    expect(await lengthOf(`/groups/${parent!.id}/children`)).toBe(10);
    expect((await get('/users/count')).body).toBe(205);
    expect((await get('/groups/count')).body).toEqual({ count: 33 });
  });

  it('has attributes in full users and not in brief ones; groups the other way round by default', async () => {
    const [[full], [brief]] = [
      (await get('/users?max=1')).body,
      (await get('/users?max=1&briefRepresentation=true')).body,
    ] as [[object], [object]];
    expect(full).toHaveProperty('attributes');
    expect(brief).not.toHaveProperty('attributes');
    const [[group], [fullGroup]] = [
      (await get('/groups')).body,
      (await get('/groups?briefRepresentation=false')).body,
    ] as [[object], [object]];
    expect(group).not.toHaveProperty('attributes');
    expect(fullGroup).toHaveProperty('attributes');
  });

  it('finds people by a part of a name, or by the whole with exact, clients only when asked for by name', async () => {
    const sim = createKeycloakControl(keycloak.controlUrl);
    await sim.change({ users: ['zoe', 'zoey'].map((username) => ({ username, email: `${username}@example.com` })) });
    expect(await lengthOf('/users?username=ZOE')).toBe(2);
    expect(await lengthOf('/users?username=ZOE&exact=true')).toBe(1);
    expect(await lengthOf('/users?email=zoe@EXAMPLE.com&exact=true')).toBe(1);
    expect(await lengthOf('/users?email=zoe&exact=true')).toBe(0);
    expect(await lengthOf('/users?username=service-account-rollcall&exact=true')).toBe(1);
    expect(await lengthOf('/users?username=&exact=true&max=-1')).toBe(208);
    expect(await lengthOf('/users?max=-1')).toBe(207);
  });

  it('lists the direct groups of a user, all of them unless a page is asked for', async () => {
    const sim = createKeycloakControl(keycloak.controlUrl);
    const groups = ['/a', '/a/b', ...Array.from({ length: 103 }, (_, n) => `/top-${n}`)];
    await sim.change({ users: [{ username: 'zoe', groups }] });
    const [{ id }] = (await get('/users?username=zoe')).body as [{ id: string }];
    expect(await lengthOf(`/users/${id}/groups`)).toBe(105);
    expect(await lengthOf(`/users/${id}/groups?first=100&max=50`)).toBe(5);
    const [brief] = (await get(`/users/${id}/groups?max=1`)).body as [object];
    const [full] = (await get(`/users/${id}/groups?max=1&briefRepresentation=false`)).body as [object];
    expect([brief, full].map((group) => 'attributes' in group)).toEqual([false, true]);
    expect(await get('/users/x/groups')).toEqual({ status: 404, body: { error: 'User not found' } });
    await sim.change({ roles: ['query-users'] });
    expect(await get(`/users/${id}/groups`)).toEqual({ status: 403, body: { error: 'HTTP 403 Forbidden' } });
  });

  it('refuses as Keycloak does', async () => {
    expect(await get('/users', 'bad')).toEqual({ status: 401, body: { error: 'HTTP 401 Unauthorized' } });
    expect(await get('/users/x')).toEqual({ status: 404, body: { error: 'User not found' } });
    expect(await get('/groups/x/members')).toEqual({ status: 404, body: { error: 'Could not find group by id' } });
    await createKeycloakControl(keycloak.controlUrl).change({ roles: [] });
    expect(await get('/users')).toEqual({ status: 403, body: { error: 'HTTP 403 Forbidden' } });
  });

  it('refuses control requests that it does not know', async () => {
    const sim = createKeycloakControl(keycloak.controlUrl);
    await expect(sim.change({ users: [{ username: 'nobody', delete: true }] })).rejects.toThrow("no user 'nobody'");
    const odd = await fetch(`${keycloak.controlUrl}/_sim/faults`, { method: 'POST', body: '{"kind":"flood"}' });
    expect(odd.status).toBe(400);
  });

  it('reads its command line and refuses what it does not know', () => {
    expect(readKeycloakOptions(['--users', '5', '--token-seconds', '60'])).toEqual({
      users: 5,
      tokenLifetimeSeconds: 60,
    });
    expect(() => readKeycloakOptions(['--userz', '5'])).toThrow(UsageError);
  });
});
