import fc from 'fast-check';
import { Budget, STEP_LIMIT, TEXT_LIMIT } from '../../../domain/budget';
import { compileExpression, evaluateCondition, evaluateExpression } from '../../../domain/expression/evaluate';
import { FUNCTIONS, METHODS } from '../../../domain/expression/functions';
import { subject, USER } from './support';

/** Steps that an expression takes for these attributes. */
function stepsOf(source: string, attributes: Record<string, string | readonly string[]>): number {
  const budget = new Budget(Number.MAX_SAFE_INTEGER);
  const result = evaluateExpression(source, subject(attributes), budget);
  expect(result).toHaveProperty('value');
  return budget.spent;
}

const texts = [
  ...['user.givenName', 'user.surname', 'user.blank', 'user.nobody', 'user.number', 'user.flag', 'user.tags'],
  ...[
    'user.mails',
    'groups',
    'existing',
    'link.state',
    'user.profile',
    "'a.*b'",
    "''",
    "','",
    '2',
    '-1',
    'null',
    'true',
  ],
  ...['user.hired', "'d'", '[]', "{'a': 1}", '1.5'],
];
const names = Object.keys(FUNCTIONS);
const methods = [...Object.keys(METHODS), 'exists', 'map', 'filter', 'all'];

const { expression } = fc.letrec<{ expression: string; leaf: string }>((tie) => ({
  leaf: fc.constantFrom(...texts),
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie('leaf'),
    fc.tuple(fc.constantFrom(...names), fc.array(tie('expression'), { maxLength: 4 })).map(call),
    fc
      .tuple(tie('expression'), fc.constantFrom(...methods), fc.array(tie('expression'), { maxLength: 2 }))
      .map(([on, name, args]) => `(${on}).${call([name, name.length > 6 ? args : ['x', ...args]])}`),
    fc
      .tuple(
        tie('expression'),
        fc.constantFrom('+', '-', '*', '/', '%', '<', '==', 'in', '&&', '||'),
        tie('expression')
      )
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    tie('expression').map((a) => `(!${a})`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `(${a})[${b}]`)
  ),
}));

function call([name, args]: readonly [string, readonly string[]]): string {
  return `${name}(${args.join(', ')})`;
}

describe('any expression about any person', () => {
  it('ends within its steps, never throws, and gives the same every time', () => {
    let ran = 0;
    const check = (source: string, attributes: Record<string, fc.JsonValue>): void => {
      const budget = new Budget();
      const person = subject(attributes as typeof USER);
      const first = evaluateExpression(source, person, budget);
      expect(budget.spent).toBeLessThan(STEP_LIMIT * 1.2);
      expect(evaluateExpression(source, person)).toEqual(first);
      expect(evaluateCondition(source, person)).toEqual(evaluateCondition(source, person));
      if ('value' in first) ran += 1;
      if ('value' in first && typeof first.value === 'string')
        expect(first.value.length).toBeLessThanOrEqual(TEXT_LIMIT);
    };
    fc.assert(fc.property(expression, fc.dictionary(fc.constantFrom(...Object.keys(USER)), fc.jsonValue()), check), {
      numRuns: 1_500,
    });
    expect(ran).toBeGreaterThan(100);
  });

  it('any text is an expression or is refused by name and place', () => {
    const pieces = fc.constantFrom(
      ...texts,
      '(',
      ')',
      '.',
      '+',
      '?',
      ':',
      '[',
      '{',
      '"',
      "'",
      ' ',
      '\n',
      'Left',
      'é',
      '\\'
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces).map((all) => all.join(''))
    );
    fc.assert(
      fc.property(text, (source) => {
        expect(() => evaluateExpression(source, subject())).not.toThrow();
      }),
      { numRuns: 1_500 }
    );
  });
});

describe('what would go on for long', () => {
  const long = Array.from({ length: 1_000 }, (_, n) => `group-${n}`);
  it.each([
    ['loops in loops', 'user.list.exists(a, user.list.exists(b, user.list.exists(c, a + b + c == "")))', 'steps'],
    ['lists that are compared', 'user.list.exists(a, user.list == user.list + [1])', 'steps'],
    ['a text that doubles', wrapped(30, 'user.givenName', (inner) => `[${inner}].map(x, x + x)[0]`), 'characters'],
    ['a list that doubles', wrapped(25, 'user.tags', (inner) => `[${inner}].map(x, x + x)[0]`), 'steps'],
    ['a replacement that grows', wrapped(12, "'aaaa'", (inner) => `Replace(${inner}, 'a', 'aaaa')`), 'characters'],
    ['a join that grows', "Join(Join(Join('-', user.list), user.list), user.list)", 'characters'],
    ['a pattern on a long text', "user.text.matches('(a+)+(b+)+c?[a-z]{300}$')", 'steps'],
    ['a pattern that finds nothing everywhere', "RegexReplace(user.text, '(a*b)?', 'x')", 'steps'],
  ])('%s ends at a bound', (_, source, bound) => {
    const attributes = { list: long, text: 'a'.repeat(60_000) };
    expect(evaluateExpression(source, subject(attributes))).toEqual({ failed: expect.stringContaining(bound) });
  });

  function wrapped(times: number, innermost: string, wrap: (inner: string) => string): string {
    return Array.from({ length: times }).reduce<string>(wrap, innermost);
  }
});

describe('time grows with the size of what is looked at, not faster', () => {
  const text = (length: number): string => 'a'.repeat(length);
  const list = (length: number): string[] => Array.from({ length }, (_, n) => `group-${n}`);
  it.each([
    ["user.t.matches('^(a+)+$')", (n: number) => ({ t: `${text(n)}!` })],
    ["user.t.matches('^([a-z]+)*@([a-z]+[.])+[a-z]+$')", (n: number) => ({ t: text(n) })],
    ["RegexExtract(user.t, '(.*)(.*)(.*)x')", (n: number) => ({ t: text(n) })],
    ["RegexReplace(user.t, 'a+$', 'b')", (n: number) => ({ t: text(n) })],
    ["Replace(user.t, 'a', 'b')", (n: number) => ({ t: text(n) })],
    ["Split(user.t, 'a').size() > 0", (n: number) => ({ t: text(n) })],
    ['NormalizeDiacritics(user.t)', (n: number) => ({ t: text(n) })],
    ["Word(user.t, 3, 'b')", (n: number) => ({ t: text(n) })],
    ["Join(',', user.l)", (n: number) => ({ l: list(n) })],
    ['RemoveDuplicates(user.l)', (n: number) => ({ l: list(n) })],
    ["user.l.exists(g, g.startsWith('x'))", (n: number) => ({ l: list(n) })],
    ["user.l.filter(g, g.matches('^group-[0-9]+$')).map(g, ToUpper(g))", (n: number) => ({ l: list(n) })],
  ])('%s', (source, attributes) => {
    compileExpression(source, 'user');
    const [small, large] = [stepsOf(source, attributes(500)), stepsOf(source, attributes(4_000))];
    expect(large).toBeLessThan(small * 8 * 1.25 + 50);
  });
});
