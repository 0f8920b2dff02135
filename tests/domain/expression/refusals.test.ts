import { compileExpression } from '../../../domain/expression/evaluate';
import { ExpressionError } from '../../../domain/expression/error';

function refusal(source: string): ExpressionError {
  try {
    compileExpression(source, 'user');
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  throw new Error(`${source} was not refused`);
}

describe('an expression is checked when it is saved, and the error names the place', () => {
  it.each([
    ["'a' + usr.name", 'unknown variable "usr" (line 1, column 7)'],
    ["'a' +\n  Joyn(' ', 1)", 'unknown function "Joyn" (line 2, column 3)'],
    ["user.mail.startWith('a')", 'unknown method "startWith" (line 1, column 1)'],
    ["Left('abc')", 'Left() takes 2 arguments, not 1 (line 1, column 1)'],
    ["InStr('a', 'b', 1, 2)", 'InStr() takes 2 to 3 arguments, not 4 (line 1, column 1)'],
    ['Join()', 'Join() takes at least 1 arguments, not 0 (line 1, column 1)'],
    ["'a'.startsWith()", 'startsWith() takes 1 arguments, not 0 (line 1, column 1)'],
    ["Left('abc', [1])", 'Left() needs a number here, not a list (line 1, column 13)'],
    ["IIF('a', 1, 2)", 'IIF() needs true or false here, not a text (line 1, column 5)'],
    ["Count({'a': 1})", 'Count() needs a list here, not a record (line 1, column 7)'],
    ["true && 'a'", 'must be true or false, but is a text (line 1, column 9)'],
    ["'a' ? 1 : 2", 'must be true or false, but is a text (line 1, column 1)'],
    ["!'a'", 'must be true or false, but is a text (line 1, column 2)'],
    ["'a' * 2", '"*" cannot work on a text (line 1, column 1)'],
    ['2 < [1]', '"<" cannot work on a list (line 1, column 5)'],
    ['true + 1', '"+" cannot work on true or false (line 1, column 1)'],
    ["-'a'", '"-" cannot work on a text (line 1, column 1)'],
    ["'a'.field", 'a text has no field "field" (line 1, column 1)'],
    ['groups.exists(g)', 'exists() needs the name of a variable and what to do with it (line 1, column 1)'],
    ['groups.map(g, true, g, g)', 'map() needs the name of a variable and what to do with it (line 1, column 1)'],
    ['groups.filter(g, 1)', 'must be true or false, but is a number (line 1, column 18)'],
    ['has(user)', 'has() needs one attribute, as in has(user.department) (line 1, column 1)'],
    ['{user.a: 1}', 'a name must be written as a text (line 1, column 2)'],
    ["b'abc'", 'only texts, numbers, true, false and null are known here (line 1, column 1)'],
    ['1u', 'only texts, numbers, true, false and null are known here (line 1, column 1)'],
    ['cel.bind(x, 1, x)', 'unknown method "bind" (line 1, column 1)'],
    ["user.mail.matches('(a')", 'the pattern missing closing ): `(a` (line 1, column 19)'],
    ["user.mail.matches('(?=a)')", expect.stringContaining('RE2 has no look-around and no back-references')],
    ["user.mail.matches('(a)\\\\1')", expect.stringContaining('RE2 has no look-around and no back-references')],
    ["user.mail.matches('(x{500}){2}')", expect.stringContaining('the pattern')],
    ["user.mail.matches('(((((x{10}){10}){10})))')", expect.stringContaining('the pattern stands for too much')],
    [
      'user.mail.matches(user.pattern)',
      expect.stringContaining('must be written as a text, so that it can be checked'),
    ],
    [
      "RegexReplace(user.mail, '(a)', '$2')",
      'the pattern $2 is no group of the pattern, which has 1 (line 1, column 32)',
    ],
    ["RegexReplace(user.mail, 'a', user.b)", expect.stringContaining('the replacement must be written as a text')],
    ["'abc", 'Unterminated string (line 1, column 1)'],
    ['user.a ==\n\n  && true', 'Unexpected token: AND (line 3, column 3)'],
    ['', 'Unexpected token: EOF (line 1, column 1)'],
    ['now()', 'unknown function "now" (line 1, column 1)'],
    ['Guid()', 'unknown function "Guid" (line 1, column 1)'],
    ['RandomString(1)', 'unknown function "RandomString" (line 1, column 1)'],
    ["timestamp('2024-01-01T00:00:00Z')", 'unknown function "timestamp" (line 1, column 1)'],
  ])('%s: %s', (source, message) => {
    expect(refusal(source).message).toEqual(message);
  });

  it('knows the names that there are, for the nearest one', () => {
    expect(refusal('usr').unknown).toEqual({ name: 'usr', known: ['user', 'groups', 'existing', 'link'] });
    expect(refusal('Joyn()').unknown?.known).toContain('Join');
  });

  it.each([
    ['too long', `'${'x'.repeat(10_000)}'`, 'is longer than 10000 characters'],
    ['too many parts', Array.from({ length: 600 }, () => '1').join('+'), 'maxAstNodes'],
    ['too deep', `${'('.repeat(60)}1${')'.repeat(60)}`, 'maxDepth'],
    ['a list without end', `[${'1,'.repeat(501)}]`, 'maxListElements'],
  ])('%s', (_, source, message) => {
    expect(refusal(source).message).toContain(message);
  });
});
