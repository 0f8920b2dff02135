import type { IncomingMessage } from 'node:http';
import { ScimError, invalidSyntax } from '../../domain/scim/error';

/** Enough for a group of 50,000 named members. */
const BODY_BYTES = 8 * 1024 * 1024;
const DEPTH = 30;
const JSON_TYPE = /^application\/(?:scim\+)?json\s*(?:;|$)/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

/** Reads a JSON body; passwords are dropped before anything sees them (rules 5.4). @throws ScimError */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type'];
  const text = await readText(request);
  if (text.trim() === '') return undefined;
  if (type !== undefined && !JSON_TYPE.test(type)) {
    throw new ScimError(415, null, 'Send the body with "Content-Type: application/scim+json".');
  }
  return withoutPasswords(parse(text));
}

/** Reads the fields of a form; a field that is given twice counts as the first. @throws ScimError */
export async function readForm(request: IncomingMessage): Promise<ReadonlyMap<string, string>> {
  const text = await readText(request);
  if (!FORM_TYPE.test(request.headers['content-type'] ?? '')) return new Map();
  return new Map([...new URLSearchParams(text)].reverse());
}

async function readText(request: IncomingMessage): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > BODY_BYTES) throw tooLarge();
  if (request.headers['content-encoding'] !== undefined && request.headers['content-encoding'] !== 'identity') {
    throw new ScimError(415, null, 'Send the body uncompressed.');
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const tooLarge = (): ScimError => new ScimError(413, null, `A body may have ${BODY_BYTES} bytes.`);

function parse(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    if (depthOf(body, DEPTH) < 0) throw invalidSyntax(`The body is nested more than ${DEPTH} times.`);
    return body;
  } catch (error) {
    throw error instanceof ScimError ? error : invalidSyntax('The body cannot be parsed as JSON.');
  }
}

/** What is left of a depth; below 0 the value is deeper. */
function depthOf(value: unknown, left: number): number {
  if (typeof value !== 'object' || value === null) return left;
  if (left === 0) return -1;
  let least = left;
  for (const part of Object.values(value)) {
    least = Math.min(least, depthOf(part, left - 1));
    if (least < 0) return least;
  }
  return least;
}

const PASSWORD = /(?:^|:)password$/i;

type Members = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const droppedFrom = (members: Members): Members =>
  Object.fromEntries(Object.entries(members).filter(([name]) => !PASSWORD.test(name.trim())));

/** A body without passwords: of a resource, within a schema's URN, in the value or at the path of a PATCH. */
export function withoutPasswords(body: unknown): unknown {
  if (!isObject(body)) return body;
  const parts = Object.entries(droppedFrom(body)).map(([name, value]): [string, unknown] => {
    if (name.toLowerCase() === 'operations' && Array.isArray(value)) return [name, value.map(operationWithout)];
    return [name, name.includes(':') && isObject(value) ? droppedFrom(value) : value];
  });
  return Object.fromEntries(parts);
}

function operationWithout(operation: unknown): unknown {
  if (!isObject(operation)) return operation;
  const entries = Object.entries(operation);
  const path = entries.find(([name]) => name.toLowerCase() === 'path')?.[1];
  // Nothing is left to do, but the request as a whole stays one.
  if (typeof path === 'string' && PASSWORD.test(path.trim())) return { op: 'add', value: {} };
  return Object.fromEntries(
    entries.map(([name, value]) => [name, name.toLowerCase() === 'value' ? withoutPasswords(value) : value])
  );
}
