import type { RequestHandler, Response } from 'express';
import type { Log } from '../../telemetry/log';

/** Asked for every few seconds by probes. */
const QUIET = new Set(['/healthz', '/readyz', '/metrics']);

/** The pattern of the route, never the address: queries and ids may name people. */
export function routeOf(response: Response): string | null {
  const route: unknown = response.locals.route;
  return typeof route === 'string' ? route : null;
}

/** Logs every served request with method, route, status and milliseconds. */
export function logRequests(log: Log): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    const level = QUIET.has(request.path) ? 'debug' : 'info';
    response.on('close', () => {
      const ms = Math.round(performance.now() - start);
      const isCut = !response.writableFinished;
      const facts = { method: request.method, route: routeOf(response), status: response.statusCode, ms };
      log[level](isCut ? { ...facts, cut: true } : facts, 'serve request');
    });
    next();
  };
}
