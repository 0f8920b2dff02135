import { dateFormat, DateFormatError, parseDate, writeDate } from '../dates';
import type { DateFormat } from '../dates';
import type { CallTools, FunctionSpec } from './functions';
import type { Value } from './values';

const MS_OF: Readonly<Record<string, number>> = { s: 1000, n: 60_000, h: 3_600_000, d: 86_400_000, ww: 604_800_000 };
const MONTHS_OF: Readonly<Record<string, number>> = { m: 1, yyyy: 12 };
const FORMAT_LENGTH_LIMIT = 100;

const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '');

/** Dates are ISO texts in UTC; a text that is no date is none. */
export const DATE_FUNCTIONS: Readonly<Record<string, FunctionSpec>> = {
  CDate: { parameters: ['text'], result: 'text', run: ([value]) => written(momentOf(value)) },
  // DateAdd('d', 30, date): yyyy, m, d, ww, h, n (minutes), s
  DateAdd: {
    parameters: ['text', 'number', 'text'],
    result: 'text',
    run: ([interval, amount, date], tools) => {
      const ms = momentOf(date);
      return ms === null ? null : written(added(ms, text(interval), Number(amount), tools));
    },
  },
  DateDiff: {
    parameters: ['text', 'text', 'text'],
    result: 'number',
    run: ([interval, from, to], tools) => {
      const [first, last] = [momentOf(from), momentOf(to)];
      return first === null || last === null ? null : difference(first, last, text(interval), tools);
    },
  },
  DateFromNum: { parameters: ['text'], result: 'text', run: ([value]) => written(parseDate(text(value), 'fileTime')) },
  NumFromDate: {
    parameters: ['text'],
    result: 'text',
    run: ([value]) => {
      const ms = momentOf(value);
      return ms === null ? null : writeDate(ms, 'fileTime');
    },
  },
  // FormatDateTime(text, '', 'dd.MM.yyyy', 'yyyy-MM-dd'): the second is there as in Entra and must be empty
  FormatDateTime: {
    parameters: ['text', 'text', 'text', 'text'],
    result: 'text',
    run: ([value, styles, from, to], tools) => {
      if (text(styles) !== '') throw tools.fail('takes no styles: the second argument must be empty');
      const ms = parseDate(text(value), formatOf(text(from) === '' ? 'iso' : text(from), tools));
      return ms === null ? null : writeDate(ms, formatOf(text(to), tools));
    },
  },
};

function momentOf(value: Value | undefined): number | null {
  return parseDate(text(value), 'iso');
}

function written(ms: number | null): string | null {
  if (ms === null || !Number.isFinite(ms)) return null;
  const text = writeDate(ms, 'iso');
  return parseDate(text, 'iso') === null ? null : text;
}

function formatOf(pattern: string, { fail, budget }: CallTools): DateFormat {
  if (pattern.length > FORMAT_LENGTH_LIMIT) throw fail('has a format that is too long');
  budget.spend(pattern.length);
  try {
    return dateFormat(pattern);
  } catch (error) {
    if (error instanceof DateFormatError) throw fail(error.message);
    throw error;
  }
}

function added(ms: number, interval: string, amount: number, { fail }: CallTools): number | null {
  const whole = Math.trunc(amount);
  if (Math.abs(whole) > 1e10) return null;
  const unit = MS_OF[interval];
  if (unit !== undefined) return inRange(ms + whole * unit);
  const months = MONTHS_OF[interval];
  if (months === undefined) throw fail('takes the intervals yyyy, m, d, ww, h, n and s');
  return inRange(addMonths(ms, whole * months));
}

/** The last day of a month stays within the month: 31 January and one month is 28 February. */
function addMonths(ms: number, months: number): number {
  const date = new Date(ms);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1);
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0)).getUTCDate();
  const day = Math.min(date.getUTCDate(), length);
  return first + (day - 1) * (MS_OF['d'] ?? 0) + (ms % (MS_OF['d'] ?? 1));
}

function inRange(ms: number): number | null {
  return ms >= Date.UTC(1000, 0, 1) && ms <= Date.UTC(9999, 11, 31) ? ms : null;
}

/** Whole units between two moments, towards zero; months and years by the calendar. */
function difference(from: number, to: number, interval: string, { fail }: CallTools): number {
  const unit = MS_OF[interval];
  if (unit !== undefined) return Math.trunc((to - from) / unit);
  const months = MONTHS_OF[interval];
  if (months === undefined) throw fail('takes the intervals yyyy, m, d, ww, h, n and s');
  const [first, last] = [new Date(from), new Date(to)];
  const between = (last.getUTCFullYear() - first.getUTCFullYear()) * 12 + (last.getUTCMonth() - first.getUTCMonth());
  return Math.trunc(between / months);
}
