import type { Dispatcher } from 'undici';
import type { z } from 'zod';
import type { SeenRate } from '../../domain/call-limiter';
import { isHtml, isWebPage, isWrite, rootOf, stepInGeneral, toAnswer, type Answer, type JiraCall } from './answer';
import { refusalOf, transportError, wrongShape, type ErrorContext } from './errors';
import { limitedPermits, ownPermits } from './permits';
import { rateHeaders } from './rateLimit';
import {
  authorization,
  checkedBaseUrl,
  type AnsweredCall,
  type JiraTargetOptions,
  type JiraTargetSettings,
} from './settings';
import { createTransport } from './transport';

export interface WithCookies<T> {
  readonly body: T;
  /** Ready to be sent back as a Cookie header. */
  readonly cookies: string;
}

export interface JiraClient {
  /**
   * Sends one request and answers its body as `shape` sees it.
   * A caller's abort rejects with the signal's reason as long as nothing can have happened; once a write is on its
   * way it is an 'ambiguous' TargetError, because Jira may have done it.
   * @throws TargetError for everything that is not a success of that shape
   */
  request<T>(call: JiraCall, shape: z.ZodType<T>, signal: AbortSignal): Promise<T>;
  /** As `request`, with the cookies that the answer sets, for steps that Jira ties together by its session. */
  requestWithCookies<T>(call: JiraCall, shape: z.ZodType<T>, signal: AbortSignal): Promise<WithCookies<T>>;
  /** Whether the last answer showed Jira's limiter at work. */
  lastRate(): SeenRate | null;
  close(): Promise<void>;
}

/** Of the ordinary time-out: three minutes for twenty seconds, as listing members has been seen to take. */
const SLOW_FACTOR = 9;
/** A browser's name would bring the XSRF check on. */
const USER_AGENT = 'Rollcall';

/**
 * HTTP to one Jira: JSON below /rest, each request by a permit of the limiter or, without one, at most
 * `concurrency` at one moment; no redirects, no retries.
 * @throws TargetError 'configuration' when base URL, credentials or certificates cannot be right
 */
export function createJiraClient(settings: JiraTargetSettings, options: JiraTargetOptions): JiraClient {
  const baseUrl = checkedBaseUrl(settings);
  const headers = {
    authorization: authorization(settings.auth),
    accept: 'application/json',
    'user-agent': USER_AGENT,
    'x-atlassian-token': 'no-check',
  };
  const permits = options.limiter === undefined ? ownPermits(settings.concurrency) : limitedPermits(options.limiter);
  const agent = createTransport(baseUrl, settings, options);
  const jitter = options.jitter ?? Math.random;
  let rate: SeenRate | null = null;

  const requestWithCookies: JiraClient['requestWithCookies'] = async (call, shape, signal) => {
    const waiting = { step: call.step, jitter: jitter(), signal };
    const timeoutMs = options.httpTimeoutMs * (call.slow === true ? SLOW_FACTOR : 1);
    const answer = await permits(waiting, () =>
      observed(call, options.onAnswer, () =>
        exchange(agent, requestOf(baseUrl, headers, call), { call, timeoutMs, signal })
      )
    );
    rate = rateHeaders(answer.headers);
    const body = read(answer, call, shape, { baseUrl, auth: settings.auth.type, jitter: waiting.jitter });
    return { body, cookies: answer.cookies };
  };
  return {
    requestWithCookies,
    request: async (call, shape, signal) => (await requestWithCookies(call, shape, signal)).body,
    lastRate: () => rate,
    close: () => agent.close(),
  };
}

async function observed(
  call: JiraCall,
  onAnswer: ((call: AnsweredCall) => void) | undefined,
  send: () => Promise<Answer>
): Promise<Answer> {
  const start = performance.now();
  let status: number | null = null;
  try {
    const answer = await send();
    status = answer.status;
    return answer;
  } finally {
    onAnswer?.({
      method: call.method,
      step: stepInGeneral(call),
      status,
      seconds: (performance.now() - start) / 1_000,
    });
  }
}

function requestOf(
  baseUrl: string,
  headers: Readonly<Record<string, string>>,
  call: JiraCall
): Dispatcher.RequestOptions {
  const url = new URL(`${baseUrl}${rootOf(call)}${call.path}`);
  // A blank as '+' is right in forms only.
  const query = new URLSearchParams(call.query).toString().replaceAll('+', '%20');
  const content = contentOf(call);
  return {
    origin: url.origin,
    path: query === '' ? url.pathname : `${url.pathname}?${query}`,
    method: call.method,
    headers: { ...headers, ...call.headers, ...(content !== null && { 'content-type': content.type }) },
    body: content?.body ?? null,
  };
}

function contentOf({ body, upload }: JiraCall): { readonly type: string; readonly body: string | Uint8Array } | null {
  if (upload !== undefined) return { type: upload.type, body: upload.bytes };
  return body === undefined ? null : { type: 'application/json', body: JSON.stringify(body) };
}

interface Exchange {
  readonly call: JiraCall;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

async function exchange(agent: Dispatcher, request: Dispatcher.RequestOptions, how: Exchange): Promise<Answer> {
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
  const body = shape.safeParse(call.xml === true ? answer.text : answer.json);
  const isPage = call.xml === true ? isHtml(answer) : isWebPage(answer);
  if (!body.success || isPage) throw wrongShape(answer, call);
  return body.data;
}
