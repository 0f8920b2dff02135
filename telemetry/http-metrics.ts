import { Histogram } from 'prom-client';
import { statusClass } from './metrics';
import type { Metrics } from './metrics';

/** One request that was served. */
export interface ServedRequest {
  readonly method: string;
  /** The pattern of the route; null: the address is none of ours. */
  readonly route: string | null;
  readonly status: number;
  readonly seconds: number;
}
export interface HttpMetrics {
  served(request: ServedRequest): void;
}

/** A client may send any method; only these become label values. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Measures the requests that a process serves. */
export function createHttpMetrics({ registry }: Metrics): HttpMetrics {
  const durations = new Histogram({
    name: 'rollcall_http_request_duration_seconds',
    help: 'Requests the API served, by pattern of the route and class of the status.',
    labelNames: ['method', 'route', 'status_class'] as const,
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  });
  return {
    served: ({ method, route, status, seconds }) => {
      const known = METHODS.has(method) ? method : 'other';
      durations.observe({ method: known, route: route ?? 'unknown', status_class: statusClass(status) }, seconds);
    },
  };
}
