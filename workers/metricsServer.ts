import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Log } from '../telemetry/log';
import type { Metrics } from '../telemetry/metrics';

/** The metrics cannot be shown at the address that was asked for. The message is for the person at the terminal. */
export class MetricsListenError extends Error {
  override readonly name = 'MetricsListenError';
}

export interface MetricsServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly metrics: Metrics;
  readonly log: Log;
}
export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

const READ_METHODS = new Set(['GET', 'HEAD']);

/**
 * Answers `GET /metrics` and `GET /healthz` (this process runs) without a token: only counts are told.
 * @throws MetricsListenError when the address cannot be listened on
 */
export async function startMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const { metrics, log } = options;
  const server = createServer((request, response) => {
    answer(metrics, request, response).catch((error: unknown) => {
      log.warn({ err: error }, 'metrics could not be shown');
      response.writeHead(500).end();
    });
  });
  await bind(server, options);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    close: () => close(server),
  };
}

async function answer(metrics: Metrics, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!READ_METHODS.has(request.method ?? '')) {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  switch (request.url?.split('?')[0]) {
    case '/metrics': {
      const { contentType, text } = await metrics.exposition();
      response.writeHead(200, { 'content-type': contentType }).end(text);
      return;
    }
    case '/healthz':
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
      return;
    default:
      response.writeHead(404).end();
  }
}

function bind(server: Server, { host, port }: MetricsServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const hint = 'set ROLLCALL_METRICS_PORT to a free port, and HOST to an address of this machine';
      reject(new MetricsListenError(`metrics cannot be shown on ${host}:${port} (${error.code ?? 'error'}): ${hint}`));
    });
    server.listen(port, host, resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
