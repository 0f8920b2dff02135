export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One request to Jira's REST API. */
export interface JiraCall {
  /** What the request is for, as error messages name it: no names of people; names of anything else in single quotes. */
  readonly step: string;
  readonly method: Method;
  /** Below `root`. */
  readonly path: string;
  /** @default /rest/api/2 */
  readonly root?: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly upload?: { readonly type: string; readonly bytes: Uint8Array };
  /** Beside those of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The answer is XML, and read as text. */
  readonly xml?: boolean;
  /** Known to take minutes where several external directories are asked (JRASERVER-71493). */
  readonly slow?: boolean;
  /** Answered without a login too, so that an anonymous answer says nothing about the credentials. */
  readonly open?: boolean;
}

/** An answer of any status. `json` is undefined when the body is not JSON. */
export interface Answer {
  readonly status: number;
  /** Names in lower case; of repeated headers the first. */
  readonly headers: Readonly<Record<string, string>>;
  /** The cookies it sets, as a Cookie header gives them back. */
  readonly cookies: string;
  readonly text: string;
  readonly json: unknown;
}

export const rootOf = (call: JiraCall): string => call.root ?? '/rest/api/2';

/** The step without the names that it quotes: one text for all groups. */
export const stepInGeneral = ({ step }: Pick<JiraCall, 'step'>): string => step.replace(/ '.*'/, '');

export const isWrite = (call: JiraCall): boolean => call.method !== 'GET';

/** A body that says of itself that it is a page. */
export const isHtml = (answer: Answer): boolean => (answer.headers['content-type'] ?? '').includes('html');

/** A page made for people: a proxy's error, a login form, another application under the same host. */
export function isWebPage(answer: Answer): boolean {
  if (answer.text.trim() === '') return false;
  return isHtml(answer) || answer.text.trimStart().startsWith('<');
}

/** Reads status, headers and body as they came from the wire. */
export function toAnswer(
  status: number,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  text: string
): Answer {
  const first: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const one = typeof value === 'string' ? value : value?.[0];
    if (one !== undefined) first[name.toLowerCase()] = one;
  }
  return { status, headers: first, cookies: cookiesOf(headers['set-cookie']), text, json: parsed(text) };
}

function cookiesOf(set: string | string[] | undefined): string {
  const lines = typeof set === 'string' ? [set] : (set ?? []);
  return lines.flatMap((line) => /^[^;]+/.exec(line)?.[0] ?? []).join('; ');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
