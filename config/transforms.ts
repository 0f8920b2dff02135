import { z } from 'zod';
import { dateFormat, DateFormatError } from '../domain/dates';
import { PLAIN_TRANSFORMS } from '../domain/mapping-settings';
import type { Transform } from '../domain/mapping-settings';
import { compilePattern, parseReplacement, PatternError } from '../domain/pattern';
import type { Pattern } from '../domain/pattern';
import { textSchema, wholeNumber } from './scalars';
import { choice, schemaIssues, strict } from './section';
import { plainWords } from './words';

const MAX_POSITION = 10_000;
const MAX_ENTRIES = 10_000;
const MAX_WORDS = 100;
const position = wholeNumber(-MAX_POSITION, MAX_POSITION);
const TRUE_WORDS = ['true', '1', 'yes'];
const FALSE_WORDS = ['false', '0', 'no'];

const patternSchema = z.string().min(1).superRefine(refusing(compilePattern));
const formatSchema = z.string().min(1).max(100).superRefine(refusing(dateFormat));
const words = (standard: readonly string[]) =>
  z
    .array(textSchema)
    .min(1)
    .max(MAX_WORDS)
    .default(() => [...standard]);

/** What each kind of step has beside its type. */
const SETTINGS = {
  prefix: strict({ value: textSchema }),
  suffix: strict({ value: textSchema }),
  default: strict({ value: textSchema }),
  fallback: strict({ source: textSchema }),
  split: strict({ separator: textSchema }),
  join: strict({ separator: z.string().max(100).default(' ') }),
  pick: strict({ index: position }),
  substring: strict({ start: position, length: wholeNumber(1, MAX_POSITION).optional() }),
  regexReplace: strict({ pattern: patternSchema, replacement: z.string().max(1024).default('') }).superRefine(
    ({ pattern, replacement }, context) => {
      withPattern(pattern, (compiled) => {
        refusing((text) => parseReplacement(text, compiled), ['replacement'])(replacement, context);
      });
    }
  ),
  regexExtract: strict({ pattern: patternSchema, group: wholeNumber(0, 9).optional() }).superRefine(
    ({ pattern, group = 0 }, context) => {
      withPattern(pattern, ({ groupCount }) => {
        if (group <= groupCount) return;
        const message = `the pattern has ${groupCount} groups`;
        context.addIssue({ code: 'custom', path: ['group'], message });
      });
    }
  ),
  table: strict({
    table: z.record(textSchema, z.string().max(1024)).refine((table) => Object.keys(table).length <= MAX_ENTRIES, {
      error: `must have at most ${MAX_ENTRIES} entries`,
    }),
    otherwise: textSchema.optional(),
  }),
  date: strict({ from: formatSchema.default('iso'), to: formatSchema }),
  boolean: strict({ true: words(TRUE_WORDS), false: words(FALSE_WORDS) }),
};
/** Types of steps that have settings. */
export const NAMED_TRANSFORMS = Object.keys(SETTINGS) as (keyof typeof SETTINGS)[];
const typeSchema = choice([...PLAIN_TRANSFORMS, ...NAMED_TRANSFORMS]);

/** One step of a mapping. The type is judged first, then the settings of that type. */
export const transformSchema = z
  .looseObject({ type: typeSchema })
  .transform(({ type, ...settings }, context): Transform => {
    const result = settingsSchema(type).safeParse(settings, { error: plainWords });
    // The table above has the settings of every type as Transform names them; absent ones are no keys.
    if (result.success) return { type, ...withoutAbsent(result.data) } as Transform;
    for (const { path, message } of schemaIssues(result.error)) {
      context.addIssue({ code: 'custom', path: [...path], message });
    }
    return z.NEVER;
  });

function settingsSchema(type: z.output<typeof typeSchema>): z.ZodType<object> {
  return type in SETTINGS ? SETTINGS[type as keyof typeof SETTINGS] : strict({});
}

function withoutAbsent(settings: object): object {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/** Does something with a pattern that is right; a wrong one has an issue of its own. */
function withPattern(source: string, use: (pattern: Pattern) => void): void {
  try {
    use(compilePattern(source));
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
  }
}

/** A check that turns what `read` refuses into an issue. */
function refusing(read: (text: string) => unknown, path: readonly string[] = []) {
  return (text: string, context: z.core.$RefinementCtx): void => {
    try {
      read(text);
    } catch (error) {
      if (!(error instanceof PatternError || error instanceof DateFormatError)) throw error;
      context.addIssue({ code: 'custom', path: [...path], message: error.message });
    }
  };
}
