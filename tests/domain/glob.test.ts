import fc from 'fast-check';
import { compileGlobs } from '../../domain/glob';

describe('compileGlobs', () => {
  it.each([
    ['jira-*', 'jira-dev', true],
    ['jira-*', 'JIRA-DEV', true],
    ['jira-*', 'jira-', true],
    ['jira-*', 'my-jira-dev', false],
    ['*-test', 'jira-test', true],
    ['*-test', 'jira-test-2', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a?c', 'a😀c', true],
    ['*a*b*', 'xxaxxbxx', true],
    ['*ab*ab', 'abab', true],
    ['*ab*ab', 'ab', false],
    ['dev', 'dev', true],
    ['dev', 'devs', false],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['*', '', true],
    ['ΟΔΟΣ*', 'ΟΔΟΣΑ', true],
    ['Müller*', 'Müller-team', true],
  ])('%s on %s: %s', (pattern, text, expected) => {
    expect(compileGlobs([pattern])(text)).toBe(expected);
  });

  it('an empty list matches nothing', () => {
    expect(compileGlobs([])('anything')).toBe(false);
  });

  it('agrees with the meaning of the two wildcards', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
    fc.assert(
      fc.property(letters, text, (pattern, candidate) => {
        const source = pattern.replaceAll('*', '.*').replaceAll('?', '.');
        expect(compileGlobs([pattern])(candidate)).toBe(new RegExp(`^${source}$`, 's').test(candidate));
      })
    );
  });

  it('a pattern of many stars ends on a long text', () => {
    const matches = compileGlobs(['*a'.repeat(40) + 'b']);
    expect(matches('a'.repeat(50_000))).toBe(false);
  });
});
