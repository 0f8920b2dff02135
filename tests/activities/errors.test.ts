import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { castKnownErrors, withKnownErrors } from '../../activities/errors';
import { ProviderError } from '../../connectors/errors';
import type { ProviderErrorKind } from '../../connectors/errors';
import { TargetError } from '../../targets/target';

const known = (error: unknown): ApplicationFailure => {
  const cast = castKnownErrors(error);
  if (!(cast instanceof ApplicationFailure)) throw new Error('this error is not known');
  return cast;
};
const MINUTE_MS = 60_000;

describe('errors at the boundary of activities', () => {
  it.each<[ProviderErrorKind, string, boolean]>([
    ['configuration', 'Configuration', true],
    ['authentication', 'Authentication', true],
    ['permission', 'Permission', true],
    ['data', 'SourceData', true],
    ['cursorExpired', 'SourceData', true],
    ['rateLimited', 'RateLimited', false],
    ['unavailable', 'Unavailable', false],
  ])('a provider error of kind %s becomes %s, final: %s', (kind, type, nonRetryable) => {
    expect(known(new ProviderError(kind, 'what happened'))).toMatchObject({
      type,
      nonRetryable,
      message: 'what happened',
    });
  });

  it.each([
    ['authentication', 'Authentication', true],
    ['permission', 'Permission', true],
    ['configuration', 'Configuration', true],
    ['notFound', 'Refused', true],
    ['exists', 'Refused', true],
    ['invalid', 'Refused', true],
    ['readOnly', 'Refused', true],
    ['rateLimited', 'RateLimited', false],
    ['ambiguous', 'Unavailable', false],
  ] as const)('a target error of kind %s becomes %s, final: %s', (kind, type, nonRetryable) => {
    expect(known(new TargetError(kind, 'what happened'))).toMatchObject({ type, nonRetryable });
  });

  it('waits as long as the server asks, but not for hours', () => {
    const asked = (ms: number): ApplicationFailure => known(new ProviderError('rateLimited', 'slow down', ms));
    expect(asked(1_500)).toMatchObject({ nextRetryDelay: 1_500 });
    expect(asked(60 * MINUTE_MS)).toMatchObject({ nextRetryDelay: 15 * MINUTE_MS });
  });

  it('keeps a failure and a cancellation of Temporal as they are', () => {
    const failure = ApplicationFailure.nonRetryable('decided already', 'Refused');
    const cancelled = new CancelledFailure('stopped');
    expect([castKnownErrors(failure), castKnownErrors(cancelled)]).toEqual([failure, cancelled]);
    expect(castKnownErrors(Object.assign(new Error('aborted'), { name: 'AbortError' }))).toBeInstanceOf(
      CancelledFailure
    );
  });

  it('says of a store that does not answer its kind of error only, and tries again', () => {
    const error = Object.assign(new Error('connection to mongodb://u:secret@db'), { name: 'MongoNetworkError' });
    expect(known(error)).toMatchObject({ type: 'Unavailable', nonRetryable: false });
    expect(known(error).message).toBe('the store did not answer (MongoNetworkError)');
  });

  it('tries an error that nobody knows eight times; its text goes to the log and never to Temporal', async () => {
    const logged: unknown[] = [];
    const log = { info: () => undefined, warn: (attributes: object) => logged.push(attributes) };
    const error = new TypeError('anna@example.com is undefined');
    const { step } = withKnownErrors({ step: () => Promise.reject(error) }, log);
    const attempt = (number: number): Promise<unknown> =>
      new MockActivityEnvironment({ attempt: number }, { logger: new DefaultLogger('ERROR') }).run(step);
    await expect(attempt(7)).rejects.toMatchObject({
      type: 'Internal',
      nonRetryable: false,
      message: "step failed 7 times (TypeError); the worker's log says more",
      cause: undefined,
    });
    await expect(attempt(8)).rejects.toMatchObject({ type: 'Internal', nonRetryable: true });
    expect(logged).toEqual([7, 8].map((times) => ({ err: error, activity: 'step', attempt: times })));
  });
});
