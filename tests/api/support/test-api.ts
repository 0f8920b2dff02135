import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { apiEndpoints, createApp } from '../../../api/app';
import { configurationRules } from '../../../api/configuration-rules';
import type { ApiDependencies } from '../../../api/dependencies';
import type { Endpoint } from '../../../api/http/route';
import { createChangeNotifier } from '../../../api/scim/notifier';
import { listen } from '../../../api/server';
import { createConfigSchema } from '../../../config/schema';
import { providerDefinitions } from '../../../connectors/registry';
import { checkSchedule } from '../../../domain/schedule';
import { openStore } from '../../../store/connect';
import { createSecretBox } from '../../../store/secrets';
import type { Store } from '../../../store/store';
import { createHttpMetrics } from '../../../telemetry/http-metrics';
import { createLogger } from '../../../telemetry/log';
import { createMetrics } from '../../../telemetry/metrics';
import { testDatabaseName, testMongoUri } from '../../support/servers';
import { FakeGateway } from './fake-gateway';

export const ADMIN_TOKEN = 'test-admin-token-0123456789';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly body: unknown;
}
export interface Ask {
  readonly method?: string;
  readonly body?: unknown;
  /** A body as it is, instead of JSON. */
  readonly raw?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** @default ADMIN_TOKEN; null sends none */
  readonly token?: string | null;
}

export interface TestApi {
  readonly url: string;
  readonly store: Store;
  readonly gateway: FakeGateway;
  readonly deps: ApiDependencies;
  /** A folder with people.csv for file connectors. */
  readonly folder: string;
  /** What the API wrote into its log, line by line. */
  readonly logged: readonly string[];
  /** Moves the clock of the API. */
  setTime(iso: string): void;
  ask(path: string, ask?: Ask): Promise<Answer>;
  stop(): Promise<void>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

async function send(url: string, { method, body, raw, headers, token = ADMIN_TOKEN }: Ask): Promise<Answer> {
  const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(url, {
    method: method ?? (content === undefined ? 'GET' : 'POST'),
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(content === undefined ? {} : { body: content }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) };
}

/** The API of a suite's own: a real store in a database of its own, workflows as FakeGateway has them. */
export async function startTestApi(suite: string): Promise<TestApi> {
  const database = testDatabaseName(suite);
  const store = await openStore({ mongoUri: testMongoUri(), database });
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-api-'));
  writeFileSync(join(folder, 'people.csv'), 'id,username,email\n1,ada,ada@example.com\n');
  const definitions = providerDefinitions({ baseDirectory: folder });
  const schema = createConfigSchema({ definitions, checkSchedule, now: () => Date.now() });
  const identity = (type: string) => definitions.find((known) => known.type === type)?.identityKeys ?? [];
  let now = '2026-03-02T12:00:00.000Z';
  const gateway = new FakeGateway();
  const logged: string[] = [];
  const metrics = createMetrics();
  const deps: ApiDependencies = {
    store,
    gateway,
    notifier: createChangeNotifier(
      (connectorId) => gateway.signalChanges(connectorId),
      () => undefined
    ),
    configuration: configurationRules(schema, identity),
    secretBox: createSecretBox([{ id: 'test-key', bytes: randomBytes(32) }]),
    adminToken: ADMIN_TOKEN,
    taskWithinMs: 300,
    clock: () => new Date(now),
    newId: () => randomUUID(),
    metrics,
    httpMetrics: createHttpMetrics(metrics),
    log: createLogger({ name: 'api', level: 'debug', destination: { write: (line) => void logged.push(line) } }),
  };
  const endpoints = apiEndpoints(deps);
  const server = await listen(createApp(deps), { host: '127.0.0.1', port: 0 });
  return {
    url: server.url,
    store,
    gateway,
    deps,
    folder,
    logged,
    setTime: (iso) => {
      now = iso;
    },
    ask: async (path, ask = {}) => {
      const answer = await send(server.url + path, ask);
      checkAnswer(endpoints, ask.method ?? ((ask.body ?? ask.raw) ? 'POST' : 'GET'), path, answer);
      return answer;
    },
    stop: async () => {
      await server.close();
      await store.close();
      const client = new MongoClient(testMongoUri());
      await client.db(database).dropDatabase();
      await client.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Every answer of every test is what its route declares: no other status, no body of another shape. */
function checkAnswer(endpoints: readonly Endpoint[], method: string, path: string, { status, body }: Answer): void {
  if (status >= 400) return;
  const [address = ''] = path.split('?');
  const endpoint = endpoints.find(
    (known) =>
      known.method.toUpperCase() === method &&
      new RegExp(`^/api/v1${known.path.replace(/\./g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`).test(address)
  );
  if (endpoint === undefined) return;
  const spec = endpoint.responses[status];
  if (spec === undefined) throw new Error(`${method} ${endpoint.path} answered ${status}, which it does not declare`);
  if ('schema' in spec) spec.schema.parse(body);
}

/** The routes as declared, for checks over all of them. */
export const endpointsOf = (api: TestApi) => apiEndpoints(api.deps);

export const TARGET = {
  id: 'jira',
  type: 'jira',
  baseUrl: 'https://jira.example.com',
  auth: { type: 'pat', token: 'a-very-secret-pat' },
} as const;

export const connector = (id: string, more: Readonly<Record<string, unknown>> = {}) => ({
  id,
  target: 'jira',
  source: { type: 'file', users: 'people.csv' },
  schedule: { cron: '0 2 * * *' },
  ...more,
});
