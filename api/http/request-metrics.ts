import type { RequestHandler } from 'express';
import type { HttpMetrics } from '../../telemetry/http-metrics';
import type { Metrics } from '../../telemetry/metrics';
import { routeOf } from './request-log';

const MS = 1_000;

/** Measures every request from its arrival to the end of its answer, by the pattern of its route. */
export function measureRequests(metrics: HttpMetrics): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    const { method } = request;
    response.on('close', () => {
      const seconds = (performance.now() - start) / MS;
      metrics.served({ method, route: routeOf(response), status: response.statusCode, seconds });
    });
    next();
  };
}

/** GET /metrics: what this process has measured, without a token; a proxy keeps it inside (docs/operations.md). */
export function showMetrics(metrics: Metrics): RequestHandler {
  return async (_request, response) => {
    const { contentType, text } = await metrics.exposition();
    // Express would put a charset of its own behind the version of the format.
    response.setHeader('Content-Type', contentType);
    response.end(text);
  };
}
