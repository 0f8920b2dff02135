import { setTimeout as wait } from 'node:timers/promises';
import express, { Router, type Express, type Request, type Response } from 'express';
import { html, send, type Answer } from '../support/answer';
import type { FaultSubject } from '../support/faults';
import type { PageFault } from '../support/pages';
import { forbidden, missingScope, unauthenticated, userRate } from './answers';
import { controlRouter } from './control';
import { BASE, ENDPOINTS, type Endpoint } from './endpoints';
import { delayOf, faultAnswer, pageFaultOf, spoiledBy } from './faultKinds';
import type { Simulator } from './simulator';
import { tokenAnswer, type Form } from './token';

/** The Directory API and the token endpoint at one address, and the control plane at /_sim beside them. */
export function createGoogleApp(simulator: Simulator): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', false);
  app.use('/_sim', controlRouter(simulator));
  app.use(googleRouter(simulator));
  app.use((_request: Request, response: Response) => {
    send(response, html(404, 'Error 404 (Not Found)'));
  });
  return app;
}

function googleRouter(simulator: Simulator): Router {
  const router = Router({ caseSensitive: true });
  router.use(express.urlencoded({ extended: false }));
  router.post('/token', (request, response) =>
    dispatch(simulator, 'POST /token', { request, response }, () =>
      tokenAnswer(simulator, (request.body ?? {}) as Form)
    )
  );
  for (const endpoint of ENDPOINTS) {
    router.get(`${BASE}${endpoint.path.replace('{key}', ':key')}`, (request, response) =>
      dispatch(simulator, `GET ${endpoint.path}`, { request, response }, (fault) =>
        endpointAnswer(simulator, endpoint, request, fault)
      )
    );
  }
  return router;
}

interface Exchange {
  readonly request: Request;
  readonly response: Response;
}

/** One request from its first byte to its answer: count, faults before, the answer, faults after. */
async function dispatch(
  simulator: Simulator,
  endpoint: string,
  { request, response }: Exchange,
  answerOf: (fault: PageFault | null) => Answer | Promise<Answer>
): Promise<void> {
  const end = simulator.calls.begin(endpoint);
  response.once('close', () => {
    end(response.writableEnded ? response.statusCode : undefined);
  });
  // With the query, so that a fault can be for pages behind the first alone: `*pageToken=*`.
  const subject: FaultSubject = { method: request.method, path: request.originalUrl, endpoint, users: [] };
  const slow = simulator.faults.hit('delay', subject);
  if (slow !== undefined) await wait(delayOf(slow), undefined, { ref: false });
  const before = simulator.faults.hit('before', subject);
  if (before !== undefined) {
    const spoiled = faultAnswer(before);
    if (spoiled === null) response.socket?.resetAndDestroy();
    else send(response, spoiled);
    return;
  }
  const answer = await answerOf(pageFaultOf(simulator.faults.hit('meanwhile', subject)));
  send(response, answer, spoiledBy(simulator.faults.hit('after', subject)));
}

function endpointAnswer(
  simulator: Simulator,
  { scopes, handle }: Endpoint,
  request: Request,
  fault: PageFault | null
): Answer {
  const [, credential = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  const token = simulator.tokens.get(credential);
  if (token === undefined || token.endsAt <= simulator.now()) return unauthenticated();
  if (!scopes.some((scope) => token.scopes.has(scope))) return missingScope();
  if (token.subject !== simulator.admin) return forbidden();
  if (!simulator.mayAsk(token.subject)) return userRate();
  const { key } = request.params;
  const [, query = ''] = request.originalUrl.split('?');
  return handle(simulator, { query: new URLSearchParams(query), key: typeof key === 'string' ? key : '', fault });
}
