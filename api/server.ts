import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { isIP } from 'node:net';

/** The address cannot be listened on. The message is for the person at the terminal. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

export interface Listening {
  /** `http://127.0.0.1:8080`, with the port that was given by the system for port 0. */
  readonly url: string;
  /** Takes no new requests, lets running ones end for a while, then cuts them. */
  close(): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** @default 10000 */
  readonly graceMs?: number;
}

const GRACE_MS = 10_000;

function explain(error: NodeJS.ErrnoException, { host, port }: ListenOptions): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ListenError(`port ${port} on ${host} is in use: stop the program that has it, or set PORT to another`);
    case 'EACCES':
      return new ListenError(`port ${port} on ${host} may not be opened by this user: set PORT to one above 1023`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ListenError(
        `${host} is no address of this machine: set HOST to one, for example 127.0.0.1 or 0.0.0.0`
      );
    default:
      return error;
  }
}

function bind(server: Server, options: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      reject(explain(error, options));
    };
    server.once('error', fail);
    server.listen(options.port, options.host, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

/** A connection that a client keeps open for its next request would keep a closing server from its end. */
function closeAnswered(server: Server): void {
  server.on('request', (_request, response) => {
    response.on('close', () => {
      if (server.listening) return;
      setImmediate(() => {
        server.closeIdleConnections();
      });
    });
  });
}

function closeServer(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => {
      server.closeAllConnections();
    }, graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/**
 * Listens on an address.
 * @throws ListenError when the port is in use, or the address is not ours
 */
export async function listen(handler: RequestListener, options: ListenOptions): Promise<Listening> {
  const server = createServer(handler);
  closeAnswered(server);
  await bind(server, options);
  return { url: urlOf(server, options.host), close: () => closeServer(server, options.graceMs ?? GRACE_MS) };
}
