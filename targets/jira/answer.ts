export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** One request below /rest/api/2. */
export interface JiraCall {
  /** What the request is for, as error messages name it: no names of people. */
  readonly step: string;
  readonly method: Method;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
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
  readonly text: string;
  readonly json: unknown;
}

export const isWrite = (call: JiraCall): boolean => call.method !== 'GET';

/** A page made for people: a proxy's error, a login form, another application under the same host. */
export function isWebPage(answer: Answer): boolean {
  if (answer.text.trim() === '') return false;
  return (answer.headers['content-type'] ?? '').includes('html') || answer.text.trimStart().startsWith('<');
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
  return { status, headers: first, text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
