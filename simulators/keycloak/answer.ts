import type { Response } from 'express';

/** An answer before it is sent: a fault may take its place. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function json(status: number, body: unknown): Answer {
  return { status, contentType: 'application/json;charset=UTF-8', body: JSON.stringify(body), headers: {} };
}

export function html(status: number, title: string, headers: Answer['headers'] = {}): Answer {
  const body = `<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`;
  return { status, contentType: 'text/html', body, headers };
}

/** The shape of every refusal of Keycloak itself. */
export const refusal = (status: number, error: string): Answer => json(status, { error });

export const forbidden = (): Answer => refusal(403, 'HTTP 403 Forbidden');
export const unauthorized = (): Answer => refusal(401, 'HTTP 401 Unauthorized');

/** Writes the answer unless the client has gone; `cut` ends the connection in the middle of the body. */
export function send(response: Response, answer: Answer, cut = false): void {
  if (response.destroyed || response.writableEnded) return;
  response.status(answer.status);
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.setHeader('Content-Type', answer.contentType);
  response.setHeader('Content-Length', Buffer.byteLength(answer.body));
  if (!cut) {
    response.end(answer.body);
    return;
  }
  response.write(answer.body.slice(0, answer.body.length >> 1), () => response.socket?.destroy());
}
