import { startEntraSimulator, type RunningEntraSimulator } from '../../../simulators/entra/start';
import type { EntraSimulatorOptions } from '../../../simulators/entra/options';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  // Bodies are read as Graph's users read them.
  readonly body: GraphBody;
}
export interface GraphBody {
  readonly value: readonly Record<string, unknown>[];
  readonly error: { readonly code: string };
  readonly responses: readonly { id: string; status: number; headers: Record<string, string>; body: GraphBody }[];
  readonly access_token: string;
  readonly [name: string]: unknown;
}

export interface Graph extends RunningEntraSimulator {
  readonly get: (pathOrLink: string, headers?: Record<string, string>) => Promise<Answered>;
  readonly post: (path: string, body: unknown) => Promise<Answered>;
  readonly token: (form?: Record<string, string>) => Promise<Answered>;
  /** Every page of a list, by its links. */
  readonly pages: (path: string, headers?: Record<string, string>) => Promise<readonly GraphBody[]>;
}

/** A simulated Graph and somebody who is logged in to it. */
export async function startGraph(options: EntraSimulatorOptions = {}): Promise<Graph> {
  const running = await startEntraSimulator(options);
  const token = async (form: Record<string, string> = {}): Promise<Answered> =>
    answered(
      await fetch(`${running.url}/corp/oauth2/v2.0/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: 'rollcall',
          client_secret: 'sim-secret',
          scope: 'https://graph.microsoft.com/.default',
          ...form,
        }),
      })
    );
  const bearer = `Bearer ${(await token()).body.access_token}`;
  const at = (path: string): string => (path.startsWith('http') ? path : `${running.url}/v1.0${path}`);
  const get = async (path: string, headers: Record<string, string> = {}): Promise<Answered> =>
    answered(await fetch(at(path), { headers: { authorization: bearer, ...headers } }));
  return {
    ...running,
    get,
    token,
    post: async (path, body) =>
      answered(
        await fetch(at(path), {
          method: 'POST',
          headers: { authorization: bearer, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ),
    pages: async (path, headers) => {
      const pages: GraphBody[] = [];
      for (let next: string | undefined = path; next !== undefined;) {
        const { body } = await get(next, headers);
        pages.push(body);
        next = body['@odata.nextLink'] as string | undefined;
      }
      return pages;
    },
  };
}

async function answered(response: Response): Promise<Answered> {
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  return {
    status: response.status,
    headers: response.headers,
    body: (isJson ? JSON.parse(text) : { text }) as GraphBody,
  };
}

export const idsOf = (pages: readonly GraphBody[]): readonly unknown[] =>
  pages.flatMap(({ value }) => value.map(({ id }) => id));
