import { pauseAfter } from '../../activities/readPatiently';
import { TargetError } from '../../targets/target';

const failure = (kind: TargetError['kind'], retryAfterMs: number | null = null): TargetError =>
  new TargetError(kind, 'failed', null, retryAfterMs);

describe('the pause before a read is tried again', () => {
  it('is what the target asks for, however often', () => {
    expect(pauseAfter(failure('rateLimited', 3_000), 1)).toBe(3_000);
    expect(pauseAfter(failure('rateLimited', 3_000), 50)).toBe(3_000);
  });

  it('doubles after every lost answer, until the tries are used up', () => {
    const pauses = [1, 2, 3, 4, 5, 6].map((attempt) => pauseAfter(failure('ambiguous'), attempt));
    expect(pauses).toEqual([200, 400, 800, 1_600, 3_200, null]);
  });

  it('is none for a wait that the step is not to sit through', () => {
    expect(pauseAfter(failure('rateLimited', 60_001), 1)).toBeNull();
    expect(pauseAfter(failure('ambiguous', 600_000), 1)).toBeNull();
  });

  it.each(['authentication', 'permission', 'notFound', 'exists', 'invalid', 'readOnly', 'configuration'] as const)(
    'is none where another try changes nothing: %s',
    (kind) => {
      expect(pauseAfter(failure(kind, 1_000), 1)).toBeNull();
    }
  );

  it('is none for what is no failure of the target', () => {
    expect(pauseAfter(new Error('a bug'), 1)).toBeNull();
  });
});
