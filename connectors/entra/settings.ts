import { createPrivateKey, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { section } from '../../config/section';
import { baseUrlSchema, maySendSecrets } from '../baseUrl';
import { DEFAULT_QUOTA_SHARE } from '../pace';

/** How one tenant of Microsoft Entra ID is reached, and what of it is read. */
export interface EntraSettings {
  /** The directory (tenant) id, or a domain of the tenant. */
  readonly tenantId: string;
  /** The application (client) id. */
  readonly clientId: string;
  /** Either this, or a certificate with its key. */
  readonly clientSecret: string | null;
  /** The last day of the secret, yyyy-mm-dd: Entra tells it to administrators alone. */
  readonly clientSecretExpires: string | null;
  /** PEM. */
  readonly certificate: string | null;
  readonly privateKey: string | null;
  /** Without /v1.0. */
  readonly graphUrl: string;
  readonly loginUrl: string;
  /** `scoped`: nobody beside the members of the required groups, where there are any. */
  readonly read: 'scoped' | 'all';
  readonly nested: 'flatten' | 'ignore';
  readonly guests: 'exclude' | 'include';
  /** Whether a guest who has not accepted the invitation counts as active. */
  readonly pendingGuests: 'active' | 'inactive';
  readonly managers: boolean;
  /** Properties to read beside the usual ones and those that the mapping names. */
  readonly attributes: readonly string[];
  /** Per cent of the tenant's limit of requests. */
  readonly quotaShare: number;
  /** Whether secrets may go over plain http to another machine. */
  readonly allowHttp: boolean;
}

/** Graph and log-in of each cloud. */
export const CLOUDS = {
  global: { graphUrl: 'https://graph.microsoft.com', loginUrl: 'https://login.microsoftonline.com' },
  usGovernment: { graphUrl: 'https://graph.microsoft.us', loginUrl: 'https://login.microsoftonline.us' },
  usGovernmentDod: { graphUrl: 'https://dod-graph.microsoft.us', loginUrl: 'https://login.microsoftonline.us' },
  china: { graphUrl: 'https://microsoftgraph.chinacloudapi.cn', loginUrl: 'https://login.chinacloudapi.cn' },
} as const;

const MAX_NAME = 255;
const MAX_SECRET = 4_096;
const MAX_PEM = 32_768;
const MOST_ATTRIBUTES = 50;

const oneOf = <const T extends readonly [string, ...string[]]>(...words: T) =>
  z.enum(words, { error: `must be one of ${words.join(', ')}` });

const fields = section(
  {
    tenantId: z
      .string()
      .max(MAX_NAME)
      .regex(/^[A-Za-z0-9][A-Za-z0-9.-]*$/, { error: 'must be the id or a domain of the tenant' }),
    clientId: z.string().min(1).max(MAX_NAME),
    clientSecret: z.string().min(1).max(MAX_SECRET).nullish(),
    clientSecretExpires: z.iso.date({ error: 'must be a day such as 2027-05-31' }).nullish(),
    certificate: z
      .string()
      .max(MAX_PEM)
      .refine(isCertificate, { error: 'must be a certificate in PEM form' })
      .nullish(),
    privateKey: z
      .string()
      .max(MAX_PEM)
      .refine(isPrivateKey, { error: 'must be a private key in PEM form, without password' })
      .nullish(),
    cloud: oneOf('global', 'usGovernment', 'usGovernmentDod', 'china').default('global'),
    graphUrl: baseUrlSchema
      .refine((url) => new URL(url).pathname === '/', { error: 'must end before /v1.0: the address of Graph itself' })
      .optional(),
    loginUrl: baseUrlSchema.optional(),
    read: oneOf('scoped', 'all').default('scoped'),
    nested: oneOf('flatten', 'ignore').default('flatten'),
    guests: oneOf('exclude', 'include').default('exclude'),
    pendingGuests: oneOf('active', 'inactive').default('inactive'),
    managers: z.boolean().default(false),
    attributes: z
      .array(z.string().regex(/^[A-Za-z]\w*$/))
      .max(MOST_ATTRIBUTES)
      .default([]),
    quotaShare: z.int().min(1).max(100).default(DEFAULT_QUOTA_SHARE),
    allowHttp: z.boolean().default(false),
  },
  {}
);

export const entraSettingsSchema: z.ZodType<EntraSettings> = fields
  .transform(({ cloud, ...rest }): EntraSettings => {
    const { clientSecret = null, clientSecretExpires = null, certificate = null, privateKey = null } = rest;
    return { ...CLOUDS[cloud], ...defined(rest), clientSecret, clientSecretExpires, certificate, privateKey };
  })
  .superRefine((settings, context) => {
    const say = (path: keyof EntraSettings, message: string): void => {
      context.addIssue({ code: 'custom', path: [path], message });
    };
    const { clientSecret, certificate, privateKey, allowHttp } = settings;
    if ((certificate === null) !== (privateKey === null)) {
      say(
        certificate === null ? 'certificate' : 'privateKey',
        'belongs to the other one: give certificate and privateKey'
      );
    } else if ((clientSecret === null) === (certificate === null)) {
      say('clientSecret', 'give either clientSecret, or certificate and privateKey');
    } else if (certificate !== null && privateKey !== null && !belong(certificate, privateKey)) {
      say('privateKey', 'is not the key of the certificate');
    }
    for (const key of ['graphUrl', 'loginUrl'] as const) {
      if (!maySendSecrets(settings[key], allowHttp)) {
        say(key, 'would send secrets unencrypted: use https, or set allowHttp: true');
      }
    }
  });

type Written = Omit<z.output<typeof fields>, 'cloud'>;

/** Without the keys that were not given. */
function defined(
  rest: Written
): Omit<Written, 'graphUrl' | 'loginUrl'> & { readonly graphUrl?: string; readonly loginUrl?: string } {
  const { graphUrl, loginUrl, ...others } = rest;
  return { ...others, ...(graphUrl !== undefined && { graphUrl }), ...(loginUrl !== undefined && { loginUrl }) };
}

function isCertificate(pem: string): boolean {
  return parses(() => new X509Certificate(pem));
}

function isPrivateKey(pem: string): boolean {
  return parses(() => createPrivateKey(pem));
}

const belong = (certificate: string, privateKey: string): boolean =>
  parses(() => new X509Certificate(certificate)) &&
  new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey));

function parses(read: () => unknown): boolean {
  try {
    return read() !== undefined;
  } catch {
    return false;
  }
}
