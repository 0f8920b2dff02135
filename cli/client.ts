import { randomUUID } from 'node:crypto';
import type { ProblemDocument } from '../api/http/problem';
import { CliError, EXIT } from './errors';
import type { ExitCode } from './errors';

export interface ClientOptions {
  /** `http://127.0.0.1:8080`; a path before /api/v1 is kept. */
  readonly url: string;
  readonly token: string;
  /** @default the one of Node */
  readonly fetch?: typeof fetch;
}

export interface Sent {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly body?: unknown;
  readonly ifMatch?: string;
  /** The hash of a what-if. */
  readonly acknowledge?: string;
}
export interface Received<T> {
  readonly body: T;
  readonly etag: string | null;
}

export type Query = Readonly<Record<string, string | number | undefined>>;

/** The API over HTTP. Every method throws CliError with what the API said. */
export interface ApiClient {
  /** `path` below /api/v1, its parts encoded (`path` helper). */
  request<T>(path: string, sent?: Sent): Promise<Received<T>>;
  get<T>(path: string, query?: Query): Promise<T>;
  /** The body as it comes, in pieces. */
  stream(path: string): Promise<AsyncIterable<Uint8Array>>;
}

/** Joins parts of a path, each encoded: at('runs', id, 'plan'). */
export const at = (...parts: readonly string[]): string => `/${parts.map(encodeURIComponent).join('/')}`;

function withQuery(path: string, query: Query = {}): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? path : `${path}?${given.toString()}`;
}

function isProblem(value: unknown): value is ProblemDocument {
  return typeof value === 'object' && value !== null && 'title' in value && 'status' in value;
}

/** What the API refused, a line for each wrong field. */
export function explainProblem(problem: ProblemDocument): string {
  const fields = (problem.errors ?? []).map(({ path, message }) =>
    path === '' ? `  ${message}` : `  ${path}: ${message}`
  );
  return [`${problem.title} (${problem.status}): ${problem.detail}`, ...fields].join('\n');
}

/** What the sender has to correct is wrong usage; everything else is a failure. */
const exitCodeOf = (status: number): ExitCode => (status === 400 || status === 422 ? EXIT.usage : EXIT.failed);

async function failure(response: Response): Promise<CliError> {
  const text = await response.text();
  const body = parseJson(text);
  if (isProblem(body)) return new CliError(explainProblem(body), exitCodeOf(body.status), body.status);
  return stranger(response);
}

/** Somebody else listens there. */
function stranger({ status }: Response): CliError {
  return new CliError(`the server answered ${status}, but not like Rollcall does: check --url`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function unreachable(url: string, error: unknown): CliError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : '';
  const why = cause === '' ? '' : ` (${cause})`;
  return new CliError(`cannot reach ${url}${why}: is Rollcall running there? --url names another address`);
}

/** A client of one API. Every POST carries an Idempotency-Key of its own. */
export function createClient(options: ClientOptions): ApiClient {
  const base = `${options.url.replace(/\/+$/, '')}/api/v1`;
  const send = async (path: string, sent: Sent): Promise<Response> => {
    const method = sent.method ?? 'GET';
    const headers = {
      authorization: `Bearer ${options.token}`,
      ...(sent.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'POST' || method === 'DELETE' ? { 'idempotency-key': randomUUID() } : {}),
      ...(sent.ifMatch === undefined ? {} : { 'if-match': sent.ifMatch }),
      ...(sent.acknowledge === undefined ? {} : { 'rollcall-acknowledge': sent.acknowledge }),
    };
    const body = sent.body === undefined ? {} : { body: JSON.stringify(sent.body) };
    const response = await (options.fetch ?? fetch)(base + path, { method, headers, ...body }).catch(
      (error: unknown) => {
        throw unreachable(options.url, error);
      }
    );
    if (!response.ok) throw await failure(response);
    return response;
  };
  const request = async <T>(path: string, sent: Sent = {}): Promise<Received<T>> => {
    const response = await send(path, sent);
    const text = await response.text();
    const body = parseJson(text);
    if (body === undefined && text !== '') throw stranger(response);
    return { body: body as T, etag: response.headers.get('etag') };
  };
  return {
    request,
    get: async <T>(path: string, query?: Query) => (await request<T>(withQuery(path, query))).body,
    stream: async (path) => streamOf(await send(path, {})),
  };
}

function streamOf(response: Response): AsyncIterable<Uint8Array> {
  if (response.body === null) throw new CliError('the server sent no body');
  return response.body;
}

/** Every item of a list, page by page. */
export async function* eachItem<T>(client: ApiClient, path: string, query: Query = {}): AsyncGenerator<T> {
  let cursor: string | null = null;
  do {
    const page: { readonly items: readonly T[]; readonly nextCursor: string | null } = await client.get(path, {
      ...query,
      ...(cursor === null ? {} : { cursor }),
    });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
