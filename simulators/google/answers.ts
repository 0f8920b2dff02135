import { json, type Answer } from '../support/answer';

/** The shape of every refusal: what a program decides by is the reason, not the status. */
export function refusal(code: number, reason: string, message: string, domain = 'global', status?: string): Answer {
  const errors = [{ message, domain, reason }];
  return json(code, { error: { code, message, errors, ...(status !== undefined && { status }) } });
}

export const unauthenticated = (): Answer =>
  refusal(401, 'authError', 'Request had invalid authentication credentials.', 'global', 'UNAUTHENTICATED');
export const missingScope = (): Answer =>
  refusal(
    403,
    'insufficientPermissions',
    'Request had insufficient authentication scopes.',
    'global',
    'PERMISSION_DENIED'
  );
export const forbidden = (): Answer => refusal(403, 'forbidden', 'Not Authorized to access this resource/api');
export const apiDisabled = (): Answer =>
  refusal(
    403,
    'accessNotConfigured',
    'Admin SDK API has not been used in project 1 before or it is disabled.',
    'usageLimits'
  );
export const userRate = (): Answer => refusal(403, 'userRateLimitExceeded', 'User Rate Limit Exceeded', 'usageLimits');
export const quota = (): Answer => refusal(403, 'quotaExceeded', 'Request rate higher than configured.', 'usageLimits');
export const tooMany = (): Answer =>
  refusal(429, 'rateLimitExceeded', 'Quota exceeded.', 'usageLimits', 'RESOURCE_EXHAUSTED');
export const notFound = (what: string): Answer => refusal(404, 'notFound', `Resource Not Found: ${what}`);
export const invalidInput = (what: string): Answer => refusal(400, 'invalid', `Invalid Input: ${what}`);
export const badRequest = (): Answer => refusal(400, 'badRequest', 'Bad Request');
