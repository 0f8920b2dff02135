import pLimit from 'p-limit';
import { Agent, type Dispatcher } from 'undici';
import type { z } from 'zod';
import { isWebPage, isWrite, toAnswer, type Answer, type JiraCall } from './answer';
import { refusalOf, transportError, wrongShape, type ErrorContext } from './errors';
import { rateHeaders, type RateHeaders } from './rateLimit';
import { authorization, checkedBaseUrl, type JiraTargetOptions, type JiraTargetSettings } from './settings';

export interface JiraClient {
  /**
   * Sends one request and answers its body as `shape` sees it.
   * A caller's abort rejects with the signal's reason as long as nothing can have happened; once a write is on its
   * way it is an 'ambiguous' TargetError, because Jira may have done it.
   * @throws TargetError for everything that is not a success of that shape
   */
  request<T>(call: JiraCall, shape: z.ZodType<T>, signal: AbortSignal): Promise<T>;
  /** Whether the last answer showed Jira's limiter at work. */
  lastRate(): RateHeaders | null;
  close(): Promise<void>;
}

/** A page of 1,000 accounts is about 1.5 MB. */
const LARGEST_ANSWER_BYTES = 16 * 1024 * 1024;
/** Of the ordinary time-out: three minutes for twenty seconds, as listing members has been seen to take. */
const SLOW_FACTOR = 9;
/** A browser's name would bring the XSRF check on. */
const USER_AGENT = 'Rollcall';

/**
 * HTTP to one Jira: JSON below /rest/api/2, at most `concurrency` requests at one moment, no redirects, no retries.
 * @throws TargetError 'configuration' when base URL or credentials cannot be right
 */
export function createJiraClient(settings: JiraTargetSettings, options: JiraTargetOptions): JiraClient {
  const baseUrl = checkedBaseUrl(settings);
  const headers = {
    authorization: authorization(settings.auth),
    accept: 'application/json',
    'user-agent': USER_AGENT,
    'x-atlassian-token': 'no-check',
  };
  const slots = pLimit(settings.concurrency);
  const agent = createAgent(settings, options);
  const jitter = options.jitter ?? Math.random;
  let rate: RateHeaders | null = null;

  return {
    request: (call, shape, signal) =>
      slots(async () => {
        signal.throwIfAborted();
        const timeoutMs = options.httpTimeoutMs * (call.slow === true ? SLOW_FACTOR : 1);
        const answer = await exchange(agent, requestOf(baseUrl, headers, call), { call, timeoutMs, signal });
        rate = rateHeaders(answer.headers);
        return read(answer, call, shape, { baseUrl, auth: settings.auth.type, jitter: jitter() });
      }),
    lastRate: () => rate,
    close: () => agent.close(),
  };
}

function createAgent(settings: JiraTargetSettings, options: JiraTargetOptions): Agent {
  return new Agent({
    connections: settings.concurrency,
    connect: { timeout: options.httpTimeoutMs },
    // Each request has its own clock, which also covers the body.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: LARGEST_ANSWER_BYTES,
  });
}

function requestOf(
  baseUrl: string,
  headers: Readonly<Record<string, string>>,
  call: JiraCall
): Dispatcher.RequestOptions {
  const url = new URL(`${baseUrl}/rest/api/2${call.path}`);
  // A blank as '+' is right in forms only.
  const query = new URLSearchParams(call.query).toString().replaceAll('+', '%20');
  const content = call.body === undefined ? {} : { 'content-type': 'application/json' };
  return {
    origin: url.origin,
    path: query === '' ? url.pathname : `${url.pathname}?${query}`,
    method: call.method,
    headers: { ...headers, ...content },
    body: call.body === undefined ? null : JSON.stringify(call.body),
  };
}

interface Exchange {
  readonly call: JiraCall;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

async function exchange(agent: Agent, request: Dispatcher.RequestOptions, how: Exchange): Promise<Answer> {
  const { call, timeoutMs, signal } = how;
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
    if (signal.aborted && !isWrite(call)) throw signal.reason;
    throw transportError(stop.signal.aborted ? stoppedBy(signal) : codeOf(error), call);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

const stoppedBy = (signal: AbortSignal): string => (signal.aborted ? 'cancelled' : 'time-out');

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : 'connection failed';
}

function read<T>(answer: Answer, call: JiraCall, shape: z.ZodType<T>, context: ErrorContext): T {
  const refusal = refusalOf(answer, call, context);
  if (refusal !== null) throw refusal;
  const body = shape.safeParse(answer.json);
  if (!body.success || isWebPage(answer)) throw wrongShape(answer, call);
  return body.data;
}
