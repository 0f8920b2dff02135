import fc from 'fast-check';
import type { SourceReading } from '../../domain/run';
import { noteReference, sourceHealth } from '../../domain/source-health';
import type { NoteReferenceInput, SourceHealthInput, SourceReference } from '../../domain/source-health';

const NOW = '2026-03-10T02:00:00.000Z';
const read = (users: number, groups = 10, memberships = 500, complete = true): SourceReading => ({
  users,
  groups,
  memberships,
  complete,
  incompleteReason: complete ? null : 'page 3 failed',
});
const reference = (day: string, users: number, parts: Partial<SourceReference> = {}): SourceReference => ({
  day,
  users,
  groups: 10,
  memberships: 500,
  scopeFingerprint: 'scope',
  identity: 'tenant',
  ...parts,
});
const judge = (reading: SourceReading, references: SourceReference[], parts: Partial<SourceHealthInput> = {}) =>
  sourceHealth({
    reading,
    references,
    delivers: ['users', 'groups', 'memberships'],
    limits: { floor: 5, percent: 10 },
    scopeFingerprint: 'scope',
    identity: 'tenant',
    now: NOW,
    ...parts,
  });
const note = (references: SourceReference[], reading: SourceReading, parts: Partial<NoteReferenceInput> = {}) =>
  noteReference(references, reading, {
    scopeFingerprint: 'scope',
    identity: 'tenant',
    now: NOW,
    verdict: 'healthy',
    ...parts,
  });

describe('rule 4.3: source health', () => {
  it.each([
    ['the first read of all', read(0, 0, 0), [], true],
    ['as many as before', read(200), [reference('2026-03-09', 200)], true],
    ['10 % fewer of many', read(180), [reference('2026-03-09', 200)], true],
    ['more than 10 % fewer of many', read(179), [reference('2026-03-09', 200)], false],
    ['5 fewer of few', read(15), [reference('2026-03-09', 20)], true],
    ['6 fewer of few', read(14), [reference('2026-03-09', 20)], false],
    ['none where there was one', read(0), [reference('2026-03-09', 1)], false],
    ['none where there was none', read(0), [reference('2026-03-09', 0)], true],
    ['half of what was there 7 days ago', read(100), [reference('2026-03-03', 200)], false],
    [
      'measured against the highest, not the latest',
      read(170),
      [reference('2026-03-05', 200), reference('2026-03-09', 180)],
      false,
    ],
    [
      'not measured against what is older than 7 days while there is something newer',
      read(100),
      [reference('2026-03-02', 200), reference('2026-03-09', 100)],
      true,
    ],
    ['measured against an older read where there is no newer one', read(100), [reference('2026-01-02', 200)], false],
  ])('%s', (_, reading, references, healthy) => {
    const verdict = judge(reading, references);
    expect(verdict.healthy).toBe(healthy);
    expect(verdict.reasons).toHaveLength(healthy ? 0 : 1);
  });

  it('judges each kind that the source delivers by itself, and no other', () => {
    const references = [reference('2026-03-09', 200)];
    expect(judge(read(200, 0, 0), references).reasons).toHaveLength(2);
    expect(judge(read(200, 0, 0), references, { delivers: ['users'] }).healthy).toBe(true);
  });

  it('says what was read, what there was, and names the rule', () => {
    expect(judge(read(100), [reference('2026-03-09', 200)]).reasons).toEqual([
      'The source delivered 100 users; in the complete reads of the last 7 days there were 200, ' +
        'and more than 20 fewer is held (rule 4.3).',
    ]);
  });

  it('holds a read whose tenant or permissions changed since the last one', () => {
    const verdict = judge(read(200), [reference('2026-03-09', 200)], { identity: 'other tenant' });
    expect(verdict.reasons).toEqual([expect.stringContaining('tenant or the permissions')]);
  });

  it('does not measure against reads of another scope', () => {
    expect(judge(read(20), [reference('2026-03-09', 200, { scopeFingerprint: 'all' })]).healthy).toBe(true);
  });

  it('holds nothing for an incomplete read, however small and from wherever', () => {
    const verdict = judge(read(0, 0, 0, false), [reference('2026-03-09', 200)], { identity: 'other tenant' });
    expect(verdict).toEqual({ healthy: true, reasons: [] });
  });

  it('is never healthier for fewer records, nor for higher references', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), fc.nat(50), fc.nat(50), (now, before, fewer, higher) => {
        fc.pre(fewer <= now);
        if (judge(read(now), [reference('2026-03-09', before)]).healthy) return;
        expect(judge(read(now - fewer), [reference('2026-03-09', before)]).healthy).toBe(false);
        expect(judge(read(now), [reference('2026-03-09', before + higher)]).healthy).toBe(false);
      })
    );
  });
});

describe('the references of rule 4.3', () => {
  it('keep the highest numbers of a day, kind by kind', () => {
    const [entry] = note(note([], read(200, 8)), read(190, 9));
    expect(entry).toEqual(reference('2026-03-10', 200, { groups: 9 }));
  });

  it('keep one entry a day for 7 days, in order', () => {
    const days = ['2026-03-02', '2026-03-03', '2026-03-09'].map((day) => reference(day, 200));
    expect(note(days, read(210)).map(({ day }) => day)).toEqual(['2026-03-03', '2026-03-09', '2026-03-10']);
  });

  it.each([
    ['an incomplete read', read(300, 10, 500, false), {}],
    ['an unhealthy read', read(3), { verdict: 'unhealthy' }],
  ] as const)('do not change by %s', (_, reading, parts) => {
    const before = [reference('2026-01-02', 200)];
    expect(note(before, reading, parts)).toEqual(before);
  });

  it('start anew with a read that a person accepted: the next one is healthy', () => {
    const accepted = note([reference('2026-03-09', 200)], read(100), { verdict: 'accepted' });
    expect(accepted).toEqual([reference('2026-03-10', 100)]);
    expect(judge(read(98), accepted).healthy).toBe(true);
  });

  it.each([{ scopeFingerprint: 'wider' }, { identity: 'new tenant' }])('start anew with %j', (change) => {
    expect(note([reference('2026-03-09', 200)], read(300), change)).toEqual([reference('2026-03-10', 300, change)]);
  });

  it('never let a fault become the measure: a shrunken source is held until somebody accepts it', () => {
    let references = [reference('2026-03-01', 200)];
    for (let day = 2; day <= 28; day += 1) {
      const now = `2026-03-${String(day).padStart(2, '0')}T02:00:00.000Z`;
      const { healthy } = judge(read(100), references, { now });
      expect(healthy).toBe(false);
      references = note(references, read(100), { now, verdict: healthy ? 'healthy' : 'unhealthy' });
    }
  });

  it('are plain JSON of at most 8 entries after any history', () => {
    const reads = fc.array(fc.record({ day: fc.nat(60), users: fc.nat(1000) }), { maxLength: 60 });
    fc.assert(
      fc.property(reads, (history) => {
        let references: SourceReference[] = [];
        for (const { day, users } of [...history].sort((a, b) => a.day - b.day)) {
          const now = new Date(Date.UTC(2026, 0, 1 + day, 12)).toISOString();
          references = note(references, read(users), { now });
        }
        expect(references.length).toBeLessThanOrEqual(8);
        expect(new Set(references.map(({ day }) => day)).size).toBe(references.length);
        expect(JSON.parse(JSON.stringify(references))).toEqual(references);
      })
    );
  });
});
