import type { TestApi } from './test-api';

export interface ScimAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Empty where there is no body. */
  readonly body: Readonly<Record<string, unknown>>;
  /** A value within the body: `Resources.0.id`. */
  at(path: string): unknown;
}
export interface ScimClient {
  readonly connectorId: string;
  readonly token: string;
  /** Address of the connector, without a slash at its end. */
  readonly base: string;
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<ScimAnswer>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<ScimAnswer>;
  post(path: string, body: unknown): Promise<ScimAnswer>;
  /** The id of a new resource. */
  create(path: '/Users' | '/Groups', body: unknown): Promise<string>;
  patch(path: string, ...operations: readonly unknown[]): Promise<ScimAnswer>;
}

export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

async function must<T extends { readonly status: number; readonly text: string }>(answer: Promise<T>): Promise<T> {
  const given = await answer;
  if (given.status >= 300) throw new Error(`${given.status} ${given.text}`);
  return given;
}

/** A connector to which a provider may push, with a token. */
export async function scimConnector(
  api: Pick<TestApi, 'ask' | 'url'>,
  id: string,
  source: object = {}
): Promise<ScimClient> {
  if ((await api.ask('/api/v1/targets/jira')).status === 404) {
    const auth = { type: 'pat', token: 'secret-token' };
    await must(api.ask('/api/v1/targets', { body: { id: 'jira', type: 'jira', baseUrl: 'http://127.0.0.1:1', auth } }));
  }
  await must(api.ask('/api/v1/connectors', { body: { id, target: 'jira', source: { type: 'scim', ...source } } }));
  const made = await must(api.ask(`/api/v1/connectors/${id}/scim-tokens`, { body: { name: 'test' } }));
  return scimClient(api.url, id, (made.body as { token: string }).token);
}

export function scimClient(url: string, connectorId: string, token: string): ScimClient {
  const base = `${url}/scim/v2/${connectorId}`;
  const send: ScimClient['send'] = async (method, path, body, headers) => {
    const response = await fetch(base + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/scim+json',
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json; charset=utf-8' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const given = (text === '' ? {} : JSON.parse(text)) as ScimAnswer['body'];
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: given,
      at: (place) => valueAt(given, place),
    };
  };
  return {
    connectorId,
    token,
    base,
    send,
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body) => send('POST', path, body),
    create: async (path, body) => (await must(send('POST', path, body))).body['id'] as string,
    patch: (path, ...operations) => send('PATCH', path, { schemas: [PATCH_OP], Operations: operations }),
  };
}

/** The ids of the members of a group, sorted. */
export async function membersOf(client: ScimClient, groupId: string): Promise<string[]> {
  const { body } = await client.get(`/Groups/${groupId}`);
  return (body['members'] as { value: string }[]).map(({ value }) => value).sort();
}

export const filtered = (path: string, filter: string): string => `${path}?filter=${encodeURIComponent(filter)}`;

function valueAt(body: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
      body
    );
}
