import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { ulid } from 'ulid';
import type { ApiDependencies } from '../dependencies';
import { routeOf } from '../http/request-log';
import { measureRequests } from '../http/request-metrics';
import { ScimConnectors } from './connectors';
import { createScimHandler } from './handler';
import { RequestRate } from './rate';
import { TokenChecker } from './tokens';

export const SCIM_PREFIX = '/scim/v2';
const REFUSED = 400;

/** What answers under /scim/v2: measured like every route, logged where it refuses. */
export function scimHandlers(deps: ApiDependencies): readonly RequestHandler[] {
  const { store, clock, secretBox, log, notifier } = deps;
  const handler = createScimHandler({
    deps: {
      store: store.scim,
      clock,
      newMoment: () => ulid(clock().getTime()),
      newId: () => randomUUID(),
      changed: (connectorId) => {
        notifier.changed(connectorId);
      },
    },
    connectors: new ScimConnectors(deps),
    checker: new TokenChecker({ tokens: store.scim.tokens, digest: (text) => secretBox.digest(text), clock }),
    rate: new RequestRate(),
    log,
  });
  return [measureRequests(deps.httpMetrics), logRefused(deps), handler];
}

/** A provider sends thousands of requests that are answered as asked: the metrics count them, the log need not. */
function logRefused({ log }: ApiDependencies): RequestHandler {
  return (request, response, next) => {
    response.on('close', () => {
      const facts = { method: request.method, route: routeOf(response), status: response.statusCode };
      log[response.statusCode < REFUSED ? 'debug' : 'info'](facts, 'serve scim request');
    });
    next();
  };
}
