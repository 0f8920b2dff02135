import type { ErrorRequestHandler, Response } from 'express';
import { ConfigurationError } from '../../config/errors';
import { InvalidCursorError } from '../../store/ranges';
import type { Log } from '../../telemetry/log';
import { REFUSED } from '../../workflows/messages';
import { TemporalUnavailable, UpdateRefused, WorkflowBusy } from '../gateway-errors';
import { PROBLEM_MEDIA_TYPE, Problem } from './problem';
import type { ProblemKind } from './problem';

const UNAVAILABLE_RETRY_SECONDS = '5';

const KIND_OF_REFUSAL: Readonly<Record<string, ProblemKind>> = {
  [REFUSED.paused]: 'connector-paused',
  [REFUSED.removed]: 'connector-removed',
  [REFUSED.notRunning]: 'not-running',
};

/** The problem that says why the connector's workflow refused. */
export function problemOfRefusal(refusal: UpdateRefused): Problem {
  return new Problem(KIND_OF_REFUSAL[refusal.type] ?? 'refused', refusal.message, { cause: refusal });
}

/** Errors of Express and its body parser carry a status and, the latter, a type. */
function problemOfHttpError(error: Error & { readonly status: number; readonly type?: unknown }): Problem {
  switch (error.status) {
    case 413:
      return new Problem('too-large', 'The body is larger than this route takes.', { cause: error });
    case 415:
      return new Problem('unsupported-media-type', 'Send JSON in UTF-8, uncompressed or with gzip.', { cause: error });
    default:
      return error.type === 'entity.parse.failed'
        ? new Problem('malformed-json', 'The body cannot be parsed as JSON.', { cause: error })
        : new Problem('bad-request', 'The request cannot be understood.', { cause: error });
  }
}

function isClientError(error: unknown): error is Error & { readonly status: number } {
  return error instanceof Error && 'status' in error && Number(error.status) >= 400 && Number(error.status) < 500;
}

/** Every error of a handler as the problem that is answered; what nobody foresaw becomes `internal`, without its message. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ConfigurationError) {
    const errors = error.issues.map(({ path, message }) => ({ path, message }));
    return new Problem('invalid', 'The configuration is not valid.', { errors, cause: error });
  }
  if (error instanceof InvalidCursorError) {
    const errors = [{ path: 'query.cursor', message: 'must be the nextCursor of the page before' }];
    return new Problem('bad-request', 'The cursor is not one that this list gave out.', { errors, cause: error });
  }
  if (error instanceof UpdateRefused) return problemOfRefusal(error);
  if (error instanceof WorkflowBusy) {
    const headers = { 'Retry-After': String(error.retryAfterSeconds) };
    return new Problem('busy', `${error.message} Ask again with the same Idempotency-Key.`, { headers, cause: error });
  }
  if (error instanceof TemporalUnavailable) {
    const headers = { 'Retry-After': UNAVAILABLE_RETRY_SECONDS };
    return new Problem('unavailable', `${error.message} Nothing was started.`, { headers, cause: error });
  }
  if (isClientError(error)) return problemOfHttpError(error);
  return new Problem('internal', 'The request failed; the log of the API has the cause.', { cause: error });
}

/** Sends a problem document. */
export function sendProblem(response: Response, problem: Problem): void {
  response.status(problem.status).set(problem.headers).type(PROBLEM_MEDIA_TYPE);
  response.send(JSON.stringify(problem.document()));
}

/** The last handler of the app. A response that has begun is cut off: a half answer must not look whole. */
export function answerErrors(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const problem = toProblem(error);
    if (problem.status >= 500) log.error({ err: error, method: request.method, kind: problem.kind }, 'request failed');
    if (response.headersSent) {
      next(error);
      return;
    }
    sendProblem(response, problem);
  };
}
