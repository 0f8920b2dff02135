const SECRET_NAME =
  /(secret|token|password|passphrase|authorization|cookie|credential|api-?key|private-?key|bindpw|\$sealed)/i;
const EMAIL = /[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
const BEARER = /\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi;
const USER_INFO_IN_URL = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi;
/** Longer texts cost time and say nothing more. */
const TEXT_LIMIT = 4_000;
const DEPTH_LIMIT = 8;
const ITEM_LIMIT = 100;

export const REDACTED = '(redacted)';

/** Takes credentials and e-mail addresses out of a text. */
export function redactText(text: string): string {
  const bounded = text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT)}…` : text;
  return bounded
    .replace(USER_INFO_IN_URL, `$1${REDACTED}@`)
    .replace(BEARER, `$1 ${REDACTED}`)
    .replace(EMAIL, '(e-mail)');
}

/** True for names whose values are secrets wherever they stand ("clientSecret", "x-api-key", ...). */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  return {
    type: error.name,
    message: redactText(error.message),
    ...(error.stack === undefined ? {} : { stack: redactText(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: redactAt(error.cause, depth + 1) }),
  };
}

function redactEntries(value: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(value).slice(0, ITEM_LIMIT);
  return Object.fromEntries(
    entries.map(([name, item]) => [name, isSecretName(name) ? REDACTED : redactAt(item, depth + 1)])
  );
}

function redactAt(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEPTH_LIMIT) return '(deeper)';
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.slice(0, ITEM_LIMIT).map((item: unknown) => redactAt(item, depth + 1));
  return redactEntries(value, depth);
}

/**
 * A copy of a log object without secrets and e-mail addresses: values of secret names are replaced whole, addresses and credentials
 * within texts are cut out. Depth, length and number of items are bounded, so that a log call never costs more than its worth.
 */
export function redactObject(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return redactEntries(value, 0);
}
