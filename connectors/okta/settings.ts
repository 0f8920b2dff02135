import { createPrivateKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { section } from '../../config/section';
import { baseUrlSchema, maySendSecrets } from '../baseUrl';
import { DEFAULT_QUOTA_SHARE } from '../pace';

export const GROUP_TYPES = ['OKTA_GROUP', 'APP_GROUP', 'BUILT_IN'] as const;
export type GroupType = (typeof GROUP_TYPES)[number];

/** How one Okta org is reached. Either the three of a service app, or an API token. */
export interface OktaSettings {
  readonly baseUrl: string;
  readonly clientId: string | null;
  readonly keyId: string | null;
  /** PEM. */
  readonly privateKey: string | null;
  readonly apiToken: string | null;
  /** Whether secrets may go over plain http to another machine. */
  readonly allowHttp: boolean;
  /** What people are who have not yet taken up their account. */
  readonly pending: 'active' | 'inactive';
  /** Whether deprovisioned users are listed; they are found by their id in any case. */
  readonly deprovisioned: boolean;
  readonly groupTypes: readonly GroupType[];
  /** Ids or labels of apps whose groups are left out, beside those of Jira's own. */
  readonly excludeApps: readonly string[];
  /** Whether the numbers of members that Okta tells are proof. */
  readonly memberCounts: 'check' | 'ignore';
  /** Per cent of Okta's limits. */
  readonly quotaShare: number;
}

const MAX_NAME = 255;
const MAX_SECRET = 16_384;
/** Other curves need other algorithms. */
const CURVE = 'prime256v1';

const name = z.string().min(1).max(MAX_NAME);
const apps = z.array(name).max(100);

/** Line ends may be written `\n`, as in an environment variable. */
const privateKey = z
  .string()
  .max(MAX_SECRET)
  .transform((text) => text.replaceAll('\\n', '\n').trim())
  .refine((text) => isUsable(keyOf(text)), {
    error: 'must be a private key as PEM (-----BEGIN PRIVATE KEY-----), RSA or EC P-256',
  });

function keyOf(text: string): KeyObject | null {
  try {
    return createPrivateKey(text);
  } catch {
    return null;
  }
}

function isUsable(key: KeyObject | null): boolean {
  if (key?.asymmetricKeyType === 'ec') return key.asymmetricKeyDetails?.namedCurve === CURVE;
  return key?.asymmetricKeyType === 'rsa';
}

/** The algorithm that goes with the key. */
export const algorithmOf = (pem: string): 'RS256' | 'ES256' =>
  keyOf(pem)?.asymmetricKeyType === 'ec' ? 'ES256' : 'RS256';

export const oktaSettingsSchema: z.ZodType<OktaSettings> = section(
  {
    baseUrl: baseUrlSchema
      .refine((url) => new URL(url).pathname === '/', {
        error: 'must be the address of the org alone, such as https://corp.okta.com',
      })
      .refine((url) => !/-admin\.(okta|oktapreview|okta-emea)\.com$/.test(new URL(url).hostname), {
        error: 'is the address of the admin console: leave out "-admin"',
      }),
    clientId: name.nullable().default(null),
    keyId: name.nullable().default(null),
    privateKey: privateKey.nullable().default(null),
    apiToken: z.string().min(1).max(MAX_SECRET).nullable().default(null),
    allowHttp: z.boolean().default(false),
    pending: z.enum(['active', 'inactive'], { error: 'must be one of active, inactive' }).default('inactive'),
    deprovisioned: z.boolean().default(false),
    groupTypes: z
      .array(z.enum(GROUP_TYPES, { error: `must be one of ${GROUP_TYPES.join(', ')}` }))
      .min(1)
      .default(['OKTA_GROUP', 'APP_GROUP']),
    excludeApps: apps.default([]),
    memberCounts: z.enum(['check', 'ignore'], { error: 'must be one of check, ignore' }).default('check'),
    quotaShare: z.int().min(1).max(100).default(DEFAULT_QUOTA_SHARE),
  },
  {}
).superRefine(({ baseUrl, allowHttp, clientId, keyId, privateKey: key, apiToken }, context) => {
  const issue = (path: string, message: string): void => {
    context.addIssue({ code: 'custom', path: [path], message });
  };
  if (!maySendSecrets(baseUrl, allowHttp)) {
    issue('baseUrl', 'would send secrets unencrypted: use https, or set allowHttp: true');
  }
  const app = Object.entries({ clientId, keyId, privateKey: key });
  const given = app.filter(([, value]) => value !== null);
  if (apiToken !== null && given.length > 0) {
    issue('apiToken', 'and a service app exclude each other: give clientId, keyId and privateKey, or apiToken');
  } else if (apiToken === null && given.length === 0) {
    issue('clientId', 'is missing: a service app needs clientId, keyId and privateKey (or give an apiToken)');
  } else if (apiToken === null) {
    for (const [key] of app.filter(([, value]) => value === null)) issue(key, 'is missing: a service app needs it');
  }
});
