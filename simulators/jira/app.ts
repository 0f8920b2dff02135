import express, { Router, type Express, type NextFunction, type Request, type Response } from 'express';
import { controlRouter } from './control/router';
import { json, send } from './http/answer';
import { dispatch } from './http/dispatch';
import { API_ROOTS, type Api, type Endpoint } from './http/call';
import { ENDPOINTS } from './routes/endpoints';
import type { Simulator } from './simulator';

const BODY_LIMIT = '1mb';

/** Jira below its context path, and the control plane at /_sim beside it. */
export function createJiraApp(simulator: Simulator): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', false);
  app.use('/_sim', controlRouter(simulator));
  app.use(simulator.contextPath === '' ? '/' : simulator.contextPath, jiraRouter(simulator));
  app.use((_request: Request, response: Response) => {
    response.status(404).type('html').send('<html><head><title>404</title></head><body>Not Found</body></html>');
  });
  return app;
}

function jiraRouter(simulator: Simulator): Router {
  const router = Router();
  router.get('/status', (_request, response) => {
    const isDown = simulator.faults.list().some(({ kind }) => kind === 'maintenance');
    response.status(isDown ? 503 : 200).json({ state: isDown ? 'MAINTENANCE' : 'RUNNING' });
  });
  router.get('/', (_request, response) => {
    response.redirect('/_sim/');
  });
  for (const api of Object.keys(API_ROOTS) as readonly Api[]) {
    router.use([...API_ROOTS[api]], restRouter(simulator, api));
  }
  return router;
}

function restRouter(simulator: Simulator, api: Api): Router {
  const router = Router({ caseSensitive: true });
  router.use(express.raw({ type: () => true, limit: BODY_LIMIT }));
  for (const endpoint of ENDPOINTS) {
    const isOffered = endpoint.offered?.(simulator) ?? true;
    if (isOffered && (endpoint.api ?? 'platform') === api) addRoute(router, simulator, endpoint);
  }
  router.use(async (request: Request, response: Response) => {
    await dispatch(simulator, unknownEndpoint(simulator, api, request), request, response);
  });
  router.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (!isHttpError(error)) {
      next(error);
      return;
    }
    send(response, json(error.status, { message: error.message, 'status-code': error.status }), {});
  });
  return router;
}

/** What is not there is asked for like everything else: with a log-in and at the cost of a token of the rate limit. */
function unknownEndpoint(simulator: Simulator, api: Api, request: Request): Endpoint {
  const body = { message: `null for uri: ${simulator.baseUrl()}${request.originalUrl}`, 'status-code': 404 };
  return {
    api,
    method: request.method as Endpoint['method'],
    path: api === 'platform' ? '(unknown)' : '/(unknown)',
    access: api === 'crowd' ? 'application' : 'anyone',
    handle: () => json(404, body),
  };
}

function addRoute(router: Router, simulator: Simulator, endpoint: Endpoint): void {
  const path = endpoint.path.replace(/\{(\w+)\}/g, ':$1');
  const handler = async (request: Request, response: Response): Promise<void> => {
    await dispatch(simulator, endpoint, request, response);
  };
  switch (endpoint.method) {
    case 'GET':
      router.get(path, handler);
      return;
    case 'POST':
      router.post(path, handler);
      return;
    case 'PUT':
      router.put(path, handler);
      return;
    case 'DELETE':
      router.delete(path, handler);
      return;
  }
}

/** What Express makes of a path or a body that it cannot read. */
function isHttpError(error: unknown): error is Error & { readonly status: number } {
  return error instanceof Error && 'status' in error && typeof error.status === 'number';
}
