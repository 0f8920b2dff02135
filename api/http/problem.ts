/** The kinds of refusals; the `type` of a problem document is `urn:rollcall:problem:{kind}` (RFC 9457, 3.1.1). */
export const PROBLEMS = {
  'bad-request': { status: 400, title: 'The request cannot be understood' },
  'malformed-json': { status: 400, title: 'The body is not JSON' },
  unauthorized: { status: 401, title: 'A valid token is needed' },
  forbidden: { status: 403, title: 'The role of the token does not allow this' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'no-plan': { status: 404, title: 'The run has no plan' },
  'method-not-allowed': { status: 405, title: 'The method is not allowed here' },
  exists: { status: 409, title: 'The id is taken' },
  'in-use': { status: 409, title: 'Something else still uses this' },
  'ambiguous-user': { status: 409, title: 'Several people are meant' },
  'connector-paused': { status: 409, title: 'The connector is paused' },
  'connector-removed': { status: 409, title: 'The connector is being removed' },
  'not-running': { status: 409, title: 'The run is not running' },
  'not-waiting': { status: 409, title: 'The run does not wait for a decision' },
  'plan-changed': { status: 409, title: 'The plan is not the one that was shown' },
  'what-if-changed': { status: 409, title: 'The what-if is not the one of this change' },
  'plan-expired': { status: 409, title: 'The plan is too old' },
  'observe-only': { status: 409, title: 'The connector only observes' },
  refused: { status: 409, title: 'The request was refused' },
  'precondition-failed': { status: 412, title: 'Somebody else changed it meanwhile' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON in UTF-8' },
  invalid: { status: 422, title: 'The request is not valid' },
  'source-identity': { status: 422, title: 'The connector would read another source' },
  'golden-users': { status: 422, title: 'Golden users would come out otherwise' },
  'key-reused': { status: 422, title: 'The Idempotency-Key was used for another request' },
  'precondition-required': { status: 428, title: 'If-Match is needed' },
  busy: { status: 429, title: 'Too many requests are under way' },
  internal: { status: 500, title: 'Something went wrong here' },
  unavailable: { status: 503, title: 'A part of the system cannot be reached' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemKind = keyof typeof PROBLEMS;

/** One wrong field. `path` is dotted as in the configuration; fields outside the body begin with `query.` or `headers.`. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

export interface ProblemOptions {
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** The body of a problem document. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}

export const PROBLEM_PREFIX = 'urn:rollcall:problem:';
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** A refusal that is answered as problem+json (RFC 9457). `detail` says what to do and holds no secret. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly kind: ProblemKind,
    readonly detail: string,
    options: ProblemOptions = {}
  ) {
    super(detail, options.cause === undefined ? {} : { cause: options.cause });
    this.status = PROBLEMS[kind].status;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
  }

  /** @returns what is sent. */
  document(): ProblemDocument {
    return {
      type: `${PROBLEM_PREFIX}${this.kind}`,
      title: PROBLEMS[this.kind].title,
      status: this.status,
      detail: this.detail,
      ...(this.errors === undefined ? {} : { errors: this.errors }),
    };
  }
}

/** "There is no run corp-9." */
export function notFound(what: string, id: string): Problem {
  return new Problem('not-found', `There is no ${what} ${JSON.stringify(id)}.`);
}
