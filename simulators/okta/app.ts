import { setTimeout as wait } from 'node:timers/promises';
import express, { Router, type Express, type Request, type Response } from 'express';
import type { FaultSubject } from '../support/faults';
import { html, json, send, type Answer } from '../support/answer';
import type { PageFault } from '../support/pages';
import { accessDenied, invalidToken, tooMany } from './answer';
import { controlRouter } from './control';
import { ENDPOINTS, type Endpoint } from './endpoints';
import { delayOf, faultAnswer, pageFaultOf, spoiledBy } from './faultKinds';
import type { Simulator } from './simulator';
import { tokenAnswer, type Form } from './token';

/** An Okta org, and the control plane at /_sim beside it. */
export function createOktaApp(simulator: Simulator): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', false);
  app.use('/_sim', controlRouter(simulator));
  app.use(oktaRouter(simulator));
  app.use((_request: Request, response: Response) => {
    send(response, html(404, 'Page not found'));
  });
  return app;
}

function oktaRouter(simulator: Simulator): Router {
  const router = Router({ caseSensitive: true });
  router.use(express.urlencoded({ extended: false }));
  router.get('/.well-known/okta-organization', (request, response) =>
    dispatch(simulator, 'GET /.well-known/okta-organization', { request, response }, () =>
      json(200, { id: simulator.org.id, _links: { organization: { href: simulator.origin } }, pipeline: 'idx' })
    )
  );
  router.post('/oauth2/v1/token', (request, response) =>
    dispatch(simulator, 'POST /oauth2/v1/token', { request, response }, () =>
      tokenAnswer(simulator, (request.body ?? {}) as Form, request.header('dpop'))
    )
  );
  for (const endpoint of ENDPOINTS) {
    router.get(endpoint.path.replace('{id}', ':id'), (request, response) =>
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

/** One request from its first byte to its answer: count, limits, faults before, the answer, faults after. */
async function dispatch(
  simulator: Simulator,
  endpoint: string,
  { request, response }: Exchange,
  answerOf: (fault: PageFault | null) => Answer | Promise<Answer>
): Promise<void> {
  const end = simulator.calls.begin(endpoint);
  simulator.open += 1;
  response.once('close', () => {
    simulator.open -= 1;
    end(response.writableEnded ? response.statusCode : undefined);
  });
  // With the query, so that a fault can be for pages behind the first alone: `*after=*`.
  const subject: FaultSubject = { method: request.method, path: request.originalUrl, endpoint, users: [] };
  const { isGranted, headers } = simulator.limiter.take(bucketOf(request.path));
  const slow = simulator.faults.hit('delay', subject);
  if (slow !== undefined) await wait(delayOf(slow), undefined, { ref: false });
  const before = simulator.faults.hit('before', subject);
  if (before !== undefined) {
    const spoiled = faultAnswer(before, (kind, seconds) => tooMany(simulator.limiter.refused(kind, seconds)));
    if (spoiled === null) response.socket?.resetAndDestroy();
    else send(response, withHeaders(simulator, spoiled, headers));
    return;
  }
  const answer =
    isGranted && simulator.open <= simulator.concurrency
      ? await answerOf(pageFaultOf(simulator.faults.hit('meanwhile', subject)))
      : tooMany(isGranted ? simulator.limiter.refused('concurrency', 1) : headers);
  send(response, withHeaders(simulator, answer, headers), spoiledBy(simulator.faults.hit('after', subject)));
}

/** The limits are told with every answer; those of a refusal are its own. */
const withHeaders = ({ now }: Simulator, answer: Answer, headers: Answer['headers']): Answer => ({
  ...answer,
  headers: { date: new Date(now()).toUTCString(), ...headers, ...answer.headers },
});

/** Buckets go by path: all of users, all of groups, the rest. */
function bucketOf(path: string): string {
  return /^\/api\/v1\/(users|groups)/.exec(path)?.[1] ?? 'other';
}

function endpointAnswer(
  simulator: Simulator,
  { scope, handle }: Endpoint,
  request: Request,
  fault: PageFault | null
): Answer {
  const [, scheme = '', credential = ''] = /^(Bearer|SSWS) (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  const token = simulator.tokens.get(credential);
  const isAdmin = scheme === 'SSWS' && credential === simulator.apiToken;
  const isClient = scheme === 'Bearer' && token !== undefined && token.endsAt > simulator.now();
  if (!isAdmin && !isClient) return invalidToken();
  if (isClient && !token.scopes.has(scope)) return accessDenied();
  const [path = '', query = ''] = request.originalUrl.split('?');
  const { id } = request.params;
  return handle(simulator, {
    ...{ path, fault, isAdmin },
    query: new URLSearchParams(query),
    id: typeof id === 'string' ? id : '',
  });
}
