import { bean, never, refusal, startStub, targetFor, type Received, type Scripted, type Stub } from './support';

let stub: Stub | null = null;

async function stubbed(script: (request: Received) => Scripted): Promise<Stub> {
  stub = await startStub(script);
  return stub;
}

afterEach(async () => {
  await stub?.stop();
  stub = null;
});

const userOr404 = (request: Received): Scripted =>
  request.query['key'] === 'KEY-fred'
    ? { status: 200, body: bean('fred') }
    : { status: 404, body: { errorMessages: ['gone'], errors: {} } };

describe('a request to Jira', () => {
  it('goes below the context path with token, own agent and XSRF exemption, and without origin or cookies', async () => {
    const { url, received } = await stubbed(userOr404);
    await targetFor(`${url}/jira/`).findByKey('KEY-fred', never());
    const [request] = received;
    expect(request).toMatchObject({ method: 'GET', path: '/jira/rest/api/2/user', query: { key: 'KEY-fred' } });
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer sim-token',
      accept: 'application/json',
      'user-agent': 'Rollcall',
      'x-atlassian-token': 'no-check',
    });
    expect(Object.keys(request?.headers ?? {})).not.toEqual(expect.arrayContaining(['origin', 'referer', 'cookie']));
  });

  it('carries names of any script and sign whole', async () => {
    const { url, received } = await stubbed(userOr404);
    const names = ['a b+c', 'ünïcödé', '王小明', 'a&b=c?d#e', '100%', "o'neil\\", '🙂'];
    const target = targetFor(url);
    for (const name of names) {
      expect(await target.findByUsername(name, never())).toBeNull();
      await refusal(target.addMember(name, name, never()));
    }
    expect(received.filter((one) => one.method === 'GET').map((one) => one.query['username'])).toEqual(names);
    const added = received.filter((one) => one.method === 'POST');
    expect(added.map((one) => one.query['groupname'])).toEqual(names);
    expect(added.map((one) => one.body)).toEqual(names.map((name) => ({ name })));
  });

  it('does not follow redirects: the credentials stay with Jira', async () => {
    const { url, received } = await stubbed(() => ({ status: 302, headers: { location: '/elsewhere' } }));
    expect((await refusal(targetFor(url).findByKey('K', never()))).kind).toBe('configuration');
    expect(received).toHaveLength(1);
  });

  it('is never repeated by itself', async () => {
    const { url, received } = await stubbed(() => ({ status: 429, headers: { 'retry-after': '0' }, body: '<html>' }));
    const error = await refusal(targetFor(url).findByKey('K', never()));
    expect(error).toMatchObject({ kind: 'rateLimited', retryAfterMs: 1_000 });
    expect(received).toHaveLength(1);
  });
});

describe('an answer that does not come', () => {
  it.each(['hang', 'cut'] as const)('leaves a write open (%s)', async (fate) => {
    const { url } = await stubbed(() => fate);
    const target = targetFor(url, {}, { httpTimeoutMs: 100 });
    expect((await refusal(target.addMember('dev', 'fred', never()))).kind).toBe('ambiguous');
    expect((await refusal(target.updateUser('KEY-fred', { active: false }, never()))).kind).toBe('ambiguous');
  });

  it('because nobody listens is ambiguous too', async () => {
    const { url, stop } = await startStub(userOr404);
    await stop();
    const error = await refusal(targetFor(url).findByKey('K', never()));
    expect(error.kind).toBe('ambiguous');
    expect(error.message).toMatch(/ECONNREFUSED/);
  });

  it('is waited for longer where members are listed', async () => {
    const { url } = await stubbed((request) => (request.path.endsWith('/group/member') ? 'hang' : { status: 500 }));
    const target = targetFor(url, {}, { httpTimeoutMs: 30 });
    const before = performance.now();
    await refusal(target.listMembers('dev', null, never()));
    expect(performance.now() - before).toBeGreaterThanOrEqual(9 * 30 - 5);
  });
});

describe('a caller who cancels', () => {
  const reason = new Error('cancelled by the caller');

  it('before the request gets his own reason, and nothing is sent', async () => {
    const { url, received } = await stubbed(userOr404);
    await expect(targetFor(url).addMember('dev', 'fred', AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(received).toHaveLength(0);
  });

  it('during a read gets his own reason', async () => {
    const controller = new AbortController();
    const { url } = await stubbed(() => {
      controller.abort(reason);
      return 'hang';
    });
    await expect(targetFor(url).findByKey('K', controller.signal)).rejects.toBe(reason);
  });

  it('during a write learns that it may have been done', async () => {
    const controller = new AbortController();
    const { url } = await stubbed(() => {
      controller.abort(reason);
      return 'hang';
    });
    const error = await refusal(targetFor(url).addMember('dev', 'fred', controller.signal));
    expect(error.kind).toBe('ambiguous');
  });

  it('between an update and its read-back learns that it was done', async () => {
    const controller = new AbortController();
    const { url } = await stubbed((request) => {
      if (request.method === 'GET') return 'hang';
      setImmediate(() => {
        controller.abort(reason);
      });
      return { status: 200, body: { key: 'KEY-fred', name: 'fred' } };
    });
    const update = targetFor(url).updateUser('KEY-fred', { active: false }, controller.signal);
    expect((await refusal(update)).kind).toBe('ambiguous');
  });
});

describe('an answer of another shape', () => {
  it.each([
    ['a web page', '<!DOCTYPE html><html>Log in</html>'],
    ['another object', { hello: 'world' }],
    ['a key that is no text', bean('fred', { key: 42 })],
    ['nothing', undefined],
  ])('%s is a wrong set-up for a read and leaves a write open', async (_name, body) => {
    const { url } = await stubbed(() => ({ status: 200, body }));
    const target = targetFor(url);
    expect((await refusal(target.findByKey('K', never()))).kind).toBe('configuration');
    expect((await refusal(target.updateUser('K', { active: false }, never()))).kind).toBe('ambiguous');
  });

  it('a web page instead of an empty body leaves a removal open', async () => {
    const { url } = await stubbed(() => ({ status: 200, body: '<html>Log in</html>' }));
    expect((await refusal(targetFor(url).removeMember('dev', 'fred', never()))).kind).toBe('ambiguous');
  });

  it('is not read without end', async () => {
    const { url } = await stubbed(() => ({
      status: 200,
      body: bean('fred', { displayName: 'x'.repeat(17 * 1024 * 1024) }),
    }));
    const target = targetFor(url);
    expect((await refusal(target.findByKey('K', never()))).kind).toBe('configuration');
    expect((await refusal(target.updateUser('K', { active: false }, never()))).kind).toBe('ambiguous');
  });

  it('with fields of later versions is accepted', async () => {
    const { url } = await stubbed(() => ({
      status: 200,
      body: bean('fred', { lastLoginTime: '2023-08-30T16:37:01+1000' }),
    }));
    expect(await targetFor(url).findByKey('K', never())).toEqual({
      key: 'KEY-fred',
      username: 'fred',
      email: 'fred@example.com',
      displayName: 'Display fred',
      active: true,
    });
  });

  it.each([
    ['hidden', undefined],
    ['masked', 'fred at example dot com'],
    ['empty', ''],
  ])('an e-mail address that is %s is unknown, not another one', async (_name, emailAddress) => {
    const { url } = await stubbed(() => ({ status: 200, body: bean('fred', { emailAddress }) }));
    expect(await targetFor(url).findByKey('K', never())).toMatchObject({ email: null });
  });
});
