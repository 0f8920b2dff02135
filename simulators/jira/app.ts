import express, { Router, type Express, type NextFunction, type Request, type Response } from 'express';
import { controlRouter } from './control/router';
import { json, send } from './http/answer';
import { dispatch } from './http/dispatch';
import { queryOf, type Endpoint } from './http/call';
import { ENDPOINTS } from './routes/endpoints';
import { overviewPage } from './routes/page';
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
    response.json({ state: 'RUNNING' });
  });
  router.get('/', (request, response) => {
    response.type('html').send(overviewPage(simulator, queryOf(request)));
  });
  router.use(['/rest/api/2', '/rest/api/latest'], restRouter(simulator));
  return router;
}

function restRouter(simulator: Simulator): Router {
  const router = Router({ caseSensitive: true });
  router.use(express.raw({ type: () => true, limit: BODY_LIMIT }));
  for (const endpoint of ENDPOINTS) addRoute(router, simulator, endpoint);
  router.use((request, response) => {
    simulator.calls.begin(`${request.method} (unknown)`)(404);
    const body = { message: `null for uri: ${simulator.baseUrl()}${request.originalUrl}`, 'status-code': 404 };
    send(response, json(404, body), simulator.requestHeaders(null));
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
