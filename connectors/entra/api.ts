import type { z } from 'zod';
import type { CallEnd, CallLimiter } from '../../domain/call-limiter';
import { ProviderError } from '../errors';
import { createHttpClient, type HttpAnswer, type HttpCall, type HttpClient } from '../http';
import { errorCode, type Meaning } from '../httpErrors';
import { pauseAfter, shareOf } from '../pace';
import { createTokenSource, type Token } from '../token';
import type { EntraSettings } from './settings';
import { batchShape, pageShape, type GraphPage } from './shapes';
import { permissionsIn, requestToken } from './token';

/** What a provider is made with besides its settings. */
export interface EntraOptions {
  readonly limiter?: CallLimiter | undefined;
  readonly timeoutMs?: number;
  readonly now?: () => number;
}

/** A request within a batch. */
export interface SubCall {
  /** Below the version, encoded, or a link of a next page. */
  readonly path: string;
  readonly isEventual?: boolean;
}

/**
 * Microsoft Graph as a sync needs it: pages, batches, and what the token allows.
 * @throws ProviderError
 */
export interface EntraApi {
  /** A new token, for the connection test. */
  token(signal: AbortSignal): Promise<Token>;
  /** Permissions in the token that is in use; null where it does not show them. */
  permissions(signal: AbortSignal): Promise<readonly string[] | null>;
  page<T>(call: HttpCall, row: z.ZodType<T>, signal: AbortSignal): Promise<GraphPage<T>>;
  /** Answers in the order of the calls; null where Graph left one out. */
  batch(
    step: string,
    calls: readonly SubCall[],
    cost: number,
    signal: AbortSignal
  ): Promise<readonly (HttpAnswer | null)[]>;
  /** The page or object in an answer of a batch. */
  bodyOf<T>(call: HttpCall, answer: HttpAnswer, shape: z.ZodType<T>): T;
  pageOf<T>(call: HttpCall, answer: HttpAnswer, row: z.ZodType<T>): GraphPage<T>;
  close(): Promise<void>;
}

/** The most requests in one batch. */
export const BATCH_LIMIT = 20;
/** What every tenant has, in resource units; larger ones have up to 8,000. */
const UNITS = { fillRate: 3_500, intervalSeconds: 10, limit: 3_500, remaining: 3_500 };
const CONCURRENCY = 4;
export const EVENTUAL = { ConsistencyLevel: 'eventual' } as const;
/** How Graph says that a link is too old, or that a round has to begin anew. */
const EXPIRED = /^(Directory_ExpiredPageToken|syncState\w*|resyncRequired|resync\w+)$/i;
const GONE = 410;
const UNAUTHORIZED =
  'grant the application its permissions again (App registrations > the application > API permissions > Grant admin consent)';

export const entraConcurrency = CONCURRENCY;

export function createEntraApi(settings: EntraSettings, options: EntraOptions = {}): EntraApi {
  const { limiter, now, timeoutMs } = options;
  const patience = timeoutMs === undefined ? {} : { timeoutMs };
  const login = createHttpClient({ service: 'Entra ID', baseUrl: settings.loginUrl, ...patience });
  const fetchToken = (signal: AbortSignal): Promise<Token> => requestToken(login, settings, signal);
  const tokens = createTokenSource(fetchToken, now);
  const base = `${settings.graphUrl}/v1.0`;
  const http = createHttpClient({
    service: 'Microsoft Graph',
    baseUrl: base,
    tokens,
    limiter,
    concurrency: CONCURRENCY,
    paceOf: (answer) => paceOf(answer, settings.quotaShare),
    meaningOf,
    unauthorized: UNAUTHORIZED,
    ...patience,
  });
  const pageOf = <T>(call: HttpCall, answer: HttpAnswer, row: z.ZodType<T>): GraphPage<T> => {
    const body = http.bodyOf(call, answer, pageShape(row));
    const {
      '@odata.nextLink': nextLink = null,
      '@odata.deltaLink': deltaLink = null,
      '@odata.count': count = null,
    } = body;
    return { rows: body.value, nextLink, deltaLink, count };
  };
  return {
    token: fetchToken,
    permissions: async (signal) => permissionsIn(await tokens.get(signal)),
    page: async (call, row, signal) => pageOf(call, await http.send(call, signal), row),
    batch: (step, calls, cost, signal) => sendBatch(http, base, { step, calls, cost }, signal),
    bodyOf: (call, answer, shape) => http.bodyOf(call, answer, shape),
    pageOf,
    close: async () => {
      await Promise.all([http.close(), login.close()]);
    },
  };
}

interface Batch {
  readonly step: string;
  readonly calls: readonly SubCall[];
  readonly cost: number;
}

async function sendBatch(
  http: HttpClient,
  base: string,
  { step, calls, cost }: Batch,
  signal: AbortSignal
): Promise<readonly (HttpAnswer | null)[]> {
  const requests = calls.map(({ path, isEventual }, n) => ({
    id: String(n),
    method: 'GET',
    url: relative(step, path, base),
    ...(isEventual === true && { headers: EVENTUAL }),
  }));
  const call: HttpCall = { step, path: '/$batch', json: { requests }, cost };
  const { responses } = await http.read(call, batchShape, signal);
  const byId = new Map(responses.map((response) => [response.id, response]));
  return calls.map((_, n) => {
    const response = byId.get(String(n));
    return response === undefined ? null : subAnswer(response);
  });
}

/** A link within a batch stands without the address of Graph. @throws ProviderError data: it leads elsewhere */
function relative(step: string, path: string, base: string): string {
  if (path.startsWith('/')) return path;
  if (path.startsWith(`${base}/`)) return path.slice(base.length);
  throw new ProviderError('data', `Microsoft Graph: ${step}: gave a link that leads away from ${new URL(base).origin}`);
}

function subAnswer({ status, headers, body }: z.infer<typeof batchShape>['responses'][number]): HttpAnswer {
  const named = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { status, headers: Object.fromEntries(named), text: '', json: body };
}

/** Each part of a batch is throttled for itself: the longest wait counts. */
function paceOf(answer: HttpAnswer, quotaShare: number): CallEnd {
  const parts = batchShape.safeParse(answer.json);
  const pauses = parts.success ? parts.data.responses.map((part) => pauseAfter(subAnswer(part))) : [];
  const waits = [pauseAfter(answer), ...pauses].filter((wait) => wait !== null);
  const rate = shareOf(UNITS, quotaShare);
  // Told from 80 % on: others of the tenant are using the rest.
  const isNearLimit = answer.headers['x-ms-throttle-limit-percentage'] !== undefined;
  return {
    rate: isNearLimit ? { ...rate, remaining: 0 } : rate,
    blockedForMs: waits.length === 0 ? null : Math.max(...waits),
  };
}

function meaningOf({ status, json }: HttpAnswer): Meaning | null {
  const isOver = status === GONE || (status >= 400 && status < 500 && EXPIRED.test(errorCode(json) ?? ''));
  return isOver ? { kind: 'cursorExpired' } : null;
}
