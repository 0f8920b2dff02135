import { z } from 'zod';
import { section } from '../../config/section';
import { baseUrlSchema, maySendSecrets } from '../baseUrl';

/** How one realm of a Keycloak is reached. */
export interface KeycloakSettings {
  /** With the relative path of the server where it has one, without `/realms/...`. */
  readonly baseUrl: string;
  readonly realm: string;
  /** A confidential client with a service account. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** Whether the secret may go over plain http to another machine. */
  readonly allowHttp: boolean;
  /** `parents`: who is in a sub-group is delivered as a member of the groups above it too. */
  readonly subGroupMembers: 'own' | 'parents';
}

const MAX_NAME = 255;
const MAX_SECRET = 4096;

const name = z
  .string()
  .min(1)
  .max(MAX_NAME)
  .regex(/^[^/\p{Cc}]*$/u, { error: 'must not contain a slash or control characters' })
  .refine((text) => text !== '.' && text !== '..', { error: 'is not a name' });

/** Known keys of which only the default is built. */
const UNBUILT = { roles: false };

export const keycloakSettingsSchema: z.ZodType<KeycloakSettings> = section(
  {
    baseUrl: baseUrlSchema.refine((url) => !/\/(realms|admin)(\/|$)/.test(new URL(url).pathname), {
      error: 'must end before /realms and /admin: the address of the server itself',
    }),
    realm: name,
    clientId: z.string().min(1).max(MAX_NAME),
    clientSecret: z.string().min(1).max(MAX_SECRET),
    allowHttp: z.boolean().default(false),
    subGroupMembers: z.enum(['own', 'parents'], { error: 'must be one of own, parents' }).default('own'),
  },
  UNBUILT
).refine(({ baseUrl, allowHttp }) => maySendSecrets(baseUrl, allowHttp), {
  path: ['baseUrl'],
  error: 'would send the client secret unencrypted: use https, or set allowHttp: true',
});
