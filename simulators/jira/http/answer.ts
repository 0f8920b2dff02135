import type { Response } from 'express';

export type Headers = Readonly<Record<string, string | readonly string[]>>;

/** An answer before it is sent: faults may still replace or keep it. */
export interface Answer {
  readonly status: number;
  readonly contentType: string | null;
  readonly body: string;
  readonly headers: Headers;
}

export function json(status: number, body: unknown, headers: Headers = {}): Answer {
  return { status, contentType: 'application/json;charset=UTF-8', body: JSON.stringify(body), headers };
}

export function html(status: number, body: string, headers: Headers = {}): Answer {
  return { status, contentType: 'text/html;charset=UTF-8', body, headers };
}

export function text(status: number, body: string): Answer {
  return { status, contentType: 'text/plain;charset=UTF-8', body, headers: {} };
}

export function empty(status: number, headers: Headers = {}): Answer {
  return { status, contentType: null, body: '', headers };
}

/** The shape of every refusal of Jira itself; both parts are always there. */
export function errors(
  status: number,
  errorMessages: readonly string[],
  fields: Readonly<Record<string, string>> = {}
): Answer {
  return json(status, { errorMessages, errors: fields });
}

/** Thrown by a route to end a request; nothing may have been changed before. */
export class Refusal extends Error {
  constructor(readonly answer: Answer) {
    super(`refused with ${answer.status}`);
  }
}

/** Writes the answer unless the client has gone. */
export function send(response: Response, answer: Answer, headers: Headers): void {
  if (response.destroyed || response.writableEnded) return;
  response.status(answer.status);
  for (const [name, value] of Object.entries({ ...headers, ...answer.headers })) {
    response.setHeader(name, typeof value === 'string' ? value : [...value]);
  }
  if (answer.contentType !== null) response.setHeader('Content-Type', answer.contentType);
  response.setHeader('Content-Length', Buffer.byteLength(answer.body));
  response.end(answer.body);
}
