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

/** The answers to writes are thinner in some versions: key and name are always there. */
export const writtenUserShape = userShape.partial({ displayName: true, active: true });

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

/** A page of GET /user/list, in no order. */
export const userListShape = z.object({
  values: z.array(userShape),
  isLast: z.boolean(),
  nextCursor: z.union([z.string(), z.number()]).nullish(),
});

export const groupShape = z.object({ name: z.string().min(1) });

export const serverInfoShape = z.object({
  version: z.string(),
  versionNumbers: z.array(z.number()).min(2),
  deploymentType: z.string().optional(),
});
export type ServerInfo = z.infer<typeof serverInfoShape>;

const namedUser = z.object({ name: z.string().min(1), key: z.string().min(1).nullish() });
export const projectsShape = z.array(z.object({ key: z.string().min(1), lead: namedUser.nullish() }));
export const componentsShape = z.array(z.object({ name: z.string(), lead: namedUser.nullish() }));

export const applicationRolesShape = z.array(
  z.object({
    key: z.string().min(1),
    name: z.string(),
    groups: z.array(z.string()),
    defaultGroups: z.array(z.string()).default([]),
    /** -1: no limit. */
    numberOfSeats: z.number(),
    remainingSeats: z.number(),
    userCount: z.number(),
    hasUnlimitedSeats: z.boolean().optional(),
  })
);

export const propertyShape = z.object({ key: z.string(), value: z.unknown() });

/** How to cut an uploaded picture; sent back as it came. */
export const croppingShape = z.looseObject({ needsCropping: z.boolean().optional() });
export const avatarShape = z.object({ id: z.union([z.string().min(1), z.number()]) });

export const anonymizationShape = z.object({ status: z.string(), progressUrl: z.string().default('') });

export const organizationShape = z.object({ id: z.union([z.string().min(1), z.number()]), name: z.string() });
const servicePage = { start: z.number(), isLastPage: z.boolean() };
export const organizationsShape = z.object({ ...servicePage, values: z.array(organizationShape) });
export const organizationUsersShape = z.object({ ...servicePage, values: z.array(userShape) });

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

/** The accounts of one page, each once. */
export function uniqueAccounts(users: readonly UserShape[]): readonly TargetUser[] {
  return [...new Map(users.map((user) => [user.key, toTargetUser(user)])).values()];
}
