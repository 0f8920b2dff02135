import { pathMatches } from '../../../simulators/support/faults';

describe('pathMatches', () => {
  it.each([
    ['/user', '/user', true],
    ['/user', '/user/search', true],
    ['/group', '/user', false],
    ['/user/*', '/user/search', true],
    ['/user/*', '/user', false],
    ['*/search', '/user/search', true],
    ['/user/*/x', '/user/properties/x', true],
    ['/user/*/x', '/user/x', false],
    ['*a*b*', 'xxbxa', false],
    ['*a*b*', 'xxaxb', true],
    ['ab*ba', 'aba', false],
    ['*', '', true],
  ])('says whether %s covers %s: %p', (pattern, path, expected) => {
    expect(pathMatches(pattern, path)).toBe(expected);
  });
});
