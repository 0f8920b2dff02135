import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RunningServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

export const LOOPBACK = '127.0.0.1';

/** Longer than clients keep an idle connection: otherwise a request can meet a connection that is just being closed. */
const KEEP_ALIVE_MS = 65_000;

/** Listens on the loopback address only; port 0 takes a free one. Rejects when the port is in use. */
export async function listen(listener: RequestListener, port: number): Promise<RunningServer> {
  const server = createServer(listener);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = KEEP_ALIVE_MS + 1_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve, reject) => {
        server.close((error) => {
          if (error === undefined) resolve();
          else reject(error);
        });
        server.closeAllConnections();
      }),
  };
}
