import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { section } from '../../config/section';
import { baseUrlSchema, maySendSecrets } from '../baseUrl';
import { DEFAULT_QUOTA_SHARE } from '../pace';

/** How one Google Workspace or Cloud Identity customer is reached. */
export interface GoogleSettings {
  /** The key file of the service account: JSON as Google gives it out. */
  readonly serviceAccountKey: string;
  /** The administrator for whom the service account stands. */
  readonly adminEmail: string;
  /** Null: the customer of the administrator. */
  readonly customer: string | null;
  /** Of several domains of the customer one alone; null: all. */
  readonly domain: string | null;
  /** Whether members of groups within groups count as members. */
  readonly nested: 'flatten' | 'ignore';
  readonly photos: boolean;
  /** Whether the numbers of members that Google tells are proof. */
  readonly memberCounts: 'check' | 'ignore';
  /** Per cent of Google's limit. */
  readonly quotaShare: number;
  readonly baseUrl: string;
  readonly tokenUrl: string;
  /** Whether secrets may go over plain http to another machine. */
  readonly allowHttp: boolean;
}

/** What of the key file is used. */
export interface ServiceAccount {
  readonly clientEmail: string;
  readonly privateKey: string;
  readonly keyId: string | null;
}

const MAX_KEY = 16_384;
const MAX_NAME = 255;
const email = z
  .string()
  .max(MAX_NAME)
  .regex(/^[^\s@]+@[^\s@]+$/, { error: 'must be an address, such as rollcall-reader@corp.example' });

const keyFileShape = z.looseObject({
  type: z.literal('service_account'),
  client_email: z.string().min(1),
  private_key: z.string().min(1),
  private_key_id: z.string().nullish(),
});

/** The service account of a key file; null when the text is none, or its key is no RSA key. */
export function serviceAccountIn(text: string): ServiceAccount | null {
  try {
    const file = keyFileShape.safeParse(JSON.parse(text));
    if (!file.success) return null;
    const { client_email, private_key, private_key_id = null } = file.data;
    if (createPrivateKey(private_key).asymmetricKeyType !== 'rsa') return null;
    return { clientEmail: client_email, privateKey: private_key, keyId: private_key_id };
  } catch {
    return null;
  }
}

const NOT_A_KEY =
  'must be the whole JSON key file of a service account (IAM > Service accounts > Keys > Add key > JSON)';
const UNENCRYPTED = 'would send secrets unencrypted: use https, or set allowHttp: true';

export const googleSettingsSchema: z.ZodType<GoogleSettings> = section(
  {
    serviceAccountKey: z
      .string()
      .max(MAX_KEY)
      .refine((text) => serviceAccountIn(text) !== null, { error: NOT_A_KEY }),
    adminEmail: email,
    customer: z
      .string()
      .regex(/^C\w{1,50}$/, { error: 'must be a customer id, such as C01abcdef' })
      .nullable()
      .default(null),
    domain: z
      .string()
      .max(MAX_NAME)
      .regex(/^[^\s@/]+\.[^\s@/]+$/, { error: 'must be a domain, such as corp.example' })
      .nullable()
      .default(null),
    nested: z.enum(['flatten', 'ignore'], { error: 'must be one of flatten, ignore' }).default('flatten'),
    photos: z.boolean().default(false),
    memberCounts: z.enum(['check', 'ignore'], { error: 'must be one of check, ignore' }).default('check'),
    quotaShare: z.int().min(1).max(100).default(DEFAULT_QUOTA_SHARE),
    baseUrl: baseUrlSchema.default('https://admin.googleapis.com'),
    tokenUrl: baseUrlSchema.default('https://oauth2.googleapis.com/token'),
    allowHttp: z.boolean().default(false),
  },
  {}
)
  .refine(({ baseUrl, allowHttp }) => maySendSecrets(baseUrl, allowHttp), { path: ['baseUrl'], error: UNENCRYPTED })
  .refine(({ tokenUrl, allowHttp }) => maySendSecrets(tokenUrl, allowHttp), { path: ['tokenUrl'], error: UNENCRYPTED })
  .refine(({ customer, domain }) => customer === null || domain === null, {
    path: ['domain'],
    error: 'and customer exclude each other: a domain is looked for at the customer of adminEmail',
  });
