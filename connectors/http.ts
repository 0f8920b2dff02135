import pLimit from 'p-limit';
import { Agent, type Dispatcher } from 'undici';
import type { z } from 'zod';
import { refusalOf, transportError, wrongShape } from './httpErrors';
import type { TokenSource } from './token';

/** One request below the base URL. */
export interface HttpCall {
  /** What the request is for, as error messages name it: no names of people. */
  readonly step: string;
  /** What the account must be allowed to do, for the message of a 403. */
  readonly needs?: string;
  /** Begins with a slash; its parts are encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as a form by POST; without it the request is a GET. */
  readonly form?: Readonly<Record<string, string>>;
  /** Sent without the token. */
  readonly open?: boolean;
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
  /** The most requests that are open at one moment. @default 4 */
  readonly concurrency?: number;
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
const USER_AGENT = 'Rollcall';
const UNAUTHORIZED = 401;

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { service, tokens } = options;
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
  const agent = createAgent(concurrency, timeoutMs);
  const slots = pLimit(concurrency);

  const once = (call: HttpCall, token: string | null, signal: AbortSignal): Promise<HttpAnswer> =>
    slots(async () => {
      signal.throwIfAborted();
      return exchange(agent, requestOf(options.baseUrl, call, token), { service, call, timeoutMs, signal });
    });
  const send = async (call: HttpCall, signal: AbortSignal): Promise<HttpAnswer> => {
    if (tokens === undefined || call.open === true) return once(call, null, signal);
    const token = await tokens.get(signal);
    const answer = await once(call, token, signal);
    if (answer.status !== UNAUTHORIZED) return answer;
    tokens.drop(token);
    return once(call, await tokens.get(signal), signal);
  };
  const bodyOf = <T>(call: HttpCall, answer: HttpAnswer, shape: z.ZodType<T>): T => {
    const refusal = refusalOf(service, call, answer);
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

function requestOf(baseUrl: string, call: HttpCall, token: string | null): Dispatcher.RequestOptions {
  const url = new URL(`${baseUrl}${call.path}`);
  // A blank as '+' is right in forms only.
  const query = new URLSearchParams(call.query).toString().replaceAll('+', '%20');
  return {
    origin: url.origin,
    path: query === '' ? url.pathname : `${url.pathname}?${query}`,
    method: call.form === undefined ? 'GET' : 'POST',
    headers: {
      accept: 'application/json',
      'user-agent': USER_AGENT,
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(call.form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    body: call.form === undefined ? null : new URLSearchParams(call.form).toString(),
  };
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
