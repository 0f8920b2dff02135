import { createSimulatorControl, type SimulatorControl } from '../../../simulators/jira/controlClient';
import type { JiraSimulatorOptions } from '../../../simulators/jira/options';
import { startJiraSimulator } from '../../../simulators/jira/start';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined when it is no JSON. */
  readonly body: unknown;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A client of one simulator. Paths are below /rest/api/2. */
export interface TestJira {
  readonly url: string;
  readonly control: SimulatorControl;
  readonly get: (path: string, options?: CallOptions) => Promise<Reply>;
  readonly post: (path: string, body?: unknown, options?: CallOptions) => Promise<Reply>;
  readonly put: (path: string, body?: unknown, options?: CallOptions) => Promise<Reply>;
  readonly del: (path: string, options?: CallOptions) => Promise<Reply>;
  readonly stop: () => Promise<void>;
}

export const ADMIN = basic('admin', 'admin');

export function basic(username: string, password: string): { readonly Authorization: string } {
  return { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}

export function bearer(token: string): { readonly Authorization: string } {
  return { Authorization: `Bearer ${token}` };
}

/** Requests are made as `admin` unless the call brings headers of its own. */
export async function startTestJira(options: JiraSimulatorOptions = {}): Promise<TestJira> {
  const simulator = await startJiraSimulator(options);
  const call = (method: string, path: string, given: CallOptions = {}): Promise<Reply> =>
    send(`${simulator.url}/rest/api/2${path}`, method, given);
  return {
    url: simulator.url,
    control: createSimulatorControl(simulator.controlUrl),
    get: (path, given) => call('GET', path, given),
    post: (path, body, given) => call('POST', path, { ...given, body }),
    put: (path, body, given) => call('PUT', path, { ...given, body }),
    del: (path, given) => call('DELETE', path, given),
    stop: simulator.stop,
  };
}

/** Bodies are sent as JSON, bytes as they are. */
export async function send(url: string, method: string, options: CallOptions = {}): Promise<Reply> {
  const content = options.body === undefined ? {} : { body: contentOf(options.body) };
  const response = await fetch(url, {
    method,
    headers: { 'Content-Type': 'application/json', ...(options.headers ?? ADMIN) },
    redirect: 'manual',
    ...content,
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  const body: unknown = isJson ? JSON.parse(text) : undefined;
  return { status: response.status, headers: response.headers, text, body };
}

function contentOf(body: unknown): string | Uint8Array<ArrayBuffer> {
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
}

/** Runs a test with a simulator of its own and stops it. */
export async function withJira(options: JiraSimulatorOptions, use: (jira: TestJira) => Promise<void>): Promise<void> {
  const jira = await startTestJira(options);
  try {
    await use(jira);
  } finally {
    await jira.stop();
  }
}

/** The body of a user that can be created. */
export function person(name: string): Readonly<Record<string, unknown>> {
  return {
    name,
    emailAddress: `${name.toLowerCase()}@example.com`,
    displayName: `${name} Person`,
    applicationKeys: [],
  };
}

export function general(message: string): unknown {
  return { errorMessages: [message], errors: {} };
}

export function ofField(field: string, message: string): unknown {
  return { errorMessages: [], errors: { [field]: message } };
}

/** Starts a simulator before all tests of a file and resets it before each. */
export function useJira(options: JiraSimulatorOptions = {}): () => TestJira {
  let jira: TestJira | undefined;
  beforeAll(async () => {
    jira = await startTestJira(options);
  });
  beforeEach(async () => {
    await jira?.control.reset();
  });
  afterAll(async () => {
    await jira?.stop();
  });
  return () => {
    if (jira === undefined) throw new Error('the simulator is not running');
    return jira;
  };
}
