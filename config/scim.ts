import { z } from 'zod';
import type { CustomExtension } from '../domain/scim/kinds';
import { attributeNamed } from '../domain/scim/attribute';
import { COMMON_ATTRIBUTES, ENTERPRISE_SCHEMA, GROUP_SCHEMA, USER_SCHEMA } from '../domain/scim/schemas';
import type { IgnoreRule } from '../domain/scim/source';
import { globSchema, wholeNumber } from './scalars';
import { strict } from './section';

/** A source that pushes (docs/connectors/scim-generic.md). */
export interface ScimSettings {
  /** How long a change that takes something away waits for others after the last one (rules 4.7). */
  readonly settleSeconds: number;
  /** And how long at most. */
  readonly settleMaxSeconds: number;
  /** Test users and test groups of a provider, which never reach the target. */
  readonly ignore: IgnoreRule;
  readonly extension: CustomExtension | null;
  /** Requests a second that one API process answers; more are told to come later. */
  readonly requestsPerSecond: number;
}

const MAX_SETTLE_SECONDS = 3_600;
/** Entra asks for 25 requests a second at least. */
const LEAST_REQUESTS = 25;
const MOST_REQUESTS = 10_000;
const MAX_PATTERNS = 100;
const MAX_ATTRIBUTES = 200;

const DEFAULTS = {
  settleSeconds: 10,
  settleMaxSeconds: 60,
  ignore: { users: [], groups: ['JumpCloud Test Group'] },
  requestsPerSecond: 100,
} as const;

const BUILT_IN: ReadonlySet<string> = new Set(
  [USER_SCHEMA, ENTERPRISE_SCHEMA, GROUP_SCHEMA].map(({ id }) => id.toLowerCase())
);
const patterns = z.array(globSchema).max(MAX_PATTERNS).readonly();

const attributeName = z
  .string()
  .regex(/^[A-Za-z][\w-]{0,63}$/, { error: 'must be letters, digits, "_" and "-", beginning with a letter' })
  .refine((name) => attributeNamed([...USER_SCHEMA.attributes, ...COMMON_ATTRIBUTES], name) === undefined, {
    error: 'is the name of an attribute that every user has',
  });

const extensionSchema = strict({
  urn: z
    .string()
    .regex(/^urn:[A-Za-z0-9][A-Za-z0-9-]{1,31}:[\w.:-]{1,200}$/, {
      error: 'must be a URN such as urn:example:2.0:User',
    })
    .refine((urn) => !BUILT_IN.has(urn.toLowerCase()), { error: 'is a schema that is built in' }),
  attributes: z
    .record(attributeName, z.enum(['string', 'boolean', 'integer', 'decimal', 'dateTime']))
    .refine((given) => Object.keys(given).length <= MAX_ATTRIBUTES, { error: `at most ${MAX_ATTRIBUTES} attributes` }),
});

export const scimSettingsSchema: z.ZodType<ScimSettings> = strict({
  settleSeconds: wholeNumber(0, MAX_SETTLE_SECONDS).default(DEFAULTS.settleSeconds),
  settleMaxSeconds: wholeNumber(0, MAX_SETTLE_SECONDS).default(DEFAULTS.settleMaxSeconds),
  ignore: strict({
    users: patterns.default(DEFAULTS.ignore.users),
    groups: patterns.default(DEFAULTS.ignore.groups),
  }).prefault({}),
  extension: extensionSchema.nullable().default(null),
  requestsPerSecond: wholeNumber(LEAST_REQUESTS, MOST_REQUESTS).default(DEFAULTS.requestsPerSecond),
}).refine(({ settleSeconds, settleMaxSeconds }) => settleMaxSeconds >= settleSeconds, {
  path: ['settleMaxSeconds'],
  error: 'must not be less than settleSeconds',
});

/** The type of such a source. */
export const SCIM_SOURCE = 'scim';

/** The settings of a connector's source; null where it is of another type. */
export function scimSettingsOf(source: { readonly type: string }): ScimSettings | null {
  if (source.type !== SCIM_SOURCE) return null;
  const { type: _type, ...settings } = source;
  return scimSettingsSchema.parse(settings);
}
