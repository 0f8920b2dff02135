import { setTimeout as wait } from 'node:timers/promises';
import express, { type Express, type Request, type Response } from 'express';
import type { FaultSubject } from '../support/faults';
import { LOOPBACK } from '../support/server';
import { graphError, html, send, type Answer } from './answer';
import { graphCall, subjectOf } from './call';
import { controlRouter } from './control';
import { delayOf, faultAnswer } from './faultKinds';
import { answerTo } from './graph';
import type { Simulator } from './simulator';

const BODY_LIMIT = '4mb';

/** Graph at /v1.0, log-in at /{tenant}, and the control plane at /_sim: one server is both of Microsoft's. */
export function createEntraApp(simulator: Simulator): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', false);
  app.use('/_sim', controlRouter(simulator));
  app.post('/:tenant/oauth2/v2.0/token', express.urlencoded({ extended: false }), (request, response) =>
    dispatch(simulator, { method: 'POST', path: request.path, endpoint: 'POST /token', users: [] }, response, () => {
      if (request.params['tenant'] !== simulator.tenantId) return Promise.resolve(graphError(400, 'invalid_tenant'));
      const form = (request.body ?? {}) as Readonly<Record<string, unknown>>;
      return simulator.tokens.issue(form, `${originOf(request)}${request.path}`, [...simulator.permissions]);
    })
  );
  app.use('/v1.0', express.json({ limit: BODY_LIMIT }), (request, response) => graph(simulator, request, response));
  app.use((_request: Request, response: Response) => {
    send(response, html(404, 'Not Found'));
  });
  return app;
}

async function graph(simulator: Simulator, request: Request, response: Response): Promise<void> {
  const isEventual = request.headers['consistencylevel'] === 'eventual';
  const base = `${originOf(request)}/v1.0`;
  const body: unknown = request.body;
  const call = graphCall({ method: request.method, url: request.url, isEventual, body, base });
  if (call === null) {
    send(response, graphError(404, 'ResourceNotFound'));
    return;
  }
  await dispatch(simulator, subjectOf(call), response, () =>
    Promise.resolve(
      simulator.tokens.isGood(request.headers.authorization)
        ? answerTo(simulator, call)
        : graphError(401, 'InvalidAuthenticationToken')
    )
  );
}

/** One request from its first byte to its answer: count, faults before, the answer, faults after. */
async function dispatch(
  simulator: Simulator,
  subject: FaultSubject,
  response: Response,
  answerOf: () => Promise<Answer>
): Promise<void> {
  const end = simulator.calls.begin(subject.endpoint);
  response.once('close', () => {
    end(response.writableEnded ? response.statusCode : undefined);
  });
  const slow = simulator.faults.hit('delay', subject);
  if (slow !== undefined) await wait(delayOf(slow), undefined, { ref: false });
  const before = simulator.faults.hit('before', subject);
  if (before !== undefined) {
    if (before.kind === 'expire-tokens') simulator.tokens.expireAll();
    const spoiled = faultAnswer(before);
    if (spoiled === null) response.socket?.resetAndDestroy();
    else send(response, spoiled);
    return;
  }
  const answer = await answerOf();
  send(response, answer, simulator.faults.hit('after', subject) !== undefined);
}

const originOf = (request: Request): string => `http://${request.headers.host ?? LOOPBACK}`;
