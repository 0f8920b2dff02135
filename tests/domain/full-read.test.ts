import { isFullReadDue } from '../../domain/full-read';

describe('when everything is read again', () => {
  const last = '2026-11-01T02:00:30Z';
  it.each([
    ['daily', '2026-11-02T01:00:00Z', false],
    ['daily', '2026-11-02T02:00:00Z', true],
    ['weekly', '2026-11-07T02:00:00Z', false],
    ['weekly', '2026-11-08T02:00:00Z', true],
    ['monthly', '2026-11-30T02:00:00Z', false],
    ['monthly', '2026-12-01T02:00:00Z', true],
  ] as const)('%s: at %s %s, though the last one ended a little after the hour', (every, now, expected) => {
    expect(isFullReadDue(last, now, every)).toBe(expected);
  });
});
