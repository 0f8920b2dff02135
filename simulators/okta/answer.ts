import { json, type Answer } from '../support/answer';

/** The shape of every refusal of the management API. */
export function refusal(
  status: number,
  code: string,
  summary: string,
  headers: Answer['headers'] = {},
  causes: readonly string[] = []
): Answer {
  return json(
    status,
    {
      errorCode: code,
      errorSummary: summary,
      errorLink: code,
      errorId: 'oaesimerror',
      errorCauses: causes.map((errorSummary) => ({ errorSummary })),
    },
    headers
  );
}

export const invalidToken = (): Answer => refusal(401, 'E0000011', 'Invalid token provided');
export const accessDenied = (): Answer =>
  refusal(403, 'E0000006', 'You do not have permission to perform the requested action');
export const badSearch = (cause: string): Answer => refusal(400, 'E0000031', 'Invalid search criteria.', {}, [cause]);
export const invalid = (field: string, cause: string): Answer =>
  refusal(400, 'E0000001', `Api validation failed: ${field}`, {}, [cause]);
export const notFound = (id: string, kind: string): Answer =>
  refusal(404, 'E0000007', `Not found: Resource not found: ${id} (${kind})`);
export const tooMany = (headers: Answer['headers']): Answer =>
  refusal(429, 'E0000047', 'API call exceeded rate limit due to too many requests.', headers);
