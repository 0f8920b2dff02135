/** Types of the failures that activities report to workflows; mapped at one place, activities/errors.ts. */
export const FAILURE = {
  configuration: 'Configuration',
  authentication: 'Authentication',
  permission: 'Permission',
  data: 'SourceData',
  rateLimited: 'RateLimited',
  unavailable: 'Unavailable',
  refused: 'Refused',
  busy: 'Busy',
  internal: 'Internal',
} as const;
export type FailureType = (typeof FAILURE)[keyof typeof FAILURE];

/** Failures that another attempt cannot mend. */
export const FAILURES = {
  final: [FAILURE.configuration, FAILURE.authentication, FAILURE.permission, FAILURE.data, FAILURE.refused],
} as const;

/** Retry policies, milliseconds. */
export const RETRIES = {
  bulk: {
    initialInterval: 1_000,
    backoffCoefficient: 2,
    maximumInterval: 60_000,
    nonRetryableErrorTypes: [...FAILURES.final],
  },
  closing: { initialInterval: 500, backoffCoefficient: 2, maximumInterval: 30_000 },
};
