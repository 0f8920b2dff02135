import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** The API refused. The message is what it says, with a line for each wrong field. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  constructor(
    readonly status: number,
    /** The end of the problem's `type`, for example `connector-paused`. */
    readonly kind: string,
    message: string
  ) {
    super(message);
  }
}

export interface ApiClient {
  /** The body of the answer. @throws ApiRefusal */
  get<T>(path: string): Promise<T>;
  /** The answer with its ETag, or null where there is no such thing. */
  find<T>(path: string): Promise<Found<T> | null>;
  post<T>(path: string, body: unknown): Promise<T>;
  put(path: string, body: unknown, etag: string): Promise<void>;
}
export interface Found<T> {
  readonly body: T;
  readonly etag: string;
}

interface Problem {
  readonly type?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** The servers behind the API may need a moment after their start: so long an unavailable API is asked again. */
const TRIES_WHEN_UNAVAILABLE = 20;
const PAUSE_MS = 500;

async function refusalOf(response: Response): Promise<ApiRefusal> {
  const problem = (await response.json().catch(() => ({}))) as Problem;
  const fields = (problem.errors ?? []).map(({ path, message }) => `  ${path === '' ? '' : `${path}: `}${message}`);
  const head = problem.detail ?? problem.title ?? `the API answered ${response.status}`;
  return new ApiRefusal(response.status, problem.type?.split(':').at(-1) ?? '', [head, ...fields].join('\n'));
}

interface Sent {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A client of the API at `url`. A repeated POST carries the same Idempotency-Key: it is done once. */
export function createApiClient(url: string, token: string): ApiClient {
  const send = async (path: string, sent: Sent): Promise<Response> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...sent.headers };
    for (let tries = 1; ; tries += 1) {
      const response = await fetch(`${url}/api/v1${path}`, { ...sent, headers });
      if (response.ok) return response;
      const isPassing = response.status === 503 || response.status === 429;
      if (!isPassing || tries === TRIES_WHEN_UNAVAILABLE) throw await refusalOf(response);
      await sleep(PAUSE_MS);
    }
  };
  const get = (path: string): Promise<Response> => send(path, { method: 'GET' });
  return {
    get: async <T>(path: string) => (await (await get(path)).json()) as T,
    find: async <T>(path: string): Promise<Found<T> | null> => {
      try {
        const response = await get(path);
        return { body: (await response.json()) as T, etag: response.headers.get('etag') ?? '' };
      } catch (error) {
        if (error instanceof ApiRefusal && error.status === 404) return null;
        throw error;
      }
    },
    post: async <T>(path: string, body: unknown) => {
      const headers = { 'idempotency-key': randomUUID() };
      return (await (await send(path, { method: 'POST', headers, body: JSON.stringify(body) })).json()) as T;
    },
    put: async (path, body, etag) => {
      await send(path, { method: 'PUT', headers: { 'if-match': etag }, body: JSON.stringify(body) });
    },
  };
}
