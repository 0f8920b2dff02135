import type { ProvisioningTarget } from '../../../targets/target';
import { all, bean, never, refusal, startStub, targetFor, type Received, type Scripted, type Stub } from './support';

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

describe('organizations', () => {
  const page = (values: readonly unknown[], start: number, isLastPage: boolean) => ({
    start,
    limit: 50,
    isLastPage,
    values,
  });

  it('are listed to the end, with numbers as ids', async () => {
    await open(({ query }) => ({
      status: 200,
      body: query['start'] === '0' ? page([{ id: 1, name: 'A' }], 0, false) : page([{ id: '2', name: 'B' }], 1, true),
    }));
    const found = await all((cursor) => target.organizations!.list(cursor, never()));
    expect(found).toEqual([
      { id: '1', name: 'A' },
      { id: '2', name: 'B' },
    ]);
    expect(stub.received[0]).toMatchObject({
      path: '/rest/servicedeskapi/organization',
      headers: { 'x-experimentalapi': 'opt-in' },
    });
  });

  it('show their users, or null where there is no such organization', async () => {
    await open(({ path }) =>
      path.includes('/organization/7/') ? { status: 200, body: page([bean('fred')], 0, true) } : REFUSED
    );
    expect(await target.organizations?.listUsers('7', null, never())).toMatchObject({
      items: [{ username: 'fred' }],
      cursor: null,
    });
    expect(await target.organizations?.listUsers('8', null, never())).toBeNull();
  });

  it('take and give up the named users, and nobody else', async () => {
    await open(({ path }) =>
      path.endsWith('/user') ? { status: 204 } : { status: 201, body: { id: 7, name: 'ACME' } }
    );
    const { id } = await target.organizations!.create('ACME', never());
    await target.organizations?.addUsers(id, ['fred', 'ann'], never());
    await target.organizations?.removeUsers(id, ['fred'], never());
    await target.organizations?.removeUsers(id, [], never());
    expect(
      stub.received.map(({ method, path, body }) => [method, path.slice('/rest/servicedeskapi'.length), body])
    ).toEqual([
      ['POST', '/organization', { name: 'ACME' }],
      ['POST', '/organization/7/user', { usernames: ['fred', 'ann'] }],
      ['DELETE', '/organization/7/user', { usernames: ['fred'] }],
    ]);
  });
});

describe('erasure', () => {
  const doomed = { key: 'KEY-fred', username: 'Fred' };
  const openErasing = async (script: (request: Received) => Scripted): Promise<void> => {
    stub = await startStub(script);
    target = targetFor(stub.url, {}, { erasure: true });
  };

  it('is not there unless it was asked for', async () => {
    await open(() => ({ status: 500 }));
    expect(target.erasure).toBeUndefined();
  });

  it('deletes the account of that key and name', async () => {
    await openErasing(({ method }) => (method === 'GET' ? { status: 200, body: bean('fred') } : { status: 204 }));
    expect(await target.erasure?.deleteUser(doomed, never())).toBe('deleted');
    expect(stub.received.at(-1)).toMatchObject({ method: 'DELETE', query: { key: 'KEY-fred' } });
  });

  it('touches nothing where key and name do not belong together', async () => {
    await openErasing(() => ({ status: 200, body: bean('fred') }));
    const other = { ...doomed, username: 'ann' };
    expect((await refusal(target.erasure!.deleteUser(other, never()))).kind).toBe('invalid');
    expect((await refusal(target.erasure!.startAnonymization(other, 'K2', never()))).kind).toBe('invalid');
    expect(stub.received.every((one) => one.method === 'GET')).toBe(true);
  });

  it('says that an account is gone already', async () => {
    await openErasing(() => REFUSED);
    expect(await target.erasure?.deleteUser(doomed, never())).toBe('gone');
  });

  it('starts an anonymisation that Jira has checked, and follows it', async () => {
    const task = (status: string) => ({ status, progressUrl: '/rest/api/2/user/anonymization/progress?taskId=10104' });
    let state = 'IN_PROGRESS';
    await openErasing(({ method, path, query }) => {
      if (path.endsWith('/user')) return { status: 200, body: bean('fred') };
      if (path.endsWith('/progress')) return query['taskId'] === '10104' ? { status: 200, body: task(state) } : REFUSED;
      return method === 'GET' ? { status: 200, body: { errors: {} } } : { status: 202, body: task('IN_PROGRESS') };
    });
    const taskId = await target.erasure!.startAnonymization(doomed, 'KEY-boss', never());
    expect(stub.received.at(-1)?.body).toEqual({ userKey: 'KEY-fred', newOwnerKey: 'KEY-boss' });
    expect(await target.erasure?.anonymization(taskId, never())).toBe('running');
    state = 'COMPLETED';
    expect(await target.erasure?.anonymization(taskId, never())).toBe('done');
    state = 'VALIDATION_FAILED';
    expect(await target.erasure?.anonymization(taskId, never())).toBe('failed');
    expect(await target.erasure?.anonymization('1', never())).toBe('unknown');
  });

  it('does not start what Jira finds wrong', async () => {
    await openErasing(({ path }) =>
      path.endsWith('/user')
        ? { status: 200, body: bean('fred') }
        : { status: 400, body: { errorMessages: ['no'], errors: {} } }
    );
    expect((await refusal(target.erasure!.startAnonymization(doomed, 'K2', never()))).kind).toBe('invalid');
    expect(stub.received.every((one) => one.method === 'GET')).toBe(true);
  });
});
