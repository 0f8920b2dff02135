import { Budget } from '../../domain/budget';
import { compilePattern, parseReplacement, PatternError } from '../../domain/pattern';

const budget = (): Budget => new Budget();
const replaced = (source: string, replacement: string, text: string): string | null => {
  const pattern = compilePattern(source);
  return pattern.replace(text, parseReplacement(replacement, pattern), budget());
};

describe('patterns', () => {
  it.each([
    ['^jira-', '', 'jira-dev', 'dev'],
    ['a', 'b', 'banana', 'bbnbnb'],
    ['(\\w+)@(\\w+)', '$2.$1', 'ada@corp', 'corp.ada'],
    ['(x)?b', '[$1|$0]', 'ab', 'a[|b]'],
    ['o', '$$0', 'foo', 'f$0$0'],
    ['o', '$', 'fo', 'f$'],
    ['$', '!', 'end', 'end!'],
    ['x*', '-', 'ab', '-a-b-'],
    ['(?i)ADA', 'eva', 'Ada ada', 'eva eva'],
    ['é', 'e', 'Café 😀 é', 'Cafe 😀 e'],
    ['nothing', 'x', 'text', null],
  ])('%s -> %s in %s', (source, replacement, text, expected) => {
    expect(replaced(source, replacement, text)).toBe(expected);
  });

  it.each([
    ['^(.+)@', 1, 'ada@corp.com', 'ada'],
    ['^(.+)@', 0, 'ada@corp.com', 'ada@'],
    ['(a)|(b)', 2, 'a', ''],
    ['z', 0, 'a', null],
  ])('%s, group %d, of %s', (source, group, text, expected) => {
    expect(compilePattern(source).extract(text, group, budget())).toBe(expected);
  });

  it('test looks anywhere in the text', () => {
    expect(compilePattern('b').test('abc', budget())).toBe(true);
    expect(compilePattern('^b').test('abc', budget())).toBe(false);
  });

  it.each(['(', '(?=a)', '(?<!a)b', '(a)\\1', 'a{2000}', 'a{600}b{600}', 'x'.repeat(1_001)])(
    '%s is refused',
    (source) => {
      expect(() => compilePattern(source)).toThrow(PatternError);
    }
  );

  it('a replacement names groups that there are', () => {
    expect(() => parseReplacement('$2', compilePattern('(a)'))).toThrow('$2 is no group of the pattern, which has 1');
  });

  it('knows many patterns and forgets none wrongly', () => {
    for (let n = 0; n < 1_200; n += 1) compilePattern(`p${n}`);
    expect(compilePattern('p3').test('p3', budget())).toBe(true);
    expect(compilePattern('p3')).toBe(compilePattern('p3'));
  });
});

describe('a pattern reads every character a bounded number of times', () => {
  let reads = 0;
  const counted = ['charCodeAt', 'codePointAt'] as const;
  const spies: jest.SpyInstance[] = [];
  beforeAll(() => {
    for (const name of counted) {
      const original = String.prototype[name];
      const read = function (this: string, at: number): number | undefined {
        reads += 1;
        return original.call(this, at);
      };
      spies.push(jest.spyOn(String.prototype, name).mockImplementation(read));
    }
  });
  afterAll(() => {
    for (const spy of spies) spy.mockRestore();
  });

  function readsOf(source: string, length: number): number {
    const pattern = compilePattern(source);
    reads = 0;
    pattern.test(`${'a'.repeat(length)}!`, new Budget(Number.MAX_SAFE_INTEGER));
    return reads;
  }

  it.each([
    '^(a+)+$',
    '^(a|aa)+$',
    '(a*)*[bc]$',
    '^([a-z]+)*[@#]([a-z]+[.,])+[a-z]+$',
    '(.*)(.*)(.*)(.*)[xy]$',
    'a?a?a?a?a?aaaaa$',
  ])('%s', (source) => {
    const [small, large] = [readsOf(source, 1_000), readsOf(source, 8_000)];
    expect(small).toBeGreaterThan(0);
    expect(large).toBeLessThan(small * 8 * 1.5);
  });
});
