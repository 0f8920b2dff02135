import { z } from 'zod';
import { DEFAULTS } from './defaults';
import { idSchema, wholeNumber } from './scalars';
import { choice, strict } from './section';

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
  /** PEM texts: trusted authorities instead of the usual ones, and a client certificate with its key. */
  readonly tls?:
    | {
        readonly ca?: string | undefined;
        readonly cert?: string | undefined;
        readonly key?: string | undefined;
        readonly passphrase?: string | undefined;
      }
    | undefined;
  /** An application of "Jira User Server", which sees groups within groups. */
  readonly crowd?: { readonly application: string; readonly password: string } | undefined;
}

/** Where the secrets of a target lie: encrypted in the store, never shown. */
export const TARGET_SECRETS = [
  ['auth', 'token'],
  ['auth', 'password'],
  ['tls', 'key'],
  ['tls', 'passphrase'],
  ['crowd', 'password'],
] as const;

const visible = (name: string) =>
  z
    .string()
    .min(1)
    .max(4096)
    .regex(/^[\x21-\x7e]*$/, { error: `${name} must be visible ASCII characters without blanks or line breaks` });

const basicName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^:\p{Cc}]*$/u, { error: 'must not contain a colon or control characters' });
const basicPassword = z
  .string()
  .min(1)
  .max(4096)
  .regex(/^\P{Cc}*$/u, { error: 'must not contain control characters' });

const authSchema = z.discriminatedUnion(
  'type',
  [
    strict({ type: z.literal('pat'), token: visible('the token') }),
    strict({
      type: z.literal('basic'),
      username: basicName,
      password: basicPassword,
    }),
  ],
  { error: 'must have a type that is pat (with token) or basic (with username and password)' }
);

const LONGEST_PEM = 65_536;
const pem = (kind: RegExp, name: string) =>
  z
    .string()
    .max(LONGEST_PEM)
    .regex(kind, { error: `must be ${name} as PEM text: the text itself, not the path of a file` });
const CERTIFICATE = /-----BEGIN (TRUSTED |X509 )?CERTIFICATE-----[^-]+-----END/;
const PRIVATE_KEY = /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----[\s\S]+-----END/;

const tlsSchema = strict({
  ca: pem(CERTIFICATE, 'certificates').optional(),
  cert: pem(CERTIFICATE, 'a certificate').optional(),
  key: pem(PRIVATE_KEY, 'a private key').optional(),
  passphrase: z.string().min(1).max(4096).optional(),
})
  .refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
    error: 'must have cert and key together, or neither',
  })
  .refine(({ key, passphrase }) => passphrase === undefined || key !== undefined, {
    path: ['passphrase'],
    error: 'is of use with a key only',
  });

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
export const targetSchema = strict({
  id: idSchema,
  type: choice(['jira']),
  baseUrl: baseUrlSchema,
  auth: authSchema,
  concurrency: wholeNumber(1, MAX_CONCURRENCY).default(DEFAULTS.targetConcurrency),
  allowHttp: z.boolean().default(false),
  tls: tlsSchema.optional(),
  crowd: strict({ application: basicName, password: basicPassword }).optional(),
})
  .refine(({ baseUrl, allowHttp }) => allowHttp || baseUrl.startsWith('https:') || isLoopback(baseUrl), {
    path: ['baseUrl'],
    error: 'would send the credentials unencrypted: use https, or set allowHttp: true',
  })
  .refine(({ baseUrl, tls }) => tls === undefined || baseUrl.startsWith('https:'), {
    path: ['tls'],
    error: 'is of use with https only',
  }) satisfies z.ZodType<TargetConfig>;

function isLoopback(address: string): boolean {
  const { hostname } = new URL(address);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
