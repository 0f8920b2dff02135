import type { ProvisioningTarget } from '../../../targets/target';
import { never, refusal, startStub, targetFor, type Received, type Scripted, type Stub } from './support';

let stub: Stub;
let target: ProvisioningTarget;

async function open(script: (request: Received) => Scripted): Promise<void> {
  stub = await startStub(script);
  target = targetFor(stub.url);
}
afterEach(async () => {
  await target.close();
  await stub.stop();
});

const REFUSED: Scripted = { status: 404, body: { errorMessages: ['gone'], errors: {} } };
const calls = () => stub.received.map((one) => `${one.method} ${one.path.replace('/rest/api/2', '')}`);

describe('properties of an account', () => {
  const FORBIDDEN_LENGTHS = [
    ['name', 'n'.repeat(256), 1],
    ['value', 'n', 'x'.repeat(32_767)],
  ] as const;

  it('are read, and are null where there is none', async () => {
    await open(({ path }) =>
      path.endsWith('/idp.id') ? { status: 200, body: { key: 'idp.id', value: { a: [1] } } } : REFUSED
    );
    expect(await target.properties?.read('JIRAUSER10100', 'idp.id', never())).toEqual({ a: [1] });
    expect(await target.properties?.read('JIRAUSER10100', 'other', never())).toBeNull();
    expect(stub.received[0]?.query).toEqual({ userKey: 'JIRAUSER10100' });
  });

  it.each([200, 201])('are set to any JSON value, whether new or not (%d)', async (status) => {
    await open(() => ({ status }));
    await target.properties?.write('K', { name: 'a b/c', value: ['x', null] }, never());
    expect(stub.received).toMatchObject([
      { method: 'PUT', path: '/rest/api/2/user/properties/a%20b%2Fc', query: { userKey: 'K' }, body: ['x', null] },
    ]);
  });

  it.each(FORBIDDEN_LENGTHS)('are not sent with a %s that Jira does not keep', async (_what, name, value) => {
    await open(() => ({ status: 200 }));
    const error = await refusal(target.properties!.write('K', { name, value }, never()));
    expect(error.kind).toBe('invalid');
    expect(stub.received).toHaveLength(0);
  });

  it('are removed, also when they are gone already', async () => {
    await open(({ path }) => (path.endsWith('/gone') ? REFUSED : { status: 204 }));
    await target.properties?.remove('K', 'there', never());
    await target.properties?.remove('K', 'gone', never());
    expect(calls()).toEqual(['DELETE /user/properties/there', 'DELETE /user/properties/gone']);
  });

  it('keep the external id, written only where it does not stand', async () => {
    let kept: unknown = null;
    await open(({ method, body }) => {
      if (method === 'PUT') kept = body;
      return method === 'PUT'
        ? { status: 201 }
        : kept === null
          ? REFUSED
          : { status: 200, body: { key: 'k', value: kept } };
    });
    expect(await target.properties?.keepExternalId('K', 'id-1', never())).toBe('written');
    expect(await target.properties?.keepExternalId('K', 'id-1', never())).toBe('unchanged');
    expect(await target.properties?.keepExternalId('K', 'id-2', never())).toBe('written');
    expect(stub.received.filter((one) => one.method === 'PUT').map((one) => one.body)).toEqual(['id-1', 'id-2']);
  });
});

describe('the picture of an account', () => {
  const image = { type: 'image/png', bytes: new TextEncoder().encode('"picture"') };
  const account = { key: 'K', username: 'fred' };

  /** Keeps what was uploaded in a session, as Jira does. */
  function jiraWithPictures() {
    let property: unknown = null;
    return ({ method, path, headers, body }: Received): Scripted => {
      if (path.endsWith('/rollcall.avatar')) {
        if (method === 'PUT') property = body;
        if (method === 'PUT') return { status: 201 };
        return property === null ? REFUSED : { status: 200, body: { key: 'rollcall.avatar', value: property } };
      }
      if (path.endsWith('/temporary')) {
        const cropping = { cropperWidth: 120, cropperOffsetX: 1, cropperOffsetY: 2, needsCropping: true };
        return { status: 201, headers: { 'set-cookie': 'JSESSIONID=abc; Path=/; HttpOnly' }, body: cropping };
      }
      if (method === 'POST') {
        return headers.cookie === 'JSESSIONID=abc' ? { status: 201, body: { id: 10_300 } } : { status: 500 };
      }
      return { status: 204 };
    };
  }

  it('is uploaded, cropped, chosen and remembered', async () => {
    await open(jiraWithPictures());
    expect(await target.avatars?.set(account, image, never())).toBe('set');
    expect(calls()).toEqual([
      'GET /user/properties/rollcall.avatar',
      'POST /user/avatar/temporary',
      'POST /user/avatar',
      'PUT /user/avatar',
      'PUT /user/properties/rollcall.avatar',
    ]);
    const [, upload, crop, choose] = stub.received;
    expect(upload).toMatchObject({ query: { username: 'fred', filename: 'avatar.png', size: '9' }, body: 'picture' });
    expect(upload?.headers['content-type']).toBe('image/png');
    expect(crop?.body).toEqual({ cropperWidth: 120, cropperOffsetX: 1, cropperOffsetY: 2, needsCropping: true });
    expect(choose?.body).toEqual({ id: '10300' });
  });

  it('is not written again while it is the same', async () => {
    await open(jiraWithPictures());
    await target.avatars?.set(account, image, never());
    const before = stub.received.length;
    expect(await target.avatars?.set(account, image, never())).toBe('unchanged');
    expect(stub.received.length - before).toBe(1);
    const other = { ...image, bytes: new TextEncoder().encode('"another"') };
    expect(await target.avatars?.set(account, other, never())).toBe('set');
  });

  it('is written whole by the next attempt after one that broke off', async () => {
    const jira = jiraWithPictures();
    let broken = true;
    await open((request) => (broken && request.method === 'PUT' ? 'cut' : jira(request)));
    expect((await refusal(target.avatars!.set(account, image, never()))).kind).toBe('ambiguous');
    broken = false;
    expect(await target.avatars?.set(account, image, never())).toBe('set');
  });

  it.each([
    ['too large', { ...image, bytes: new Uint8Array(2 * 1024 * 1024 + 1) }],
    ['no picture', { ...image, type: 'image/svg+xml' }],
  ])('is refused when it is %s', async (_name, wrong) => {
    await open(jiraWithPictures());
    expect((await refusal(target.avatars!.set(account, wrong, never()))).kind).toBe('invalid');
    expect(stub.received).toHaveLength(0);
  });
});

describe('what stands in the way of a leaver', () => {
  it('are the projects he leads, in one request', async () => {
    await open(() => ({
      status: 200,
      body: [{ key: 'ABC', lead: { key: 'K1', name: 'fred' } }, { key: 'OLD', lead: { name: 'ann' } }, { key: 'NONE' }],
    }));
    expect(await target.departures?.projectLeads(never())).toEqual([
      { project: 'ABC', leadKey: 'K1', leadUsername: 'fred' },
      { project: 'OLD', leadKey: null, leadUsername: 'ann' },
      { project: 'NONE', leadKey: null, leadUsername: null },
    ]);
    expect(stub.received[0]).toMatchObject({ path: '/rest/api/2/project', query: { expand: 'lead' } });
  });

  it('are components too', async () => {
    await open(() => ({ status: 200, body: [{ name: 'UI', lead: { key: 'K1', name: 'fred' } }, { name: 'API' }] }));
    expect(await target.departures?.componentLeads('ABC', never())).toEqual([
      { component: 'UI', leadKey: 'K1', leadUsername: 'fred' },
    ]);
    expect(calls()).toEqual(['GET /project/ABC/components']);
  });

  it('are not his sessions: they are ended, also where there are none', async () => {
    await open(({ path }) => (path.endsWith('/gone') ? REFUSED : { status: 204 }));
    await target.departures?.endSessions('a/b', never());
    await target.departures?.endSessions('gone', never());
    expect(calls()).toEqual(['DELETE /user/session/a%2Fb', 'DELETE /user/session/gone']);
  });
});

describe('licences', () => {
  const role = (changes: object) => ({
    key: 'jira-software',
    groups: ['users', 'admins'],
    name: 'Jira Software',
    defaultGroups: ['users'],
    selectedByDefault: false,
    numberOfSeats: 10,
    remainingSeats: 5,
    userCount: 5,
    hasUnlimitedSeats: false,
    ...changes,
  });

  it('say which groups take a seat and how many are left', async () => {
    await open(() => ({ status: 200, body: [role({ defaultGroups: ['users', 'newcomers'] })] }));
    expect(await target.licences?.read(never())).toEqual([
      {
        application: 'jira-software',
        name: 'Jira Software',
        groups: ['users', 'admins', 'newcomers'],
        defaultGroups: ['users', 'newcomers'],
        seats: 10,
        remaining: 5,
        used: 5,
      },
    ]);
  });

  it.each([{ numberOfSeats: -1, remainingSeats: -1 }, { hasUnlimitedSeats: true }])(
    'without a limit have no number of seats: %j',
    async (changes) => {
      await open(() => ({ status: 200, body: [role(changes)] }));
      expect(await target.licences?.read(never())).toMatchObject([{ seats: null, remaining: null, used: 5 }]);
    }
  );
});
