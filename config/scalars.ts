import { z } from 'zod';
import { NAME_PATTERN } from '../domain/ids';

const MAX_TEXT = 1024;
const HOURS_PER_DAY = 24;
const MAX_HOURS = 24 * 365;

/** Id of a connector or a target (durability 1.5). */
export const idSchema = z.string().regex(NAME_PATTERN, {
  error: 'must be lower-case letters, digits and hyphens, not starting with a hyphen, at most 63 characters',
});

/** A short text with something in it. */
export const textSchema = z.string().min(1).max(MAX_TEXT);

export const wholeNumber = (from: number, to: number) => z.int().min(from).max(to);

/** A glob over names, or an id. */
export const globSchema = textSchema;

/** `72h` or `3d` as hours; at least one hour, at most a year. */
export const hoursSchema = z.string().transform((text, context): number => {
  const [, amount, unit] = /^(\d{1,6})([hd])$/.exec(text) ?? [];
  const hours = Number(amount) * (unit === 'd' ? HOURS_PER_DAY : 1);
  if (hours >= 1 && hours <= MAX_HOURS) return hours;
  context.addIssue({ code: 'custom', message: 'must be a duration such as 72h or 3d, between 1h and 365d' });
  return z.NEVER;
});
