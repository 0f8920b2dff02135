import { createServer } from 'node:net';
import { EmbeddedServerError } from './errors';

/** Everything embedded is bound to this address only. */
export const LOCAL_ADDRESS = '127.0.0.1';

/** A port that a server wants; 0 takes any free one. */
export interface PortRequest {
  readonly server: string;
  readonly variable: string;
  readonly port: number;
}

/** The ports to use, by variable. Fails on one that is in use, naming the variable that changes it. */
export async function choosePorts(requests: readonly PortRequest[]): Promise<ReadonlyMap<string, number>> {
  const chosen = new Map<string, number>();
  for (const request of requests) {
    const taken = [...chosen.values()];
    chosen.set(request.variable, request.port === 0 ? await freePort(taken) : await fixedPort(request, taken));
  }
  return chosen;
}

async function fixedPort(request: PortRequest, taken: readonly number[]): Promise<number> {
  if (taken.includes(request.port) || (await tryListen(request.port)) === null) {
    throw new EmbeddedServerError(
      `port ${request.port} is in use, so ${request.server} cannot start there: stop the program that uses it, ` +
        `or set ${request.variable} to another port (0 takes any free one)`
    );
  }
  return request.port;
}

/** A port that is free now; nothing holds it until the server starts, so another program may still take it. */
async function freePort(taken: readonly number[]): Promise<number> {
  for (;;) {
    const port = await tryListen(0);
    if (port !== null && !taken.includes(port)) {
      return port;
    }
  }
}

function tryListen(port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') {
        resolve(null);
      } else {
        reject(new EmbeddedServerError(`port ${port} cannot be used: ${error.message}`));
      }
    });
    probe.listen({ host: LOCAL_ADDRESS, port, exclusive: true }, () => {
      const address = probe.address();
      const bound = address !== null && typeof address === 'object' ? address.port : port;
      probe.close(() => {
        resolve(bound);
      });
    });
  });
}
