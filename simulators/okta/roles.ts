import type { OktaGroup, OktaUser, Org } from './org';

/** Standard roles that matter here, by what they see. */
export const ADMIN_ROLES = ['SUPER_ADMIN', 'ORG_ADMIN', 'READ_ONLY_ADMIN', 'USER_ADMIN', 'HELP_DESK_ADMIN'] as const;
export type AdminRole = (typeof ADMIN_ROLES)[number];

const LABELS: Readonly<Record<AdminRole, string>> = {
  SUPER_ADMIN: 'Super Administrator',
  ORG_ADMIN: 'Organizational Administrator',
  READ_ONLY_ADMIN: 'Read-Only Administrator',
  USER_ADMIN: 'Group Administrator',
  HELP_DESK_ADMIN: 'Help Desk Administrator',
};

/** What an administrator sees: the whole org, or the members of the groups that the role is limited to. */
export interface View {
  readonly role: AdminRole;
  /** Names of groups; matters for roles that can be limited. */
  readonly targets: readonly string[];
}

const isGroupAdmin = ({ role }: View): boolean => role === 'USER_ADMIN' || role === 'HELP_DESK_ADMIN';
const isLimited = (view: View): boolean => isGroupAdmin(view) && view.targets.length > 0;

/** A group administrator never sees the group Everyone; one with targets sees these alone. */
export function seesGroup(view: View, group: OktaGroup): boolean {
  if (isGroupAdmin(view) && group.type === 'BUILT_IN') return false;
  return !isLimited(view) || view.targets.includes(group.name);
}

/** Ids of the users that are seen; null for everybody. */
export function seenUsers(view: View, org: Org): ReadonlySet<string> | null {
  if (!isLimited(view)) return null;
  const groups = [...org.groups.values()].filter(({ name }) => view.targets.includes(name));
  return new Set(groups.flatMap(({ members }) => [...members]));
}

export function seesUser(view: View, org: Org, user: OktaUser): boolean {
  const seen = seenUsers(view, org);
  return seen === null || seen.has(user.id);
}

/** One assignment of the role, as the list of an administrator's roles has it. */
export function roleBody(view: View, created: string): unknown {
  return {
    ...{ id: 'ra1simrole0000000001', label: LABELS[view.role], type: view.role, status: 'ACTIVE' },
    ...{ created, lastUpdated: created, assignmentType: 'CLIENT' },
  };
}
