import { z } from 'zod';
import { FAULT_KINDS } from '../http/faultKinds';
import { LOCALES } from '../messages';

/** Bodies of the control plane. Unknown fields are refused: a misspelt one would make a test prove nothing. */
export const releaseSchema = z.strictObject({ id: z.int().optional() });

export const resetSchema = z.strictObject({ only: z.enum(['stats', 'faults', 'state']).optional() });

const userChangeSchema = z.strictObject({
  /** Name of a user, or a new one. */
  name: z.string().min(1),
  /** Only for a new one. */
  key: z.string().min(1).optional(),
  /** The directory that holds the account. */
  directory: z.enum(['internal', 'ldap']).optional(),
  /** An account of the name in the other directory as well: that of the first is seen. */
  inBothDirectories: z.literal(true).optional(),
  /** Instead of the name: a user that exists. */
  rename: z.string().min(1).optional(),
  displayName: z.string().optional(),
  emailAddress: z.string().optional(),
  active: z.boolean().optional(),
  password: z.string().optional(),
  locale: z.enum(LOCALES).nullable().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  /** Exactly these, or added to and removed from what there is. */
  groups: z.array(z.string().min(1)).optional(),
  addGroups: z.array(z.string().min(1)).optional(),
  removeGroups: z.array(z.string().min(1)).optional(),
  delete: z.literal(true).optional(),
});

const groupChangeSchema = z.strictObject({
  name: z.string().min(1),
  directory: z.enum(['internal', 'ldap']).optional(),
  /** Exactly these groups are inside it. */
  children: z.array(z.string().min(1)).optional(),
  delete: z.literal(true).optional(),
});

const membershipSchema = z.strictObject({ user: z.string().min(1), group: z.string().min(1) });

export const changeSchema = z.strictObject({
  groups: z.array(z.union([z.string().min(1), groupChangeSchema])).optional(),
  users: z.array(userChangeSchema).optional(),
  memberships: z
    .strictObject({ add: z.array(membershipSchema).optional(), remove: z.array(membershipSchema).optional() })
    .optional(),
  projects: z
    .array(
      z.union([
        z.strictObject({
          key: z.string().min(1),
          lead: z.string().min(1),
          name: z.string().min(1).optional(),
          components: z
            .array(z.strictObject({ name: z.string().min(1), lead: z.string().min(1).optional() }))
            .optional(),
        }),
        z.strictObject({ key: z.string().min(1), delete: z.literal(true) }),
      ])
    )
    .optional(),
  organizations: z.array(z.strictObject({ name: z.string().min(1), members: z.array(z.string().min(1)) })).optional(),
  tokens: z
    .array(
      z.strictObject({
        token: z.string().min(1),
        user: z.string().min(1),
        expiresAt: z.iso.datetime({ offset: true }).nullable().optional(),
      })
    )
    .optional(),
});

const faultFields = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  rate: z.number().min(0).max(1).optional(),
  match: z
    .strictObject({
      method: z.string().optional(),
      path: z.string().optional(),
      endpoint: z.string().optional(),
      user: z.string().optional(),
    })
    .optional(),
  until: z.union([z.int().min(1), z.iso.datetime({ offset: true })]).optional(),
  burst: z.int().min(1).optional(),
  delayMs: z.number().min(0).optional(),
  jitterMs: z.number().min(0).optional(),
  message: z.string().optional(),
  /** As for POST /_sim/users. */
  change: changeSchema.optional(),
  status: z.int().min(200).max(599).optional(),
  retryAfter: z.union([z.number(), z.string()]).optional(),
});

const faultSchema = faultFields.refine(({ kind, change }) => kind.startsWith('change-') === (change !== undefined), {
  error: 'change-before and change-after, and no other kind, need a change',
  path: ['change'],
});

export const faultsSchema = z.union([faultSchema, z.array(faultSchema)]);

export type GroupChange = z.infer<typeof groupChangeSchema>;
export type UserChange = z.infer<typeof userChangeSchema>;
export type ChangeInput = z.input<typeof changeSchema>;
export type FaultsInput = z.input<typeof faultSchema>;
