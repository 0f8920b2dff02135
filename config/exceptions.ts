import { z } from 'zod';
import type { GateException } from '../domain/gate-exceptions';
import { GATE_KINDS } from '../domain/operation';
import { wholeNumber } from './scalars';
import { choice, strict } from './section';

export const MAX_EXCEPTIONS = 50;
const MAX_COUNT = 10_000_000;
const MAX_REASON = 200;
const DAY_MS = 86_400_000;
/** A planned day, a change of the school year: not a limit that is gone for good. */
const LONGEST_DAYS = 31;
const DAY_PATTERN = /^\d{4}-\d{2}-\d{2}$/;

const moment = z.union([z.iso.date(), z.iso.datetime()], {
  error: 'must be a day such as 2026-09-01, or a time in UTC such as 2026-09-01T06:00:00Z',
});

/** A day begins with its first moment in UTC; as an end it is over with its last one. */
function momentOf(text: string, end: 'from' | 'to'): string {
  if (!DAY_PATTERN.test(text)) return new Date(text).toISOString();
  return new Date(Date.parse(text) + (end === 'to' ? DAY_MS : 0)).toISOString();
}

/** One planned day with a higher limit (rules 4.5). The result has times; `to` is the first moment after it. */
export const exceptionSchema = strict({
  kind: choice(GATE_KINDS),
  count: wholeNumber(1, MAX_COUNT).optional(),
  percent: z.number().gt(0).max(100).optional(),
  from: moment,
  to: moment,
  reason: z.string().trim().min(1).max(MAX_REASON),
}).transform(({ from, to, count, percent, ...rest }, context): GateException => {
  const times = { from: momentOf(from, 'from'), to: momentOf(to, 'to') };
  const refuse = (path: string, message: string): void => {
    context.addIssue({ code: 'custom', path: [path], message });
  };
  if ((count === undefined) === (percent === undefined)) refuse('count', 'give either count or percent');
  const lasts = Date.parse(times.to) - Date.parse(times.from);
  if (lasts <= 0) refuse('to', 'must be after from');
  if (lasts > LONGEST_DAYS * DAY_MS) refuse('to', `must be at most ${LONGEST_DAYS} days after from`);
  return { ...rest, ...times, ...(count !== undefined && { count }), ...(percent !== undefined && { percent }) };
});
