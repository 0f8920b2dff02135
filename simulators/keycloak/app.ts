import { setTimeout as wait } from 'node:timers/promises';
import express, { Router, type Express, type Request, type Response } from 'express';
import type { FaultSubject } from '../support/faults';
import { html, json, refusal, send, unauthorized, type Answer } from './answer';
import { controlRouter } from './control';
import { ENDPOINTS } from './endpoints';
import { delayOf, faultAnswer } from './faultKinds';
import type { Simulator } from './simulator';

const MS_PER_SECOND = 1_000;

/** Keycloak below its context path, and the control plane at /_sim beside it. */
export function createKeycloakApp(simulator: Simulator): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', false);
  app.use('/_sim', controlRouter(simulator));
  app.use(simulator.contextPath === '' ? '/' : simulator.contextPath, keycloakRouter(simulator));
  app.use((_request: Request, response: Response) => {
    send(response, html(404, 'Not Found'));
  });
  return app;
}

function keycloakRouter(simulator: Simulator): Router {
  const router = Router({ caseSensitive: true });
  router.use(express.urlencoded({ extended: false }));
  router.get('/realms/:realm', (request, response) =>
    dispatch(simulator, 'GET /realms/{realm}', { request, response }, () =>
      isRealm(simulator, request) ? json(200, { realm: simulator.realmName }) : refusal(404, 'Realm does not exist')
    )
  );
  router.post('/realms/:realm/protocol/openid-connect/token', (request, response) =>
    dispatch(simulator, 'POST /token', { request, response }, () => tokenAnswer(simulator, request))
  );
  for (const { path, handle } of ENDPOINTS) {
    router.get(`/admin/realms/:realm${path.replace('{id}', ':id')}`, (request, response) =>
      dispatch(simulator, `GET ${path}`, { request, response }, () => {
        const query = new URLSearchParams(request.originalUrl.split('?')[1] ?? '');
        return refusalOf(simulator, request) ?? handle(simulator, { query, id: parameter(request, 'id') });
      })
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
  answerOf: () => Answer
): Promise<void> {
  const end = simulator.calls.begin(endpoint);
  response.once('close', () => {
    end(response.writableEnded ? response.statusCode : undefined);
  });
  const subject: FaultSubject = { method: request.method, path: request.path, endpoint, users: [] };
  const slow = simulator.faults.hit('delay', subject);
  if (slow !== undefined) await wait(delayOf(slow), undefined, { ref: false });
  const before = simulator.faults.hit('before', subject);
  if (before !== undefined) {
    const spoiled = faultAnswer(before);
    if (spoiled === null) response.socket?.resetAndDestroy();
    else send(response, spoiled);
    return;
  }
  send(response, answerOf(), simulator.faults.hit('after', subject) !== undefined);
}

function tokenAnswer(simulator: Simulator, request: Request): Answer {
  if (!isRealm(simulator, request)) return refusal(404, 'Realm does not exist');
  const form = request.body as Readonly<Record<string, unknown>> | undefined;
  const said = (error: string): Answer =>
    json(401, { error, error_description: 'Invalid client or Invalid client credentials' });
  if (form?.['client_id'] !== simulator.clientId) return said('invalid_client');
  if (form['client_secret'] !== simulator.clientSecret) return said('unauthorized_client');
  if (form['grant_type'] !== 'client_credentials') return json(400, { error: 'unsupported_grant_type' });
  const token = simulator.newToken();
  const expires_in = simulator.tokenLifetimeSeconds;
  simulator.tokens.set(token, simulator.now() + expires_in * MS_PER_SECOND);
  return json(200, { access_token: token, expires_in, refresh_expires_in: 0, token_type: 'Bearer', scope: 'profile' });
}

function refusalOf(simulator: Simulator, request: Request): Answer | null {
  const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  const endsAt = simulator.tokens.get(token);
  if (endsAt === undefined || endsAt <= simulator.now()) return unauthorized();
  return isRealm(simulator, request) ? null : refusal(404, 'Realm not found.');
}

function parameter(request: Request, name: string): string {
  const value = request.params[name];
  return typeof value === 'string' ? value : '';
}

const isRealm = (simulator: Simulator, request: Request): boolean =>
  parameter(request, 'realm') === simulator.realmName;
