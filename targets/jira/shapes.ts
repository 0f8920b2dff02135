import { z } from 'zod';
import type { TargetUser } from '../../domain/model';

/** Jira adds fields with every version: only what is used is named, everything else is dropped. */
export const userShape = z.object({
  key: z.string().min(1),
  name: z.string().min(1),
  displayName: z.string(),
  active: z.boolean(),
  /** Absent where the visibility of e-mail addresses is HIDDEN. */
  emailAddress: z.string().nullish(),
});
export type UserShape = z.infer<typeof userShape>;

/** The answers to writes are thinner in some versions: these two are always there. */
export const writtenUserShape = z.object({ key: z.string().min(1), name: z.string().min(1) });

export const userWithGroupsShape = userShape.extend({
  groups: z.object({ size: z.number(), items: z.array(z.object({ name: z.string().min(1) })) }),
});

export const usersShape = z.array(userShape);

export const memberPageShape = z.object({
  startAt: z.number(),
  total: z.number(),
  isLast: z.boolean(),
  values: z.array(userShape),
});

export const groupShape = z.object({ name: z.string().min(1) });

export const serverInfoShape = z.object({
  version: z.string(),
  versionNumbers: z.array(z.number()).min(2),
  deploymentType: z.string().optional(),
});
export type ServerInfo = z.infer<typeof serverInfoShape>;

const permissionShape = z.object({ havePermission: z.boolean() });
export const permissionsShape = z.object({
  permissions: z.object({ ADMINISTER: permissionShape.optional(), SYSTEM_ADMIN: permissionShape.optional() }),
});

/** The body of a refusal. Its texts are localized and name people: only whether and where they stand is used. */
export const refusalShape = z.object({
  errorMessages: z.array(z.string()).default([]),
  errors: z.record(z.string(), z.unknown()).default({}),
});

/** An account as the domain sees it; a masked address ("fred at example dot com") counts as hidden. */
export function toTargetUser(user: UserShape): TargetUser {
  const email = user.emailAddress ?? '';
  return {
    key: user.key,
    username: user.name,
    email: email.includes('@') ? email : null,
    displayName: user.displayName,
    active: user.active,
  };
}
