import fc from 'fast-check';
import { Budget, STEP_LIMIT, TEXT_LIMIT } from '../../domain/budget';
import { PLAIN_TRANSFORMS } from '../../domain/mapping-settings';
import type { Transform } from '../../domain/mapping-settings';
import { applyTransforms } from '../../domain/transforms';

const attribute = (path: string): readonly string[] => (path === 'mail' ? ['ada@corp.com'] : []);

function run(
  transforms: readonly Transform[],
  texts: readonly string[],
  keepUntransformed = false,
  budget = new Budget()
): unknown {
  const result = applyTransforms(texts, transforms, { budget, attribute, keepUntransformed });
  return result.kind === 'texts' ? (result.unmatched ? 'no match' : result.texts) : `failed: ${result.what}`;
}

const regexReplace = (pattern: string, replacement: string): Transform => ({
  type: 'regexReplace',
  pattern,
  replacement,
});
const table = { type: 'table', table: { 'R&D': 'Lab', hr: 'People' } } as const;
const guest = { type: 'guestUpn' } as const;

/** A transform, the texts before it and after it. */
const TABLE: readonly (readonly [Transform, readonly string[], readonly string[] | 'no match'])[] = [
  [{ type: 'trim' }, [' a b '], ['a b']],
  [{ type: 'lowercase' }, ['ÄB', 'C'], ['äb', 'c']],
  [{ type: 'uppercase' }, ['äb'], ['ÄB']],
  [{ type: 'stripDomain' }, ['ada@corp.com'], ['ada']],
  [{ type: 'stripDomain' }, ['"a@b"@corp.com'], ['"a@b"']],
  [{ type: 'stripDomain' }, ['ada'], ['ada']],
  [{ type: 'stripDomain' }, ['@corp.com'], []],
  [guest, ['ada_corp.com#EXT#@tenant.onmicrosoft.com'], ['ada@corp.com']],
  [guest, ['ada_l_corp.com#ext#@tenant.onmicrosoft.com'], ['ada_l@corp.com']],
  [guest, ['ada@corp.com', 'a_b@corp.com'], ['ada@corp.com', 'a_b@corp.com']],
  [guest, ['ada#EXT#@tenant.com'], ['ada#EXT#@tenant.com']],
  [{ type: 'transliterate' }, ['Žofie Straße', '北京'], ['Zofie Strasse', 'BeiJing']],
  [{ type: 'first' }, ['a', 'b'], ['a']],
  [{ type: 'first' }, [], []],
  [{ type: 'prefix', value: 'x-' }, ['a', 'b'], ['x-a', 'x-b']],
  [{ type: 'prefix', value: 'x-' }, [], []],
  [{ type: 'suffix', value: '-x' }, ['a'], ['a-x']],
  [{ type: 'default', value: 'none' }, [], ['none']],
  [{ type: 'default', value: 'none' }, ['a'], ['a']],
  [{ type: 'fallback', source: 'mail' }, [], ['ada@corp.com']],
  [{ type: 'fallback', source: 'mail' }, ['a'], ['a']],
  [{ type: 'fallback', source: 'other' }, [], []],
  [{ type: 'split', separator: ',' }, ['a,b,,c', 'd'], ['a', 'b', 'c', 'd']],
  [{ type: 'join', separator: '/' }, ['a', 'b'], ['a/b']],
  [{ type: 'join', separator: '/' }, [], []],
  [{ type: 'pick', index: 0 }, ['a', 'b', 'c'], ['a']],
  [{ type: 'pick', index: 1 }, ['a', 'b', 'c'], ['b']],
  [{ type: 'pick', index: -1 }, ['a', 'b', 'c'], ['c']],
  [{ type: 'pick', index: 3 }, ['a', 'b', 'c'], []],
  [{ type: 'substring', start: 1 }, ['😀bc'], ['bc']],
  [{ type: 'substring', start: 1, length: 1 }, ['abc'], ['b']],
  [{ type: 'substring', start: -2 }, ['abc'], ['bc']],
  [{ type: 'substring', start: -9, length: 1 }, ['abc'], ['a']],
  [{ type: 'substring', start: 9 }, ['abc'], []],
  [regexReplace('^jira-(.+)', '$1!'), ['jira-dev', 'sales'], ['dev!', 'sales']],
  [regexReplace('^jira-', ''), ['sales'], 'no match'],
  [{ type: 'regexExtract', pattern: '^SMTP:(.+)@' }, ['smtp:b@x', 'SMTP:a@x'], ['a']],
  [{ type: 'regexExtract', pattern: '^SMTP:' }, ['smtp:b'], 'no match'],
  [{ type: 'regexExtract', pattern: '[0-9]+' }, ['a12'], ['12']],
  [{ type: 'regexExtract', pattern: '(a)(b)', group: 2 }, ['ab'], ['b']],
  [{ type: 'regexExtract', pattern: '(a)(b)', group: 0 }, ['xab'], ['ab']],
  [table, ['r&d', ' HR ', 'Sales'], ['Lab', 'People']],
  [table, ['Sales'], 'no match'],
  [{ ...table, otherwise: 'Other' }, ['Sales'], ['Other']],
  [table, ['constructor'], 'no match'],
  [{ type: 'date', from: 'iso', to: 'dd.MM.yyyy' }, ['2024-02-29'], ['29.02.2024']],
  [{ type: 'date', from: 'iso', to: "d.M.yyyy H:mm 'Uhr'" }, ['2024-02-01T07:05:00+01:00'], ['1.2.2024 6:05 Uhr']],
  [{ type: 'date', from: 'dd.MM.yyyy', to: 'iso' }, ['29.02.2024'], ['2024-02-29T00:00:00Z']],
  [{ type: 'date', from: 'd/M/yyyy', to: 'yyyyMMdd' }, ['1/12/2024', '31/11/2024'], ['20241201']],
  [{ type: 'date', from: 'ldap', to: 'iso' }, ['20240229120000.0Z'], ['2024-02-29T12:00:00Z']],
  [{ type: 'date', from: 'iso', to: 'ldap' }, ['2024-02-29T12:00:00Z'], ['20240229120000Z']],
  [{ type: 'date', from: 'fileTime', to: 'yyyy-MM-dd' }, ['133511328000000000'], ['2024-01-31']],
  [{ type: 'date', from: 'unix', to: 'iso' }, ['1709208000'], ['2024-02-29T12:00:00Z']],
  [{ type: 'date', from: 'iso', to: 'unix' }, ['2024-02-29T12:00:00Z'], ['1709208000']],
  [{ type: 'date', from: 'iso', to: 'fileTime' }, ['2024-01-31'], ['133511328000000000']],
  [{ type: 'date', from: 'iso', to: 'yyyy' }, ['2023-02-29'], 'no match'],
  [{ type: 'date', from: 'fileTime', to: 'yyyy' }, ['9223372036854775807'], 'no match'],
  [{ type: 'boolean', true: ['Active', '1'], false: ['Suspended'] }, ['ACTIVE', 'suspended'], ['true', 'false']],
  [{ type: 'boolean', true: ['Active'], false: ['Suspended'] }, ['unknown'], 'no match'],
];

describe('transforms, each alone', () => {
  it.each(TABLE)('%j of %j is %j', (transform, before, after) => {
    expect(run([transform], before)).toEqual(after);
  });

  it('every one without settings is in the table', () => {
    const tested = new Set(TABLE.map(([{ type }]) => type));
    expect(PLAIN_TRANSFORMS.filter((type) => !tested.has(type))).toEqual([]);
  });
});

describe('several transforms in a row', () => {
  it('are applied in their order', () => {
    const steps: Transform[] = [{ type: 'trim' }, { type: 'stripDomain' }, { type: 'lowercase' }];
    expect(run([...steps, { type: 'prefix', value: 'x-' }], [' Alice@Corp.com '])).toEqual(['x-alice']);
    expect(run([{ type: 'suffix', value: '@corp.com' }, { type: 'stripDomain' }], ['alice'])).toEqual(['alice']);
  });

  it('nothing stays nothing: a prefix makes no name out of it', () => {
    expect(run([{ type: 'stripDomain' }, { type: 'prefix', value: 'x-' }], ['@corp.com'])).toEqual([]);
  });

  it('what does not match stays as it is, or leaves nothing, for the steps behind it', () => {
    const steps: Transform[] = [table, { type: 'uppercase' }];
    expect(run(steps, ['sales'], true)).toEqual(['SALES']);
    expect(run(steps, ['sales'], false)).toBe('no match');
    expect(run([...steps, { type: 'default', value: 'x' }], ['sales'], false)).toEqual(['x']);
  });

  it('a bound that is reached says which step reached it', () => {
    const doubling = Array.from({ length: 20 }, () => regexReplace('(.+)', '$1$1'));
    expect(run(doubling, ['aaaa'])).toBe('failed: regexReplace makes a text of more than 65536 characters');
    expect(run([{ type: 'lowercase' }], ['x'.repeat(2_000_000)])).toBe(
      'failed: lowercase takes more than 100000 steps'
    );
  });
});

const anyTransform: fc.Arbitrary<Transform> = fc.oneof(
  fc.constantFrom(...PLAIN_TRANSFORMS).map((type) => ({ type })),
  fc.record({ type: fc.constantFrom('prefix' as const, 'suffix' as const), value: fc.string() }),
  fc.record({ type: fc.constant('default' as const), value: fc.string({ minLength: 1 }) }),
  fc.record({ type: fc.constant('fallback' as const), source: fc.constantFrom('mail', 'x') }),
  fc.record({ type: fc.constantFrom('split' as const, 'join' as const), separator: fc.string({ maxLength: 2 }) }),
  fc.record({ type: fc.constant('pick' as const), index: fc.integer({ min: -5, max: 5 }) }),
  fc.record({ type: fc.constant('substring' as const), start: fc.integer({ min: -5, max: 5 }), length: fc.nat(5) }),
  fc.constantFrom(regexReplace('(a+)+$', '$1$1'), regexReplace('', '-'), table),
  fc.constantFrom<Transform>({ type: 'regexExtract', pattern: '(a*)*b?' }, { type: 'date', from: 'unix', to: 'iso' }),
  fc.constant<Transform>({ type: 'boolean', true: ['a'], false: ['b'] })
);

describe('any transforms of any texts', () => {
  it('end within their steps, never throw, and give the same every time', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.nat(30_000).map((n) => 'a'.repeat(n))
    );
    const inputs = [fc.array(anyTransform, { maxLength: 8 }), fc.array(text, { maxLength: 5 }), fc.boolean()] as const;
    fc.assert(
      fc.property(...inputs, (transforms, texts, keep) => {
        const budget = new Budget();
        const first = run(transforms, texts, keep, budget);
        expect(budget.spent).toBeLessThanOrEqual(STEP_LIMIT + TEXT_LIMIT);
        expect(run(transforms, texts, keep)).toEqual(first);
      }),
      { numRuns: 500 }
    );
  });
});
