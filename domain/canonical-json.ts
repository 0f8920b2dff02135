const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * Text as UTF-8 carries it: half a surrogate pair becomes U+FFFD, as in the store, so that a hash can be
 * computed again from stored records (RFC 8785 would refuse such text, and one broken name the whole plan).
 */
function canonicalString(text: string): string {
  return JSON.stringify(text.replace(LONE_SURROGATE, '\uFFFD'));
}

function canonicalObject(value: object): string {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1)); // by UTF-16 code units, as the RFC wants; keys differ
  return `{${members.map(([key, member]) => `${canonicalString(key)}:${canonicalJson(member)}`).join(',')}}`;
}

/**
 * The canonical JSON text of plain data (RFC 8785): no blanks, members sorted by UTF-16 code units,
 * numbers and escapes as ECMAScript writes them. Members without a value are left out.
 * @throws TypeError for anything JSON has no form for (NaN, Infinity, functions, bigint, undefined in a list)
 */
export function canonicalJson(value: unknown): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return canonicalString(value);
    case 'boolean':
      return String(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('canonical JSON: a number must be finite');
      return JSON.stringify(value);
    case 'object':
      return Array.isArray(value) ? `[${value.map((item) => canonicalJson(item)).join(',')}]` : canonicalObject(value);
    default:
      throw new TypeError(`canonical JSON: no form for a value of type ${typeof value}`);
  }
}
