import express from 'express';
import type { Express, RequestHandler } from 'express';
import helmet from 'helmet';
import type { ApiDependencies } from './dependencies';
import { liveness, readiness } from './health';
import { authenticate } from './http/authenticate';
import { DOCS_STYLE, renderDocs } from './http/docs';
import { answerErrors } from './http/errors';
import { API_PREFIX, createOpenApiDocument } from './http/openapi';
import { Problem } from './http/problem';
import { logRequests } from './http/request-log';
import { measureRequests, showMetrics } from './http/request-metrics';
import type { Endpoint } from './http/route';
import { createRouter } from './http/router';
import { changeRoutes } from './routes/changes';
import { adoptionRoutes } from './routes/adoption';
import { connectorCommandRoutes } from './routes/connector-commands';
import { connectorRoutes } from './routes/connectors';
import { decisionRoutes } from './routes/decisions';
import { mappingRoutes } from './routes/mapping';
import { handoverRoutes } from './routes/handover';
import { migrationRoutes } from './routes/migration';
import { observeRoutes } from './routes/observe';
import { peopleRoutes } from './routes/people';
import { planRoutes } from './routes/plan';
import { recordRoutes } from './routes/records';
import { runRoutes } from './routes/runs';
import { scimTokenRoutes } from './routes/scim-tokens';
import { targetRoutes } from './routes/targets';
import { driftRoutes } from './routes/insight-drift';
import { exceptionRoutes } from './routes/insight-exceptions';
import { explainRoutes } from './routes/insight-explain';
import { rollbackRoutes } from './routes/insight-rollback';
import { SCIM_PREFIX, scimHandlers } from './scim/mount';
import { whatIfRoutes } from './routes/insight-what-if';

const notFoundHere: RequestHandler = (request) => {
  throw new Problem('not-found', `There is nothing at this address (${request.method}).`);
};

const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};

/** Every route of /api/v1, in the order of the documentation. */
export function apiEndpoints(deps: ApiDependencies): readonly Endpoint[] {
  return [
    ...targetRoutes(deps),
    ...connectorRoutes(deps),
    ...connectorCommandRoutes(deps),
    ...mappingRoutes(deps),
    ...peopleRoutes(deps),
    ...scimTokenRoutes(deps),
    ...whatIfRoutes(deps),
    ...changeRoutes(deps),
    ...explainRoutes(deps),
    ...driftRoutes(deps),
    ...exceptionRoutes(deps),
    ...rollbackRoutes(deps),
    ...adoptionRoutes(deps),
    ...handoverRoutes(deps),
    ...observeRoutes(deps),
    ...migrationRoutes(deps),
    ...runRoutes(deps),
    ...planRoutes(deps),
    ...decisionRoutes(deps),
    ...recordRoutes(deps),
  ];
}

/** Gives logs and metrics the pattern of a route outside the router. */
const named =
  (route: string): RequestHandler =>
  (_request, response, next) => {
    response.locals.route = route;
    next();
  };

function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        frameAncestors: ["'none'"],
        formAction: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    // TLS ends before this process, which may also be asked over plain http on the same machine.
    strictTransportSecurity: false,
  });
}

function addDocuments(app: Express, endpoints: readonly Endpoint[]): void {
  const document = JSON.stringify(createOpenApiDocument(endpoints));
  const page = renderDocs(endpoints);
  app.get('/openapi.json', named('/openapi.json'), (_request, response) => {
    response.type('application/json').send(document);
  });
  app.get('/docs', named('/docs'), (_request, response) => {
    response.type('text/html').send(page);
  });
  app.get('/docs/style.css', named('/docs/style.css'), (_request, response) => {
    response.type('text/css').send(DOCS_STYLE);
  });
}

/** The HTTP application; it opens nothing and listens nowhere (main.ts does). */
export function createApp(deps: ApiDependencies): Express {
  const endpoints = apiEndpoints(deps);
  const app = express();
  app.disable('x-powered-by').set('etag', false).set('case sensitive routing', true);
  app.use(SCIM_PREFIX, ...scimHandlers(deps));
  app.use(logRequests(deps.log), measureRequests(deps.httpMetrics), securityHeaders());
  app.get('/healthz', named('/healthz'), liveness());
  app.get('/readyz', named('/readyz'), readiness(deps));
  app.get('/metrics', named('/metrics'), showMetrics(deps.metrics));
  addDocuments(app, endpoints);
  app.use(API_PREFIX, noStore, authenticate(deps.adminToken), createRouter(endpoints, deps.newId));
  app.use(notFoundHere);
  app.use(answerErrors(deps.log));
  return app;
}
