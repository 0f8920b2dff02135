import fc from 'fast-check';
import { identify, requireRole, sameToken } from '../../api/http/authenticate';
import { pageById } from '../../api/http/paging';
import { PROBLEMS, Problem } from '../../api/http/problem';
import { ROLES } from '../../api/http/route';
import { parseIdempotencyKey, parseIfMatch, refuseDeepBody, versionTag } from '../../api/http/validate';

describe('tokens and roles', () => {
  const TOKEN = 'correct-horse-battery';

  it('knows the admin token, in any case of the scheme', () => {
    expect(identify(`Bearer ${TOKEN}`, TOKEN)).toEqual({ name: 'admin', role: 'admin' });
    expect(identify(`bearer ${TOKEN}`, TOKEN).role).toBe('admin');
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    `Basic ${TOKEN}`,
    TOKEN,
    `Bearer ${TOKEN} x`,
    `Bearer ${TOKEN}x`,
    'Bearer x',
  ])('refuses the header %p', (header) => {
    expect(() => identify(header, TOKEN)).toThrow(Problem);
  });

  it('compares tokens of any length', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => sameToken(a, b) === (a === b)));
  });

  it('lets each role do what the ones before it may, and no more', () => {
    const may = (role: (typeof ROLES)[number], needed: (typeof ROLES)[number]): boolean => {
      try {
        requireRole({ name: 'n', role }, needed);
        return true;
      } catch {
        return false;
      }
    };
    expect(ROLES.map((role) => ROLES.map((needed) => may(role, needed)))).toEqual([
      [true, false, false],
      [true, true, false],
      [true, true, true],
    ]);
  });
});

describe('headers', () => {
  it('reads the ETags that it writes, quoted or not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (version) => {
        expect(parseIfMatch(versionTag(version))).toBe(version);
        expect(parseIfMatch(String(version))).toBe(version);
      })
    );
  });

  it.each(['', '*', 'W/"1"', '"1", "2"', '-1', '"abc"', '99999999999'])('refuses If-Match %p', (header) => {
    expect(() => parseIfMatch(header)).toThrow(expect.objectContaining({ kind: 'bad-request' }));
  });

  it('takes keys of 8 to 128 plain characters', () => {
    expect(parseIdempotencyKey(undefined)).toBeNull();
    expect(parseIdempotencyKey('A-valid_key-1')).toBe('A-valid_key-1');
    expect(() => parseIdempotencyKey('ümlaut-key')).toThrow(Problem);
  });
});

describe('problems', () => {
  it('carry the status of their kind', () => {
    for (const [kind, { status, title }] of Object.entries(PROBLEMS)) {
      const problem = new Problem(kind as keyof typeof PROBLEMS, 'what to do');
      expect(problem.document()).toEqual({ type: `urn:rollcall:problem:${kind}`, status, title, detail: 'what to do' });
    }
  });
});

describe('refuseDeepBody', () => {
  it('takes what is flat and refuses what is deep', () => {
    const nest = (levels: number): unknown => (levels === 0 ? 'end' : { in: [nest(levels - 1)] });
    expect(() => {
      refuseDeepBody(nest(10));
    }).not.toThrow();
    expect(() => {
      refuseDeepBody(nest(40));
    }).toThrow(Problem);
  });
});

describe('pageById', () => {
  it('walks through every item once, in order, whatever the size of the page', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-z0-9-]{1,6}$/)),
        fc.integer({ min: 1, max: 9 }),
        (ids, limit) => {
          const all = ids.map((id) => ({ id }));
          const seen: string[] = [];
          let cursor: string | undefined;
          do {
            const page = pageById(all, { limit, cursor });
            expect(page.items.length).toBeLessThanOrEqual(limit);
            seen.push(...page.items.map(({ id }) => id));
            cursor = page.nextCursor ?? undefined;
          } while (cursor !== undefined);
          expect(seen).toEqual([...ids].sort());
        }
      )
    );
  });
});
