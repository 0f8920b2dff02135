import fc from 'fast-check';
import { hasLinks } from '../../api/connector-access';
import { fits, planPage } from '../../api/plan-pages';
import { resultDocument, resultLines } from '../../api/results';
import { fillMasked, openConfig, sealConfig, writtenConfig } from '../../api/secrets';
import { nextFires, scheduleWords } from '../../api/views/connector';
import { SLICES } from '../../domain/ids';
import type { SliceRange } from '../../domain/ids';
import { createSecretBox } from '../../store/secrets';
import type { StoredLink } from '../../store/link-records';
import type { OperationRecord, OutcomeRecord, RunRecord } from '../../store/records';

describe('hasLinks', () => {
  function links(slices: readonly number[]) {
    let [calls, widest] = [0, 0];
    const inSlices = (_id: string, { from, to }: SliceRange) => {
      calls += 1;
      const found = slices.filter((slice) => slice >= from && slice <= to);
      widest = Math.max(widest, found.length);
      return Promise.resolve(found.map((slice) => ({ slice }) as StoredLink));
    };
    return { inSlices, calls: () => calls, widest: () => widest };
  }

  it('finds a single link wherever it is, and none where there is none', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: SLICES - 1 }), async (slice) => {
        expect(await hasLinks(links([slice]), 'corp')).toBe(true);
      })
    );
    const none = links([]);
    expect(await hasLinks(none, 'corp')).toBe(false);
    expect(none.calls()).toBeLessThanOrEqual(12);
  });

  it('reads few of many', async () => {
    const many = links(Array.from({ length: 100_000 }, (_, n) => n % SLICES));
    expect(await hasLinks(many, 'corp')).toBe(true);
    expect(many.widest()).toBeLessThan(500);
  });
});

describe('planPage', () => {
  const operation = (seq: number): OperationRecord =>
    ({
      seq,
      kind: seq % 50 === 0 ? 'createUser' : 'updateUser',
      status: 'planned',
      username: `user${seq}`,
    }) as OperationRecord;
  const plans = (total: number) => {
    const asked: number[] = [];
    return {
      asked,
      page: (_id: string, from: number, to: number) => {
        asked.push(to - from + 1);
        const size = Math.max(0, Math.min(to, total - 1) - from + 1);
        return Promise.resolve(Array.from({ length: size }, (_, index) => operation(from + index)));
      },
    };
  };

  it('gives every operation that fits once, in order, with a bounded look per page', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 6_000 }), fc.integer({ min: 1, max: 500 }), async (total, limit) => {
        const store = plans(total);
        const found: number[] = [];
        let from: number | null = 0;
        while (from !== null) {
          store.asked.length = 0;
          const input = { runId: 'r', total, filter: { kind: 'createUser' as const }, limit, from };
          const page: Awaited<ReturnType<typeof planPage>> = await planPage(store, input);
          expect(page.items.length).toBeLessThanOrEqual(limit);
          expect(store.asked.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(2_000);
          found.push(...page.items.map(({ seq }) => seq ?? -1));
          from = page.next;
        }
        expect(found).toEqual(Array.from({ length: Math.ceil(total / 50) }, (_, index) => index * 50));
      }),
      { numRuns: 30 }
    );
  });

  it.each([
    [{ q: 'USER7' }, true],
    [{ q: 'ser7' }, false],
    [{ q: '' }, true],
    [{ kind: 'createUser' }, false],
    [{ status: 'planned' }, true],
    [{ status: 'held' }, false],
  ] as const)('fits %j: %p', (filter, expected) => {
    expect(fits(operation(7), filter)).toBe(expected);
  });
});

describe('downloads', () => {
  const outcomes = (count: number) => ({
    put: () => Promise.resolve(),
    append: () => Promise.resolve(true),
    purge: () => Promise.resolve(0),
    list: (_runId: string, { limit, cursor }: { limit: number; cursor: string | null }) => {
      const from = Number(cursor ?? 0);
      const size = Math.min(limit, count - from);
      const items = Array.from({ length: size }, (_, n) => ({ externalId: `id"${from + n}` }) as OutcomeRecord);
      return Promise.resolve({ items, nextCursor: from + size < count ? String(from + size) : null });
    },
  });
  const run = { id: 'corp-1' } as RunRecord;
  const text = async (pieces: AsyncIterable<string>): Promise<string> => {
    let all = '';
    for await (const piece of pieces) all += piece;
    return all;
  };

  it.each([0, 1, 199, 200, 201, 1_000])('make whole JSON of %d results', async (count) => {
    const document = JSON.parse(await text(resultDocument(outcomes(count), run))) as { results: unknown[] };
    expect(document.results).toHaveLength(count);
    const lines = (await text(resultLines(outcomes(count), 'corp-1'))).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(document.results);
  });
});

describe('secrets of a configuration', () => {
  const box = createSecretBox([{ id: 'k1', bytes: Buffer.alloc(32, 7) }]);
  const owner = { kind: 'target', id: 'jira' } as const;
  const paths = [['auth', 'token']];
  const written = { id: 'jira', auth: { type: 'pat', token: 's3cret' } };

  it('come back under their own record only', () => {
    const sealed = sealConfig(written, paths, box, owner);
    expect(openConfig(sealed, box, owner)).toEqual(written);
    expect(() => openConfig(sealed, box, { ...owner, id: 'other' })).toThrow();
  });

  it('are kept where the mask stands, and replaced where it does not', () => {
    const sealed = sealConfig(written, paths, box, owner);
    const kept = fillMasked({ ...written, auth: { type: 'pat', token: '(secret)' } }, sealed, box, owner);
    expect(kept).toEqual(written);
    const changed = fillMasked({ ...written, auth: { type: 'pat', token: 'new' } }, sealed, box, owner);
    expect(changed.auth).toEqual({ type: 'pat', token: 'new' });
  });

  it('that cannot be opened any more must be sent anew', () => {
    const sealed = sealConfig(written, paths, box, owner);
    const other = createSecretBox([{ id: 'k2', bytes: Buffer.alloc(32, 8) }]);
    const masked = { ...written, auth: { type: 'pat', token: '(secret)' } };
    expect(() => fillMasked(masked, sealed, other, owner)).toThrow(expect.objectContaining({ kind: 'invalid' }));
  });

  it('cannot be made up by the sender, at any depth', () => {
    for (const value of [{ $sealed: 'x' }, { a: { $sealed: 'x' } }, { a: [{ $sealed: 'x' }] }]) {
      expect(writtenConfig.safeParse(value).success).toBe(false);
    }
    expect(writtenConfig.safeParse(written).success).toBe(true);
  });
});

describe('scheduleWords', () => {
  it.each([
    ['0 2 * * *', 'At 02:00 (UTC)'],
    ['30 2 * * 1-5', 'At 02:30, Monday through Friday (UTC)'],
    ['0 0 L * *', 'At 00:00, on the last day of the month (UTC)'],
    ['*/10 * * * * *', 'Every 10 seconds (UTC)'],
  ])('says %s as a person would', (cron, words) => {
    expect(scheduleWords({ cron, timezone: 'UTC', enabled: true, jitterSeconds: 0 })).toBe(words);
  });
});

describe('nextFires', () => {
  const schedule = { cron: '30 2 * * *', timezone: 'Europe/Berlin', enabled: true, jitterSeconds: 0 };

  it('follows the clock of the zone through a change of time', () => {
    const fires = nextFires(schedule, Date.parse('2026-03-27T12:00:00Z'), 3);
    expect(fires).toEqual(['2026-03-28T01:30:00.000Z', '2026-03-29T01:30:00.000Z', '2026-03-30T00:30:00.000Z']);
  });

  it('has none while the schedule is off', () => {
    expect(nextFires({ ...schedule, enabled: false }, 0, 3)).toEqual([]);
  });
});
