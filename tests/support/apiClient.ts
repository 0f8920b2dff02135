/** The API as a test calls it. */
export interface ApiClient {
  readonly url: string;
  get<T>(path: string): Promise<T>;
  /** @throws Error with status and body unless the answer is 2xx */
  post<T>(path: string, body?: unknown, key?: string): Promise<T>;
}

export function createApiClient(url: string, token: string): ApiClient {
  const call = async <T>(method: string, path: string, body?: unknown, key?: string): Promise<T> => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${String(response.status)} ${text}`);
    return (text === '' ? null : JSON.parse(text)) as T;
  };
  return {
    url,
    get: (path) => call('GET', path),
    post: (path, body, key) => call('POST', path, body ?? {}, key),
  };
}
