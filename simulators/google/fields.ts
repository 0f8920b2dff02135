/** Which parts of an answer are wanted: null for all of a part. */
interface Selection {
  readonly [name: string]: Selection | null;
}

/** The expression cannot be read. */
export class FieldsError extends Error {}

const TOKEN = /[\w*]+|[(),/]/g;

/** Reads a partial-response expression such as `nextPageToken,users(id,name/fullName)`. */
export function selected(body: unknown, expression: string): unknown {
  const tokens = expression.match(TOKEN) ?? [];
  if (tokens.join('') !== expression.replaceAll(' ', '')) throw new FieldsError();
  const selection = listOf(tokens);
  if (tokens.length > 0) throw new FieldsError();
  return chosen(body, selection);
}

function listOf(tokens: string[]): Selection {
  const parts: Record<string, Selection | null> = {};
  for (;;) {
    const name = tokens.shift();
    if (name === undefined || !/^[\w*]+$/.test(name)) throw new FieldsError();
    parts[name] = below(tokens);
    if (tokens[0] !== ',') return parts;
    tokens.shift();
  }
}

function below(tokens: string[]): Selection | null {
  if (tokens[0] === '/') {
    tokens.shift();
    const name = tokens.shift();
    if (name === undefined) throw new FieldsError();
    return { [name]: below(tokens) };
  }
  if (tokens[0] !== '(') return null;
  tokens.shift();
  const inner = listOf(tokens);
  if (tokens.shift() !== ')') throw new FieldsError();
  return inner;
}

function chosen(value: unknown, selection: Selection | null): unknown {
  if (selection === null) return value;
  if (Array.isArray(value)) return value.map((item) => chosen(item, selection));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([name, part]) => {
    const inner = Object.hasOwn(selection, name) ? selection[name] : selection['*'];
    return inner === undefined ? [] : [[name, chosen(part, inner)] as const];
  });
  return Object.fromEntries(entries);
}
