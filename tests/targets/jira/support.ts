import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TargetUser } from '../../../domain/model';
import { createJiraTarget } from '../../../targets/jira/jira-target';
import type { JiraTargetOptions, JiraTargetSettings } from '../../../targets/jira/settings';
import { TargetError, type ProvisioningTarget } from '../../../targets/target';

/** What the stub received, its body parsed. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** An answer as it stands in a recording; or what becomes of the connection. */
export type Scripted =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  | 'cut'
  | 'hang';

export interface Stub {
  readonly url: string;
  readonly received: Received[];
  readonly stop: () => Promise<void>;
}

/** A server that answers by script: for answers that no well-behaved Jira gives, or only a real one. */
export async function startStub(script: (request: Received) => Scripted): Promise<Stub> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = readRequest(request, Buffer.concat(chunks).toString('utf8'));
      received.push(one);
      play(script(one), response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function readRequest(request: IncomingMessage, body: string): Received {
  const url = new URL(request.url ?? '/', 'http://stub');
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body: parsedBody(body),
  };
}

/** JSON as what it says, anything else as its text. */
function parsedBody(body: string): unknown {
  if (body === '') return undefined;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}

function play(scripted: Scripted, response: ServerResponse): void {
  if (scripted === 'hang') return;
  if (scripted === 'cut') {
    response.socket?.resetAndDestroy();
    return;
  }
  const isText = typeof scripted.body === 'string';
  const type = isText ? 'text/html;charset=UTF-8' : 'application/json;charset=UTF-8';
  response.writeHead(scripted.status, { 'content-type': type, ...scripted.headers });
  response.end(isText ? scripted.body : scripted.body === undefined ? '' : JSON.stringify(scripted.body));
}

export const TOKEN = 'sim-token';

export function settingsFor(url: string, changes: Partial<JiraTargetSettings> = {}): JiraTargetSettings {
  return { id: 'jira', type: 'jira', baseUrl: url, auth: { type: 'pat', token: TOKEN }, concurrency: 4, ...changes };
}

/** A target that waits long enough never to time out by accident. */
export function targetFor(
  url: string,
  changes: Partial<JiraTargetSettings> = {},
  options: Partial<JiraTargetOptions> = {}
): ProvisioningTarget {
  return createJiraTarget(settingsFor(url, changes), { httpTimeoutMs: 20_000, jitter: () => 0, ...options });
}

export const never = (): AbortSignal => new AbortController().signal;

/** The error that a promise rejects with; a promise that resolves fails the test. */
export async function refusal(promise: Promise<unknown>): Promise<TargetError> {
  const error = await promise.then(
    () => new Error('resolved'),
    (reason: unknown) => reason
  );
  if (error instanceof TargetError) return error;
  throw error;
}

/** An account as Jira 9.12 shows it. */
export function bean(name: string, changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    self: `https://jira.example.com/rest/api/2/user?username=${name}`,
    key: `KEY-${name}`,
    name,
    emailAddress: `${name}@example.com`,
    avatarUrls: {},
    displayName: `Display ${name}`,
    active: true,
    deleted: false,
    timeZone: 'Australia/Sydney',
    locale: 'en_US',
    ...changes,
  };
}

export const SERVER_INFO = { version: '9.12.10', versionNumbers: [9, 12, 10], deploymentType: 'Server' };

/** Everybody there, page by page. */
export async function all<T>(
  page: (cursor: string | null) => Promise<{ items: readonly T[]; cursor: string | null } | null>
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const next: { items: readonly T[]; cursor: string | null } | null = await page(cursor);
    if (next === null) return items;
    items.push(...next.items);
    cursor = next.cursor;
  } while (cursor !== null);
  return items;
}

/** All of a listing that is expected to be there, and whether it says that it is all. */
export async function listed(
  target: ProvisioningTarget
): Promise<{ readonly users: readonly TargetUser[]; readonly complete: boolean } | null> {
  const users: TargetUser[] = [];
  for (let cursor: string | null = null; ;) {
    const page: Awaited<ReturnType<ProvisioningTarget['listUsers']>> = await target.listUsers(cursor, never());
    if (page === null) return null;
    users.push(...page.items);
    cursor = page.cursor;
    if (cursor === null) return { users, complete: page.complete };
  }
}
