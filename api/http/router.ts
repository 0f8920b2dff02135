import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import express from 'express';
import type { Request, RequestHandler, Response, Router } from 'express';
import { requireRole } from './authenticate';
import { Problem } from './problem';
import type { Call, Endpoint, Principal, Reply, ResponseSpecs } from './route';
import { parseAcknowledge, parseIdempotencyKey, parseIfMatch, parsePart, refuseDeepBody } from './validate';

const BODY_LIMIT = '1mb';
const JSON_TYPES = ['application/json', 'application/*+json'];

/** `/runs/{id}` as Express writes it. */
const expressPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

function refuseOtherMediaTypes(request: Request): void {
  const isEmpty = request.headers['content-length'] === '0';
  if (!isEmpty && request.is(JSON_TYPES) === false) {
    throw new Problem('unsupported-media-type', 'Send the body with "Content-Type: application/json".');
  }
}

function readCall(
  endpoint: Endpoint,
  request: Request,
  principal: Principal,
  newId: () => string
): Call<unknown, unknown, unknown> {
  requireRole(principal, endpoint.role);
  const { params, query, body } = endpoint.request;
  if (body !== undefined) refuseDeepBody(request.body);
  return {
    params: parsePart(params, request.params, 'params'),
    query: parsePart(query, request.query, 'query'),
    ifMatch: endpoint.conditional === true ? parseIfMatch(request.headers['if-match']) : 0,
    acknowledge: endpoint.acknowledges === true ? parseAcknowledge(request.get('rollcall-acknowledge')) : null,
    requestId: parseIdempotencyKey(request.get('idempotency-key')) ?? newId(),
    body: parsePart(body, request.body, 'body'),
    principal,
  };
}

/** Streams text chunks; the first is awaited before the head is sent, so that an early failure is still answered as a problem. */
async function sendStream(response: Response, chunks: AsyncIterable<string>, mediaType: string): Promise<void> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first = await iterator.next();
  response.type(mediaType);
  async function* all(): AsyncGenerator<string> {
    if (first.done === true) return;
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  await pipeline(Readable.from(all(), { highWaterMark: 1 }), response);
}

async function send(response: Response, responses: ResponseSpecs, reply: Reply<ResponseSpecs>): Promise<void> {
  const spec = responses[reply.status];
  response.status(reply.status).set(reply.headers ?? {});
  if (spec !== undefined && 'stream' in spec) {
    await sendStream(response, reply.body as AsyncIterable<string>, spec.stream);
  } else if (reply.body === undefined) {
    response.end();
  } else {
    response.json(reply.body);
  }
}

/** A reader that went away in the middle of a download is no failure. */
function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}

function handle(endpoint: Endpoint, newId: () => string): RequestHandler {
  return async (request, response) => {
    response.locals.route = endpoint.path;
    const call = readCall(endpoint, request, response.locals.principal as Principal, newId);
    const reply = await endpoint.handler(call);
    try {
      await send(response, endpoint.responses, reply);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  };
}

function handlersOf(endpoint: Endpoint, newId: () => string): RequestHandler[] {
  if (endpoint.request.body === undefined) return [handle(endpoint, newId)];
  const checkType: RequestHandler = (request, _response, next) => {
    refuseOtherMediaTypes(request);
    next();
  };
  return [checkType, express.json({ limit: BODY_LIMIT, type: JSON_TYPES }), handle(endpoint, newId)];
}

/** Builds the router of the endpoints; other methods of a known path are answered 405 with Allow. */
export function createRouter(endpoints: readonly Endpoint[], newId: () => string): Router {
  const router = express.Router({ caseSensitive: true, strict: false });
  const methods = new Map<string, string[]>();
  for (const endpoint of endpoints) {
    const path = expressPath(endpoint.path);
    router[endpoint.method](path, ...handlersOf(endpoint, newId));
    const allowed = endpoint.method === 'get' ? ['GET', 'HEAD'] : [endpoint.method.toUpperCase()];
    methods.set(path, [...(methods.get(path) ?? []), ...allowed]);
  }
  for (const [path, allowed] of methods) router.all(path, refuseMethod(allowed));
  return router;
}

function refuseMethod(allowed: readonly string[]): RequestHandler {
  return (request) => {
    const headers = { Allow: allowed.join(', ') };
    throw new Problem('method-not-allowed', `${request.method} is not allowed here; ${headers.Allow} are.`, {
      headers,
    });
  };
}
