import {
  all,
  bean,
  never,
  refusal,
  SERVER_INFO,
  startStub,
  targetFor,
  type Received,
  type Scripted,
  type Stub,
} from './support';

let stub: Stub;

afterEach(() => stub.stop());

const beans = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => bean(`u${String(from + index).padStart(4, '0')}`));

/** A listing in which Jira repeats itself and shortens pages. */
function search(pages: readonly (readonly unknown[])[], version = SERVER_INFO) {
  let next = 0;
  return (request: Received): Scripted => {
    if (request.path.endsWith('/serverInfo')) return { status: 200, body: version };
    return { status: 200, body: pages[next++] ?? [] };
  };
}

const asked = (name: string) => stub.received.filter((one) => one.path.endsWith(name)).map((one) => one.query);

describe('listing all accounts', () => {
  it('asks for everybody, inactive ones too, a thousand at a time until a page is empty', async () => {
    stub = await startStub(search([beans(0, 1_000), beans(1_000, 1_007)]));
    const target = targetFor(stub.url);
    expect(await all((cursor) => target.listUsers(cursor, never()))).toHaveLength(1_007);
    const starts = ['0', '1000', '1007'];
    expect(asked('/user/search')).toEqual(
      starts.map((startAt) => ({
        username: '.',
        includeActive: 'true',
        includeInactive: 'true',
        startAt,
        maxResults: '1000',
      }))
    );
  });

  it('goes on after a short page: nothing says that it was the last one', async () => {
    stub = await startStub(search([beans(0, 999), beans(999, 1_616)]));
    const target = targetFor(stub.url);
    expect(await all((cursor) => target.listUsers(cursor, never()))).toHaveLength(1_616);
  });

  it('shows an account that comes twice on a page once', async () => {
    stub = await startStub(search([[...beans(0, 3), ...beans(1, 4)]]));
    const page = await targetFor(stub.url).listUsers(null, never());
    expect(page?.items.map((user) => user.username)).toEqual(['u0000', 'u0001', 'u0002', 'u0003']);
  });

  it('resumes from its cursor in another process', async () => {
    stub = await startStub(search([beans(0, 2)]));
    const page = await targetFor(stub.url).listUsers(null, never());
    await targetFor(stub.url).listUsers(page?.cursor ?? '', never());
    expect(asked('/user/search').map((query) => query['startAt'])).toEqual(['0', '2']);
  });

  it('refuses one record of a wrong shape with the whole page', async () => {
    stub = await startStub(search([[...beans(0, 2), { name: 'half' }]]));
    expect((await refusal(targetFor(stub.url).listUsers(null, never()))).kind).toBe('configuration');
  });

  it('knows its own cursors', async () => {
    stub = await startStub(search([]));
    await expect(targetFor(stub.url).listUsers('50-120-0', never())).rejects.toThrow(/cursor/);
  });
});

function memberPage(startAt: number, values: readonly unknown[], total: number): Scripted {
  return { status: 200, body: { startAt, maxResults: 50, total, isLast: startAt + values.length >= total, values } };
}

describe('listing the members of a group', () => {
  it('asks for inactive members too, fifty at a time', async () => {
    stub = await startStub(({ query }) => {
      const startAt = Number(query['startAt']);
      return memberPage(startAt, beans(startAt, Math.min(startAt + 50, 120)), 120);
    });
    const target = targetFor(stub.url);
    const members = await all((cursor) => target.listMembers('dev team', cursor, never()));
    expect(new Set(members.map((user) => user.key)).size).toBe(120);
    expect(asked('/group/member')).toEqual(
      ['0', '50', '100'].map((startAt) => ({
        groupname: 'dev team',
        includeInactiveUsers: 'true',
        startAt,
        maxResults: '50',
      }))
    );
  });

  it('goes by what came, not by what was asked for', async () => {
    stub = await startStub(({ query }) => {
      const startAt = Number(query['startAt']);
      return memberPage(startAt, beans(startAt, Math.min(startAt + 20, 45)), 45);
    });
    const target = targetFor(stub.url);
    expect(await all((cursor) => target.listMembers('dev', cursor, never()))).toHaveLength(45);
  });

  it('starts again, once, when members changed between two pages', async () => {
    const totals = [120, 119, 119, 119, 118];
    stub = await startStub(({ query }) => {
      const startAt = Number(query['startAt']);
      const total = totals.shift() ?? 118;
      return memberPage(startAt, beans(startAt, Math.min(startAt + 50, total)), total);
    });
    const target = targetFor(stub.url);
    const members = await all((cursor) => target.listMembers('dev', cursor, never()));
    expect(asked('/group/member').map((query) => query['startAt'])).toEqual(['0', '50', '0', '50', '100']);
    expect(new Set(members.map((user) => user.key)).size).toBe(118);
  });

  it('does not take an empty page for the end when Jira says that there is more', async () => {
    stub = await startStub(() => memberPage(0, [], 7));
    expect((await refusal(targetFor(stub.url).listMembers('dev', null, never()))).kind).toBe('ambiguous');
  });

  it('is null for a group that does not exist, but not for a Jira that is not there', async () => {
    let answer: Scripted = { status: 404, body: { errorMessages: ["Die Gruppe 'dev' existiert nicht"], errors: {} } };
    stub = await startStub(() => answer);
    const target = targetFor(stub.url);
    expect(await target.listMembers('dev', null, never())).toBeNull();
    expect(await target.groupExists('dev', never())).toBe(false);
    answer = { status: 404, body: '<html>No such page</html>' };
    expect((await refusal(target.listMembers('dev', null, never()))).kind).toBe('configuration');
    expect((await refusal(target.groupExists('dev', never()))).kind).toBe('configuration');
  });
});

describe('the groups of an account', () => {
  it('are refused when Jira lists fewer than it counts', async () => {
    stub = await startStub(() => ({
      status: 200,
      body: bean('fred', { groups: { size: 3, items: [{ name: 'dev' }] } }),
    }));
    expect((await refusal(targetFor(stub.url).groupsOf('K', never()))).message).toMatch(/1 of 3/);
  });
});
