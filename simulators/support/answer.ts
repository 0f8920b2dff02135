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

/** How an answer is spoiled on its way: it ends in the middle of the body, or pauses there for so many milliseconds. */
export type Spoiled = 'cut' | number;

/** Writes the answer unless the client has gone. */
export function send(response: Response, answer: Answer, spoiled?: Spoiled): void {
  if (response.destroyed || response.writableEnded) return;
  response.status(answer.status);
  for (const [name, value] of Object.entries(answer.headers)) {
    response.setHeader(name, typeof value === 'string' ? value : [...value]);
  }
  response.setHeader('Content-Type', answer.contentType);
  const body = Buffer.from(answer.body);
  response.setHeader('Content-Length', body.length);
  if (spoiled === undefined) {
    response.end(body);
    return;
  }
  const half = body.length >> 1;
  response.write(body.subarray(0, half), () => {
    if (spoiled === 'cut') response.socket?.destroy();
    else setTimeout(() => response.end(body.subarray(half)), spoiled).unref();
  });
}
