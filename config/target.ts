import { z } from 'zod';
import { DEFAULTS } from './defaults';
import { idSchema, wholeNumber } from './scalars';
import { choice, section, strict } from './section';
import { UNBUILT } from './unbuilt';

const MAX_CONCURRENCY = 16;

/** A target as parsed; `baseUrl` has no slash at its end. */
export interface TargetConfig {
  readonly id: string;
  readonly type: 'jira';
  readonly baseUrl: string;
  readonly auth:
    | { readonly type: 'pat'; readonly token: string }
    | { readonly type: 'basic'; readonly username: string; readonly password: string };
  /** Calls at the same time. */
  readonly concurrency: number;
  /** Whether credentials may go over plain http to another machine. */
  readonly allowHttp: boolean;
}

/** Where the secrets of a target lie: encrypted in the store, never shown. */
export const TARGET_SECRETS = [
  ['auth', 'token'],
  ['auth', 'password'],
] as const;

const visible = (name: string) =>
  z
    .string()
    .min(1)
    .max(4096)
    .regex(/^[\x21-\x7e]*$/, { error: `${name} must be visible ASCII characters without blanks or line breaks` });

const authSchema = z.discriminatedUnion(
  'type',
  [
    strict({ type: z.literal('pat'), token: visible('the token') }),
    strict({
      type: z.literal('basic'),
      username: z
        .string()
        .min(1)
        .max(255)
        .regex(/^[^:\p{Cc}]*$/u, { error: 'must not contain a colon or control characters' }),
      password: z
        .string()
        .min(1)
        .max(4096)
        .regex(/^\P{Cc}*$/u, { error: 'must not contain control characters' }),
    }),
  ],
  { error: 'must have a type that is pat (with token) or basic (with username and password)' }
);

const baseUrlSchema = z.string().transform((text, context): string => {
  const url = URL.canParse(text) ? new URL(text) : null;
  const problem = urlProblem(url);
  if (url !== null && problem === null) return url.href.replace(/\/+$/, '');
  context.addIssue({ code: 'custom', message: problem ?? 'is not an address' });
  return z.NEVER;
});

function urlProblem(url: URL | null): string | null {
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    return 'must be an address such as https://jira.example.com';
  }
  if (url.username !== '' || url.password !== '') return 'must not hold credentials: put them under auth';
  if (url.search !== '' || url.hash !== '') return 'must not have a query or a fragment';
  return null;
}

/** The schema of one target (docs/configuration.md, "Targets"). */
export const targetSchema = section(
  {
    id: idSchema,
    type: choice(['jira']),
    baseUrl: baseUrlSchema,
    auth: authSchema,
    concurrency: wholeNumber(1, MAX_CONCURRENCY).default(DEFAULTS.targetConcurrency),
    allowHttp: z.boolean().default(false),
  },
  UNBUILT.target
).refine(({ baseUrl, allowHttp }) => allowHttp || baseUrl.startsWith('https:') || isLoopback(baseUrl), {
  path: ['baseUrl'],
  error: 'would send the credentials unencrypted: use https, or set allowHttp: true',
}) satisfies z.ZodType<TargetConfig>;

function isLoopback(address: string): boolean {
  const { hostname } = new URL(address);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
