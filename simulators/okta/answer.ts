import type { Response } from 'express';

/** An answer before it is sent: a fault may take its place. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** A list makes a header line for each value. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

export function json(status: number, body: unknown, headers: Answer['headers'] = {}): Answer {
  return { status, contentType: 'application/json', body: JSON.stringify(body), headers };
}

export function html(status: number, title: string): Answer {
  const body = `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return { status, contentType: 'text/html', body, headers: {} };
}

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

/** Writes the answer unless the client has gone; `cut` ends the connection in the middle of the body. */
export function send(response: Response, answer: Answer, cut = false): void {
  if (response.destroyed || response.writableEnded) return;
  response.status(answer.status);
  for (const [name, value] of Object.entries(answer.headers)) {
    response.setHeader(name, typeof value === 'string' ? value : [...value]);
  }
  response.setHeader('Content-Type', answer.contentType);
  response.setHeader('Content-Length', Buffer.byteLength(answer.body));
  if (!cut) {
    response.end(answer.body);
    return;
  }
  response.write(answer.body.slice(0, answer.body.length >> 1), () => response.socket?.destroy());
}
