import { Agent, type Dispatcher } from 'undici';
import type { z } from 'zod';
import type { CallEnd, CallLimiter } from '../domain/call-limiter';
import { refusalOf, transportError, wrongShape, type Meaning } from './httpErrors';
import { ownPermits, sharedPermits } from './httpPermits';
import { requestOf } from './httpRequest';
import type { TokenSource } from './token';

/** One request below the base URL. */
export interface HttpCall {
  /** What the request is for, as error messages name it: no names of people. */
  readonly step: string;
  /** What the account must be allowed to do, for the message of a 403. */
  readonly needs?: string;
  /**
   * Begins with a slash; its parts are encoded. Or a whole link that the service gave (of a next page): it is followed to
   * the letter, without `query`, and refused where it leads away from the base URL.
   */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a form by POST; without it and `json` the request is a GET. */
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as JSON by POST. */
  readonly json?: unknown;
  /** Sent without the token. */
  readonly open?: boolean;
  /** What the call takes of the shared budget, in the unit of the service's limit. @default 1 */
  readonly cost?: number;
}

/** An answer of any status. `json` is undefined when the body is not JSON. */
export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly json: unknown;
}

export interface HttpClientOptions {
  /** The service as error messages name it. */
  readonly service: string;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** Gives the token of every call that is not open; may itself use this client for open calls. */
  readonly tokens?: TokenSource;
  /** Stands before the token. @default 'Bearer' */
  readonly scheme?: string;
  /** Sent with every call. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The most requests that are open at one moment. @default 4 */
  readonly concurrency?: number;
  /** The budget that all workers share; without it only `concurrency` counts. */
  readonly limiter?: CallLimiter | undefined;
  /** What an answer tells about the limits of the service. @default its status and Retry-After */
  readonly paceOf?: (answer: HttpAnswer) => CallEnd;
  /** What a refusal means where the service says it otherwise than by its status; null: the status counts. */
  readonly meaningOf?: (answer: HttpAnswer) => Meaning | null;
  /** What an admin does when a new token is refused too. */
  readonly unauthorized?: string;
  /** For a whole request with its answer. @default 30 s */
  readonly timeoutMs?: number;
}

/** REST over HTTP: a token renewed once after a 401, no redirects, no other retries (those belong to the workflow engine). */
export interface HttpClient {
  /**
   * The answer, whatever its status.
   * @throws ProviderError unavailable when there is none; the signal's reason when the caller cancels
   */
  send(call: HttpCall, signal: AbortSignal): Promise<HttpAnswer>;
  /**
   * The body of a success as `shape` sees it.
   * @throws ProviderError by status (httpErrors.ts), or when the body has another shape
   */
  read<T>(call: HttpCall, shape: z.ZodType<T>, signal: AbortSignal): Promise<T>;
  /** The body of an answer that was sent for before; errors as `read`. */
  bodyOf<T>(call: HttpCall, answer: HttpAnswer, shape: z.ZodType<T>): T;
  close(): Promise<void>;
}

const DEFAULT_CONCURRENCY = 4;
const DEFAULT_TIMEOUT_MS = 30_000;
const LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;
const UNAUTHORIZED = 401;

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { service, baseUrl, tokens, headers = {}, scheme = 'Bearer' } = options;
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
  const agent = createAgent(concurrency, timeoutMs);
  const { limiter, paceOf } = options;
  const permits = limiter === undefined ? ownPermits(concurrency) : sharedPermits({ service, limiter, paceOf });

  const once = (call: HttpCall, token: string | null, signal: AbortSignal): Promise<HttpAnswer> => {
    const authorization = token === null ? null : `${scheme} ${token}`;
    const request = requestOf(call, { service, baseUrl, headers, authorization });
    return permits({ call, signal }, () => exchange(agent, request, { service, call, timeoutMs, signal }));
  };
  const send = async (call: HttpCall, signal: AbortSignal): Promise<HttpAnswer> => {
    if (tokens === undefined || call.open === true) return once(call, null, signal);
    const token = await tokens.get(signal);
    const answer = await once(call, token, signal);
    if (answer.status !== UNAUTHORIZED) return answer;
    tokens.drop(token);
    return once(call, await tokens.get(signal), signal);
  };
  const bodyOf = <T>(call: HttpCall, answer: HttpAnswer, shape: z.ZodType<T>): T => {
    const refusal = refusalOf(call, answer, options);
    if (refusal !== null) throw refusal;
    const body = shape.safeParse(answer.json);
    if (!body.success) throw wrongShape(service, call, answer);
    return body.data;
  };
  return {
    send,
    bodyOf,
    read: async (call, shape, signal) => bodyOf(call, await send(call, signal), shape),
    close: () => agent.close(),
  };
}

function createAgent(concurrency: number, timeoutMs: number): Agent {
  return new Agent({
    connections: concurrency,
    connect: { timeout: timeoutMs },
    // Each request has its own clock, which also covers the body.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: LARGEST_ANSWER_BYTES,
  });
}

interface Exchange {
  readonly service: string;
  readonly call: HttpCall;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

async function exchange(agent: Agent, request: Dispatcher.RequestOptions, how: Exchange): Promise<HttpAnswer> {
  const { service, call, timeoutMs, signal } = how;
  const stop = new AbortController();
  const onAbort = (): void => {
    stop.abort();
  };
  const timer = setTimeout(onAbort, timeoutMs);
  // Not AbortSignal.any: one signal of a long activity would collect a follower for every request.
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const response = await agent.request({ ...request, signal: stop.signal });
    return toAnswer(response.statusCode, response.headers, await response.body.text());
  } catch (error) {
    signal.throwIfAborted();
    throw transportError(service, call, stop.signal.aborted ? { code: `${timeoutMs / 1_000} s time-out` } : error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function toAnswer(status: number, headers: Dispatcher.ResponseData['headers'], text: string): HttpAnswer {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) joined[name.toLowerCase()] = typeof value === 'string' ? value : value.join(', ');
  }
  return { status, headers: joined, text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
