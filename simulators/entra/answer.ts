import { randomUUID } from 'node:crypto';
import type { Response } from 'express';

/** An answer before it is sent: a fault may take its place. */
export interface Answer {
  readonly status: number;
  /** Undefined: none. */
  readonly body: unknown;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function json(body: unknown, status = 200, headers: Answer['headers'] = {}): Answer {
  return { status, body, contentType: 'application/json;odata.metadata=minimal;charset=utf-8', headers };
}

/** The shape of every refusal of Graph. */
export function graphError(status: number, code: string, headers: Answer['headers'] = {}): Answer {
  const innerError = { date: '2026-11-24T08:00:00', 'request-id': randomUUID(), 'client-request-id': randomUUID() };
  return json({ error: { code, message: `The simulator says ${code}.`, innerError } }, status, headers);
}

export function html(status: number, title: string): Answer {
  return { status, body: `<html><head><title>${title}</title></head></html>`, contentType: 'text/html', headers: {} };
}

/** A bare number or text, as $count answers. */
export const text = (body: string): Answer => ({ status: 200, body, contentType: 'text/plain', headers: {} });

/** Writes the answer unless the client has gone; `cut` ends the connection in the middle of the body. */
export function send(response: Response, answer: Answer, cut = false): void {
  if (response.destroyed || response.writableEnded) return;
  const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  response.status(answer.status);
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  response.setHeader('Content-Type', answer.contentType);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  if (!cut) {
    response.end(body);
    return;
  }
  response.write(body.slice(0, body.length >> 1), () => response.socket?.destroy());
}
