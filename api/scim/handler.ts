import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, RequestHandler, Response } from 'express';
import { ScimError, errorBody } from '../../domain/scim/error';
import type { Log } from '../../telemetry/log';
import { readForm, readJson } from './body';
import { patternOf } from './call';
import type { ScimCall, ScimConnector, ScimDependencies, ScimReply } from './call';
import type { ScimConnectors } from './connectors';
import { MethodNotAllowed, dispatch } from './dispatch';
import { answerTokenRequest } from './oauth';
import type { RequestRate } from './rate';
import { unauthorized } from './tokens';
import type { TokenChecker } from './tokens';

export interface ScimServer {
  readonly deps: ScimDependencies;
  readonly connectors: ScimConnectors;
  readonly checker: TokenChecker;
  readonly rate: RequestRate;
  readonly log: Log;
}

const SCIM_TYPE = 'application/scim+json; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

/** SCIM 2.0 for identity providers: `/scim/v2/{connector}/…`, ahead of everything that the other routes need. */
export function createScimHandler(server: ScimServer): RequestHandler {
  return async (request, response) => {
    try {
      await send(request, response, await answer(server, request, response));
    } catch (error) {
      sendError(server, request, response, error);
    }
  };
}

async function answer(server: ScimServer, request: Request, response: Response): Promise<ScimReply> {
  const { path, query } = partsOf(request.url);
  const [connectorId = '', ...segments] = path;
  response.locals.route = patternOf(segments);
  const connector = await server.connectors.get(connectorId);
  if (segments.join('/').toLowerCase() === 'oauth/token') return tokenReply(server, request, connector, connectorId);
  await server.checker.check(connectorId, request.headers.authorization);
  if (connector === null) throw unauthorized('The token is not valid for this address.');
  const wait = server.rate.take(connectorId, connector.settings.requestsPerSecond);
  if (wait > 0) throw new TooManyRequests(wait);
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  const call: ScimCall = {
    connector,
    method: request.method,
    segments,
    query,
    headers: request.headers,
    body: hasBody ? await readJson(request) : undefined,
    base: `${originOf(request)}/scim/v2/${connectorId}`,
  };
  return dispatch(server.deps, call);
}

/** 429 with when to come back. */
class TooManyRequests extends ScimError {
  constructor(readonly seconds: number) {
    super(429, null, 'Too many requests at once: ask again later.');
  }
}

async function tokenReply(
  { deps, checker, rate }: ScimServer,
  request: Request,
  connector: ScimConnector | null,
  connectorId: string
): Promise<ScimReply> {
  if (request.method !== 'POST') throw new MethodNotAllowed(['POST']);
  const wait = rate.take(`oauth ${connectorId}`, TOKENS_PER_SECOND);
  if (wait > 0) throw new TooManyRequests(wait);
  const { authorization } = request.headers;
  const form = await readForm(request);
  if (connector === null) throw unauthorized('There is no such client.');
  const oauth = { tokens: deps.store.tokens, checker, clock: deps.clock };
  return answerTokenRequest(oauth, { connectorId, form, authorization });
}
/** Tokens live for an hour; more than this is somebody who guesses. */
const TOKENS_PER_SECOND = 20;

/** Path and query as clients write them, a `?` or `&` too many included. @throws ScimError 400 for what cannot be decoded */
function partsOf(url: string): { readonly path: readonly string[]; readonly query: Readonly<Record<string, unknown>> } {
  const [path = '', ...search] = url.split('?');
  const query = new Map<string, unknown>();
  for (const [name, value] of new URLSearchParams(search.join('&'))) {
    const before = query.get(name);
    query.set(name, before === undefined ? value : [before, value].flat());
  }
  try {
    const segments = path.split('/').map((segment) => decodeURIComponent(segment));
    return { path: segments.filter((segment) => segment !== ''), query: Object.fromEntries(query) };
  } catch {
    throw new ScimError(400, null, 'The address is not well encoded.');
  }
}

/** The server's address as the client sees it; a proxy in front says so in the usual headers. */
function originOf(request: Request): string {
  const first = (name: string): string | undefined => request.get(name)?.split(',')[0]?.trim();
  const host = first('x-forwarded-host') ?? request.headers.host ?? 'localhost';
  const protocol = first('x-forwarded-proto') === 'https' ? 'https' : request.protocol;
  return /^[\w.:[\]-]{1,255}$/.test(host) ? `${protocol}://${host}` : `${protocol}://localhost`;
}

/** Clients that ask for plain JSON get it under that name. */
function typeFor(request: Request): string {
  const accept = request.headers.accept ?? '';
  return /application\/json/i.test(accept) && !/application\/scim\+json/i.test(accept) ? JSON_TYPE : SCIM_TYPE;
}

async function send(request: Request, response: Response, { status, headers, body }: ScimReply): Promise<void> {
  response.status(status).set({ 'Content-Type': typeFor(request), 'Cache-Control': 'no-store', ...headers });
  if (body === undefined) response.removeHeader('Content-Type');
  if (body === undefined || request.method === 'HEAD') response.end();
  else if (typeof body === 'string') response.end(body);
  else await pipeline(Readable.from(body), response);
}

/** The store cannot be reached, or is changing its leader: the client comes back with the same request. */
const isAway = (error: unknown): boolean =>
  error instanceof Error && /^Mongo(?:Network|ServerSelection|NotConnected|PoolCleared|Topology)/.test(error.name);
const STORE_AWAY = new ScimError(503, null, 'The store cannot be reached: ask again.');

function sendError({ log }: ScimServer, request: Request, response: Response, error: unknown): void {
  const known = error instanceof ScimError ? error : isAway(error) ? STORE_AWAY : null;
  if (response.headersSent) {
    // Half an answer must not look whole.
    response.destroy();
    return;
  }
  if (known === null) log.error({ err: error, method: request.method }, 'scim request failed');
  const refusal = known ?? new ScimError(500, null, 'The request failed; the log of the API has the cause.');
  response.status(refusal.status).set({
    'Content-Type': typeFor(request),
    'Cache-Control': 'no-store',
    ...(refusal.status === 401 && { 'WWW-Authenticate': 'Bearer realm="rollcall scim"' }),
    ...(refusal instanceof TooManyRequests && { 'Retry-After': String(refusal.seconds) }),
    ...(refusal.status === 503 && { 'Retry-After': '1' }),
    ...(refusal instanceof MethodNotAllowed && { Allow: refusal.allowed.join(', ') }),
  });
  response.end(JSON.stringify(errorBody(refusal)));
}
