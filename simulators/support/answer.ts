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
