import { z } from 'zod';
import { pathText, type ConfigurationIssue } from './errors';
import { unknownKeyMessage } from './nearest';
import { plainWords } from './words';

/** Stands for "no default": the key may not be given at all while its feature is not built. */
export const ABSENT = Symbol('absent');

/** Known keys whose feature is not built yet, with the only value that is accepted for each. */
export type UnbuiltKeys = Readonly<Record<string, unknown>>;

/** A path of keys and what is wrong there. */
export interface SchemaIssue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * An object that refuses every key it does not know, naming the nearest one.
 * Several unknown keys make one issue whose message has a line for each, in the order of `keys`.
 */
export function strict<S extends z.core.$ZodLooseShape>(shape: S, alsoKnown: readonly string[] = []) {
  const known = [...Object.keys(shape), ...alsoKnown];
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => unknownKeyMessage(key, known)).join('\n')
        : undefined,
  });
}

/** The type that a section of this shape parses to. */
type SectionOutput<S extends z.core.$ZodLooseShape> = z.output<z.ZodObject<S, z.core.$strict>>;
type SectionInput<S extends z.core.$ZodLooseShape> = z.input<z.ZodObject<S, z.core.$strict>>;

/**
 * A strict object some of whose known keys are not built yet: these are accepted at their default only,
 * so that nothing an admin asks for is silently left out, and are gone from the result.
 */
export function section<S extends z.core.$ZodLooseShape>(
  shape: S,
  unbuilt: UnbuiltKeys
): z.ZodType<SectionOutput<S>, SectionInput<S>> {
  const refusals = mapValues(unbuilt, unbuiltValue);
  const object = strict({ ...refusals, ...shape });
  const names = new Set(Object.keys(unbuilt));
  const built = object.transform((value) =>
    Object.fromEntries(Object.entries(value).filter(([key]) => !names.has(key)))
  );
  // The unbuilt keys are optional and filtered out: what is left is exactly the output of `shape`.
  return built as unknown as z.ZodType<SectionOutput<S>, SectionInput<S>>;
}

/** What is wrong with the unbuilt keys of an object, and the object without them. */
export function splitUnbuilt(
  value: Readonly<Record<string, unknown>>,
  unbuilt: UnbuiltKeys
): { readonly rest: Record<string, unknown>; readonly issues: readonly SchemaIssue[] } {
  const entries = Object.entries(value);
  const issues = entries.flatMap(([key, given]) =>
    Object.hasOwn(unbuilt, key) && !isDefault(given, unbuilt[key])
      ? [{ path: [key], message: unbuiltMessage(unbuilt[key]) }]
      : []
  );
  return { rest: Object.fromEntries(entries.filter(([key]) => !Object.hasOwn(unbuilt, key))), issues };
}

function unbuiltValue(only: unknown): z.ZodType {
  return z
    .unknown()
    .refine((given) => isDefault(given, only), { error: unbuiltMessage(only) })
    .optional();
}

function unbuiltMessage(only: unknown): string {
  return only === ABSENT ? 'not built yet' : `not built yet; only its default ${JSON.stringify(only)} is accepted`;
}

/** True when `given` is the default, or a part of it where the default is an object. */
function isDefault(given: unknown, only: unknown): boolean {
  if (given === undefined) return true;
  if (Array.isArray(only)) {
    return Array.isArray(given) && given.length === only.length && only.every((item, n) => isSame(given[n], item));
  }
  if (isObject(only)) {
    return (
      isObject(given) && Object.keys(given).every((key) => Object.hasOwn(only, key) && isDefault(given[key], only[key]))
    );
  }
  return given === only;
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One of the built words; a word whose feature is not built yet says so. */
export function choice<const T extends readonly [string, ...string[]]>(built: T, unbuilt: readonly string[] = []) {
  return z.enum(built, {
    error: ({ input }) =>
      typeof input === 'string' && unbuilt.includes(input)
        ? `"${input}" is not built yet; built: ${built.join(', ')}`
        : `must be one of ${built.join(', ')}`,
  });
}

/** Everything that is wrong, an entry for each unknown key. */
export function schemaIssues(error: z.ZodError): readonly SchemaIssue[] {
  return error.issues.flatMap((issue): SchemaIssue[] => {
    if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }];
    const messages = issue.message.split('\n');
    return issue.keys.map((key, n) => ({ path: [...issue.path, key], message: messages[n] ?? 'unknown key' }));
  });
}

/** Parses, or returns everything that is wrong with readable paths. */
export function parseWith<T>(
  schema: z.ZodType<T>,
  raw: unknown
): { readonly value: T } | { readonly issues: readonly ConfigurationIssue[] } {
  const result = schema.safeParse(raw, { error: plainWords });
  if (result.success) return { value: result.data };
  return { issues: schemaIssues(result.error).map(({ path, message }) => ({ path: pathText(path), message })) };
}

function mapValues<T>(record: Readonly<Record<string, unknown>>, change: (value: unknown) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
