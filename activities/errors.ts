import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure, TemporalFailure } from '@temporalio/common';
import { ProviderError } from '../connectors/errors';
import { FAILURE } from '../domain/failures';
import type { FailureType } from '../domain/failures';
import { TargetError } from '../targets/target';
import type { Log } from './deps';

/** A server may ask to wait; more than this means "not today", and the step's own time-out decides. */
const LONGEST_WAIT_MS = 15 * 60_000;

function failure(
  type: FailureType,
  message: string,
  retryAfterMs: number | null,
  nonRetryable: boolean
): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable,
    ...(retryAfterMs !== null && { nextRetryDelay: Math.min(retryAfterMs, LONGEST_WAIT_MS) }),
    ...(type === FAILURE.rateLimited && { category: 'BENIGN' as const }),
  });
}

function fromProvider(error: ProviderError): ApplicationFailure {
  switch (error.kind) {
    case 'configuration':
      return failure(FAILURE.configuration, error.message, null, true);
    case 'authentication':
      return failure(FAILURE.authentication, error.message, null, true);
    case 'permission':
      return failure(FAILURE.permission, error.message, null, true);
    case 'data':
      return failure(FAILURE.data, error.message, null, true);
    // What was read so far belongs to another state of the source: this run ends, the next reads from the start.
    case 'cursorExpired':
      return failure(FAILURE.data, error.message, null, true);
    case 'rateLimited':
      return failure(FAILURE.rateLimited, error.message, error.retryAfterMs, false);
    case 'unavailable':
      return failure(FAILURE.unavailable, error.message, error.retryAfterMs, false);
  }
}

function fromTarget(error: TargetError): ApplicationFailure {
  switch (error.kind) {
    case 'authentication':
      return failure(FAILURE.authentication, error.message, null, true);
    case 'permission':
      return failure(FAILURE.permission, error.message, null, true);
    case 'configuration':
      return failure(FAILURE.configuration, error.message, null, true);
    case 'rateLimited':
      return failure(FAILURE.rateLimited, error.message, error.retryAfterMs, false);
    case 'notFound':
    case 'exists':
    case 'invalid':
    case 'readOnly':
      return failure(FAILURE.refused, error.message, null, true);
    case 'ambiguous':
      return failure(FAILURE.unavailable, error.message, error.retryAfterMs, false);
  }
}

/**
 * Translates known errors to what the retry policies of domain/failures.ts know: final, retryable, or retryable after the
 * delay the server asked for. Cancellation passes, and so does what nobody knows.
 */
export function castKnownErrors(error: unknown): unknown {
  if (error instanceof TemporalFailure || error instanceof CancelledFailure) return error;
  if (error instanceof ProviderError) return fromProvider(error);
  if (error instanceof TargetError) return fromTarget(error);
  if (error instanceof Error && error.name === 'ConfigurationError')
    return failure(FAILURE.configuration, error.message, null, true);
  if (error instanceof Error && error.name === 'AbortError') return new CancelledFailure('the activity was cancelled');
  if (error instanceof Error && error.name.startsWith('Mongo')) {
    return failure(FAILURE.unavailable, `the store did not answer (${error.name})`, null, false);
  }
  return error;
}

/** An error nobody knows is a bug or a broken disk: a few attempts, then the run fails and says where. */
const UNKNOWN_ATTEMPTS = 8;

/** Only the log, which is redacted, has the error itself: its text would lie in Temporal's history for good. */
function unknownFailure(error: unknown, activity: string, log: Log): ApplicationFailure {
  const { attempt } = activityInfo();
  const kind = error instanceof Error ? error.name : 'unknown';
  log.warn({ err: error, activity, attempt }, 'activity failed with an error that nobody knows');
  const times = attempt === 1 ? '' : ` ${attempt} times`;
  const message = `${activity} failed${times} (${kind}); the worker's log says more`;
  return failure(FAILURE.internal, message, null, attempt >= UNKNOWN_ATTEMPTS);
}

type AnyActivity = (input: never) => Promise<unknown>;

/** Wraps every activity of a table so that its errors are translated at this one boundary. */
export function withKnownErrors<T extends Record<string, AnyActivity>>(activities: T, log: Log): T {
  const wrap = (name: string, activity: AnyActivity): AnyActivity => {
    return async (input) => {
      try {
        return await activity(input);
      } catch (error) {
        const known = castKnownErrors(error);
        throw known instanceof TemporalFailure ? known : unknownFailure(error, name, log);
      }
    };
  };
  return Object.fromEntries(Object.entries(activities).map(([name, activity]) => [name, wrap(name, activity)])) as T;
}
