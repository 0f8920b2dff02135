import {
  bean,
  listed,
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

interface Jira {
  readonly version: string;
  readonly accounts: number;
  /** The search knows only this many. */
  readonly cap?: number;
  /** GET /user/list is there and sends this many a page. */
  readonly listPage?: number;
}

const NOT_THERE: Scripted = { status: 404, body: { message: 'null for uri', 'status-code': 404 } };

/** A Jira of a version as facts about it say: what a search ends after, and whether accounts can be streamed. */
function jiraOf({ version, accounts, cap = Infinity, listPage }: Jira) {
  const everybody = Array.from({ length: accounts }, (_, n) => bean(`u${String(n).padStart(5, '0')}`));
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return ({ path, query }: Received): Scripted => {
    if (path.endsWith('/serverInfo')) {
      return { status: 200, body: { ...SERVER_INFO, version, versionNumbers: [major, minor, patch] } };
    }
    if (path.endsWith('/user/list')) {
      if (listPage === undefined) return NOT_THERE;
      const from = Number(query['cursor'] ?? 0);
      const isLast = from + listPage >= accounts;
      const values = everybody.slice(from, from + listPage);
      return {
        status: 200,
        body: { values, isLast, maxResults: listPage, nextCursor: isLast ? null : from + listPage },
      };
    }
    const from = Number(query['startAt']);
    return { status: 200, body: everybody.slice(from, Math.min(from + Number(query['maxResults']), cap)) };
  };
}

describe('listing all accounts of one version after the other', () => {
  it.each<[string, Jira, number, number]>([
    ['8.5 with fewer than a thousand', { version: '8.5.0', accounts: 999, cap: 1_000 }, 999, 3],
    ['8.5.6 to 8.12, wherever the search is mended already', { version: '8.5.9', accounts: 2_500 }, 2_500, 5],
    ['8.13', { version: '8.13.1', accounts: 1_000 }, 1_000, 3],
    ['9.12', { version: '9.12.10', accounts: 2_001 }, 2_001, 5],
    ['10.0 with fewer than a hundred', { version: '10.0.1', accounts: 99, cap: 100 }, 99, 4],
  ])('%s: everybody, and that is all of them', async (_name, jira, expected, requests) => {
    stub = await startStub(jiraOf(jira));
    const listing = await listed(targetFor(stub.url));
    expect(listing?.complete).toBe(true);
    expect(new Set(listing?.users.map((user) => user.key)).size).toBe(expected);
    expect(stub.received).toHaveLength(requests);
  });

  it.each<[string, Jira]>([
    ['8.5 with a thousand', { version: '8.5.0', accounts: 1_000, cap: 1_000 }],
    ['8.5 with more', { version: '8.5.5', accounts: 5_000, cap: 1_000 }],
    ['10.0 with a hundred', { version: '10.0.1', accounts: 100, cap: 100 }],
    ['10.5 with more', { version: '10.5.0', accounts: 5_000, cap: 100 }],
    ['11 without the listing', { version: '11.0.0', accounts: 5_000, cap: 100 }],
  ])('%s: says that there may be more', async (_name, jira) => {
    stub = await startStub(jiraOf(jira));
    expect(await listed(targetFor(stub.url))).toBeNull();
  });

  it('10.3 with GET /user/list: everybody on it, but accounts that are not on it may exist', async () => {
    stub = await startStub(jiraOf({ version: '10.3.24', accounts: 5_000, cap: 100, listPage: 2_000 }));
    const listing = await listed(targetFor(stub.url));
    expect(listing?.complete).toBe(false);
    expect(listing?.users).toHaveLength(5_000);
    expect(stub.received.map((one) => one.query['cursor'])).toEqual([undefined, undefined, '2000', '4000']);
  });

  it('does not take a stream that stands still for its end', async () => {
    stub = await startStub(({ path }) =>
      path.endsWith('/serverInfo')
        ? { status: 200, body: { ...SERVER_INFO, version: '11.0.0', versionNumbers: [11, 0, 0] } }
        : { status: 200, body: { values: [bean('a')], isLast: false, nextCursor: null } }
    );
    expect((await refusal(targetFor(stub.url).listUsers(null, never()))).kind).toBe('ambiguous');
  });

  it('fails when the stream is refused: only "not there" means the other way', async () => {
    stub = await startStub(({ path }) =>
      path.endsWith('/serverInfo')
        ? { status: 200, body: { ...SERVER_INFO, version: '11.0.0', versionNumbers: [11, 0, 0] } }
        : { status: 403, body: { errorMessages: ['no'], errors: {} } }
    );
    expect((await refusal(targetFor(stub.url).listUsers(null, never()))).kind).toBe('permission');
  });
});

describe('looking for accounts by address', () => {
  const answering = (users: readonly unknown[]) => startStub(() => ({ status: 200, body: users }));

  it('asks once, for inactive ones too, and keeps equal addresses only', async () => {
    stub = await answering([
      bean('ann', { emailAddress: 'Ann@Example.com' }),
      bean('old', { emailAddress: 'ann@example.com', active: false }),
      bean('longer', { emailAddress: 'ann@example.com.au' }),
      bean('hidden', { emailAddress: undefined }),
      bean('masked', { emailAddress: 'ann at example dot com' }),
    ]);
    const found = await targetFor(stub.url).findByEmail(' ann@example.com ', never());
    expect(found.map((user) => user.username)).toEqual(['ann', 'old']);
    expect(stub.received.map((one) => one.query)).toEqual([
      { username: 'ann@example.com', includeActive: 'true', includeInactive: 'true', startAt: '0', maxResults: '1000' },
    ]);
  });

  it.each(['', '.', '%', 'no address'])("asks nothing for '%s': it would match everybody", async (text) => {
    stub = await answering([bean('ann')]);
    expect(await targetFor(stub.url).findByEmail(text, never())).toEqual([]);
    expect(stub.received).toHaveLength(0);
  });

  it.each([100, 1_000])('proves nothing by an answer of %d accounts, where versions cut it', async (length) => {
    stub = await answering(Array.from({ length }, (_, n) => bean(`u${n}`)));
    expect((await refusal(targetFor(stub.url).findByEmail('a@b.c', never()))).kind).toBe('configuration');
  });
});
