const DAY_MS = 86_400_000;
const FILE_TIME_EPOCH_MS = Date.UTC(1601, 0, 1);
const FILE_TIME_UNITS_PER_MS = 10_000n;
/** What the directory writes for "never" is beyond every date. */
const LAST_MS = Date.UTC(9999, 11, 31) + DAY_MS - 1;
const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/;
const LDAP = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d{1,9})?Z$/;
const TOKENS = /yyyy|MM?|dd?|HH?|mm|ss|'[^']*'|[^A-Za-z']|[\s\S]/g;

/** How dates are written: by name, or as a pattern of yyyy, MM, M, dd, d, HH, H, mm and ss; text in quotes stands for itself. */
export type DateFormat = 'iso' | 'ldap' | 'fileTime' | 'unix' | { readonly tokens: readonly string[] };
const NAMED: readonly string[] = ['iso', 'ldap', 'fileTime', 'unix'];

/** A pattern of a date that cannot be used. */
export class DateFormatError extends Error {
  override readonly name = 'DateFormatError';
}

/** @throws DateFormatError for a pattern with a letter that means nothing */
export function dateFormat(text: string): DateFormat {
  if (NAMED.includes(text)) return text as Exclude<DateFormat, object>;
  const tokens = text.match(TOKENS) ?? [];
  const wrong = tokens.find((token) => /^[A-Za-z']$/.test(token) && !/^[MdH]$/.test(token));
  if (wrong !== undefined) {
    throw new DateFormatError(
      `"${wrong}" means nothing in a date: use yyyy MM dd HH mm ss, one of ${NAMED.join(', ')}, or quotes around text`
    );
  }
  return { tokens };
}

/** Milliseconds since the epoch, in UTC where the text names no zone; null for what is no date in this format. */
export function parseDate(text: string, format: DateFormat): number | null {
  switch (format) {
    case 'iso':
      return fromIso(text);
    case 'ldap': {
      const [, ...parts] = LDAP.exec(text) ?? [];
      return parts.length === 0 ? null : fromParts(parts.map(Number));
    }
    case 'fileTime':
      return /^\d{1,19}$/.test(text)
        ? within(Number(BigInt(text) / FILE_TIME_UNITS_PER_MS) + FILE_TIME_EPOCH_MS)
        : null;
    case 'unix':
      return /^-?\d{1,12}$/.test(text) ? within(Number(text) * 1000) : null;
    default:
      return fromTokens(text, format.tokens);
  }
}

/** The moment as text, in UTC. */
export function writeDate(ms: number, format: DateFormat): string {
  const iso = new Date(ms).toISOString();
  switch (format) {
    case 'iso':
      return iso.replace('.000Z', 'Z');
    case 'ldap':
      return `${iso.slice(0, 19).replace(/[-:T]/g, '')}Z`;
    case 'fileTime':
      return String(BigInt(ms - FILE_TIME_EPOCH_MS) * FILE_TIME_UNITS_PER_MS);
    case 'unix':
      return String(Math.floor(ms / 1000));
    default:
      return format.tokens.map((token) => writeToken(iso, token)).join('');
  }
}

function fromIso(text: string): number | null {
  const [, year, month, day, hour = '0', minute = '0', second = '0', zone = 'Z'] = ISO.exec(text) ?? [];
  if (year === undefined) return null;
  const ms = fromParts([year, month, day, hour, minute, second].map(Number));
  if (ms === null || zone === 'Z') return ms;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  return within(ms - (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000);
}

function fromTokens(text: string, tokens: readonly string[]): number | null {
  const parts = { yyyy: 1970, M: 1, d: 1, H: 0, m: 0, s: 0 };
  let at = 0;
  for (const token of tokens) {
    const literal = /^[yMdHms]/.test(token) ? null : token.replace(/^'([^]*)'$/, '$1');
    const expected = literal === null ? numberAt(text, at, token) : text.startsWith(literal, at) ? literal : null;
    if (expected === null) return null;
    at += expected.length;
    if (literal === null) parts[partOf(token)] = Number(expected);
  }
  return at === text.length ? fromParts([parts.yyyy, parts.M, parts.d, parts.H, parts.m, parts.s]) : null;
}

function partOf(token: string): 'yyyy' | 'M' | 'd' | 'H' | 'm' | 's' {
  return token === 'yyyy' ? token : (token.charAt(0) as 'M' | 'd' | 'H' | 'm' | 's');
}

/** A token of one letter takes one or two digits. */
function numberAt(text: string, at: number, token: string): string | null {
  const width = token.length;
  const digits = /^\d*/.exec(text.slice(at, at + Math.max(2, width)))?.[0] ?? '';
  return digits.length >= width ? digits : null;
}

function fromParts([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: readonly number[]): number | null {
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(ms);
  const isReal =
    year >= 1000 &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    hour < 24 &&
    minute < 60 &&
    second < 60;
  return isReal ? ms : null;
}

function within(ms: number): number | null {
  return ms >= Date.UTC(1000, 0, 1) && ms <= LAST_MS ? ms : null;
}

function writeToken(iso: string, token: string): string {
  const places: Readonly<Record<string, readonly [number, number]>> = {
    yyyy: [0, 4],
    MM: [5, 7],
    dd: [8, 10],
    HH: [11, 13],
    mm: [14, 16],
    ss: [17, 19],
  };
  const place = places[token.length === 1 ? token + token : token];
  if (!/^[yMdHms]/.test(token) || place === undefined) return token.replace(/^'([^]*)'$/, '$1');
  const digits = iso.slice(...place);
  return token.length === 1 ? String(Number(digits)) : digits;
}
