/** A target group of which only the first page of members was read. */
export interface OpenGroup {
  readonly members: number;
  /** Members on the first page: pages of the rest are as long. */
  readonly read: number;
}

/** How the memberships of a run are read (`export`: all at once), and how many requests that takes beyond the first page of each group. */
export interface MembershipReading {
  readonly by: 'group' | 'account' | 'export';
  readonly calls: number;
}

/**
 * Whichever takes fewer requests: the other pages of the groups, or the groups of each account this run is about. By
 * account each group still takes one request more, for its number of active members. Equal: by group.
 * @param people accounts that the run is expected to ask for
 */
export function chooseMembershipReading(open: readonly OpenGroup[], people: number): MembershipReading {
  const byGroup = open.reduce((sum, group) => sum + pagesLeft(group), 0);
  const byAccount = people + open.length;
  return byAccount < byGroup ? { by: 'account', calls: byAccount } : { by: 'group', calls: byGroup };
}

function pagesLeft({ members, read }: OpenGroup): number {
  return Math.ceil(Math.max(0, members - read) / Math.max(1, read));
}
