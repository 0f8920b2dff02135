import fc from 'fast-check';
import { WHOLE_RANGE } from '../../domain/ids';
import { ENTERPRISE, PATCH_OP, scimConnector } from './support/scim';
import type { ScimClient } from './support/scim';
import { startTestApi } from './support/test-api';
import type { TestApi } from './support/test-api';

/** How many requests of each kind; 10,000 in a long run: ROLLCALL_FUZZ_REQUESTS=10000. */
const REQUESTS = Number(process.env['ROLLCALL_FUZZ_REQUESTS'] ?? 150);
const LIMIT_MS = 60_000 + REQUESTS * 200;

const NAMES = [
  'userName',
  'displayName',
  'externalId',
  'active',
  'name',
  'name.givenName',
  'emails',
  'emails[type eq "work"].value',
  'members',
  'members[value eq "a"]',
  'members[type eq "User"]',
  'roles[primary eq "True"].display',
  'manager',
  `${ENTERPRISE}:manager`,
  ENTERPRISE,
  'password',
  'id',
  'meta',
  'schemas',
  'groups',
  '__proto__',
  'constructor',
  'toString',
  '',
];
const name = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NAMES) },
  fc.string({ unit: 'binary', maxLength: 10 })
);
const leaf = fc.oneof(
  fc.constantFrom<unknown>(null, '', 'True', 'false', true, 0, -1, 1e300, 'ann', 'ANN', 'a', [], {}),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.jsonValue({ maxDepth: 3 })
);
const element = fc.dictionary(fc.constantFrom('value', 'type', 'primary', 'display', '$ref', 'x'), leaf, {
  maxKeys: 4,
});
const value: fc.Arbitrary<unknown> = fc.oneof(
  leaf,
  element,
  fc.array(element, { maxLength: 4 }),
  fc.dictionary(name, leaf)
);
const resource = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.dictionary(name, value, { maxKeys: 6 }).map((rest) => ({ userName: 'x', displayName: 'x', ...rest })),
  },
  fc.dictionary(name, value, { maxKeys: 6 }),
  value
);
const operation = fc.oneof(
  fc.record(
    { op: fc.constantFrom('add', 'Replace', 'REMOVE', 'move', 7), path: fc.oneof(name, leaf), value },
    { requiredKeys: [] }
  ),
  leaf
);
const patch = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.array(operation, { maxLength: 4 }).map((Operations) => ({ schemas: [PATCH_OP], Operations })),
  },
  value
);
const words = fc.constantFrom(
  'userName',
  'members',
  'emails',
  'eq',
  'and',
  'or',
  'not',
  '(',
  ')',
  '[',
  ']',
  '"a"',
  'pr',
  'true',
  '.',
  '\\'
);
const text = fc.oneof(
  fc.array(words, { maxLength: 8 }).map((parts) => parts.join(' ')),
  fc.string({ unit: 'binary', maxLength: 30 })
);
const query = fc.dictionary(
  fc.constantFrom('filter', 'startIndex', 'count', 'cursor', 'sortBy', 'sortOrder', 'attributes', 'excludedAttributes'),
  fc.oneof(text, fc.integer().map(String), name),
  { maxKeys: 4 }
);
const raw = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constant('['.repeat(5_000)),
  fc.constant('{"a":'.repeat(5_000))
);

interface Sent {
  readonly method: string;
  /** With `{id}` for a resource that is there. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

const requestsAt = (path: '/Users' | '/Groups'): fc.Arbitrary<Sent> => {
  const place = fc.constantFrom(
    path,
    `${path}/{id}`,
    `${path}/{id}`,
    `${path}/nobody`,
    `${path}/.search`,
    `${path}/%00`
  );
  const body = fc.oneof(
    fc.oneof(resource, patch, query).map((given) => JSON.stringify(given)),
    raw,
    fc.constant(undefined)
  );
  const tag = fc.constantFrom('W/"1"', '*', '"', 'x, y');
  const headers = fc.record(
    { 'if-match': tag, 'if-none-match': tag, accept: fc.constantFrom('*/*', 'text/html') },
    { requiredKeys: [] }
  );
  return fc
    .record({
      method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'PATCH', 'DELETE'),
      path: place,
      query,
      body,
      headers,
    })
    .map((sent) => (sent.method === 'GET' ? { ...sent, body: undefined } : sent));
};

describe('whatever is sent', () => {
  let api: TestApi;
  let scim: ScimClient;
  const known: Record<'/Users' | '/Groups', string> = { '/Users': '', '/Groups': '' };
  beforeAll(async () => {
    api = await startTestApi('scim-fuzz');
    scim = await scimConnector(api, 'corp', { requestsPerSecond: 10_000 });
  });
  afterAll(() => api.stop());

  /** Everything that is kept, so that nothing of it changes unseen. */
  async function state(): Promise<string> {
    const { users, groups, members } = api.store.scim;
    const all = await Promise.all([users.between('corp', 1, 1_000_000), groups.between('corp', 1, 1_000_000)]);
    const memberships = await Promise.all(all[1].map(({ id }) => members.inSlices('corp', id, WHOLE_RANGE)));
    return JSON.stringify([all, memberships]);
  }

  /** A resource that is there: some requests delete it. */
  async function present(path: '/Users' | '/Groups'): Promise<string> {
    if ((await scim.get(`${path}/${known[path]}`)).status !== 200 || known[path] === '') {
      const label = `known ${String(Math.random())}`;
      const body = { userName: label, displayName: label, members: [{ value: 'a' }] };
      known[path] = await scim.create(path, body);
    }
    return known[path];
  }

  it.each(['/Users', '/Groups'] as const)(
    `at %s: no answer of 5xx, each error a SCIM error, and what is refused changes nothing (${REQUESTS} requests)`,
    async (path) => {
      const seen = new Set<number>();
      await fc.assert(
        fc.asyncProperty(requestsAt(path), async ({ method, path: place, query: asked, body, headers }) => {
          const address = `${place.replace('{id}', await present(path))}?${new URLSearchParams(asked).toString()}`;
          const before = await state();
          const answer = await scim.send(method, address, body, headers);
          seen.add(answer.status);
          expect(answer.status).toBeLessThan(500);
          if (answer.status >= 400) {
            expect(answer.body).toMatchObject({ status: String(answer.status), detail: expect.any(String) });
            expect(await state()).toBe(before);
          }
        }),
        { numRuns: REQUESTS, endOnFailure: true }
      );
      // It was not all refused for one reason.
      for (const status of [200, 400, 404]) expect([...seen]).toContain(status);
      expect(api.logged.join('')).not.toContain('scim request failed');
    },
    LIMIT_MS
  );
});
