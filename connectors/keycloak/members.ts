import type { SourceMembership } from '../../domain/model';
import type { Placed } from '../provider';
import type { OpenGroup } from './cursor';
import { START } from './position';
import { nextRows } from './rows';
import type { KeycloakMember } from './shapes';
import type { FetchGroups, GroupWalk } from './walk';

/** Groups whose members are read side by side: the client lets four requests through at a time. */
const OPEN_GROUPS = 8;

/** Reads the members of a group; null when the group is gone. */
export type FetchMembers = (group: string, first: number, max: number) => Promise<readonly KeycloakMember[] | null>;

/** The next groups of the walk, with nothing read of them yet. */
export async function openGroups(walk: GroupWalk, fetch: FetchGroups): Promise<readonly OpenGroup[]> {
  const open: OpenGroup[] = [];
  while (open.length < OPEN_GROUPS) {
    const next = await walk.next(fetch);
    if (next === null) break;
    open.push({ group: next.group.id, parents: next.parents, position: START });
  }
  return open;
}

export interface MembersStep {
  readonly items: readonly Placed<SourceMembership>[];
  /** The groups that have more members, at the place they are read to. */
  readonly open: readonly OpenGroup[];
}

/** One page of each of the groups. `withParents`: members count as members of the groups above too. */
export async function readMembers(
  groups: readonly OpenGroup[],
  fetch: FetchMembers,
  withParents: boolean
): Promise<MembersStep> {
  const pages = await Promise.all(groups.map((group) => readPage(group, fetch)));
  return {
    open: pages.flatMap(({ open }) => (open === null ? [] : [open])),
    items: pages.flatMap(({ group, members }) =>
      members.flatMap(({ id }) =>
        [group.group, ...(withParents ? group.parents : [])].map((groupId) => ({
          record: { groupId, userId: id },
          place: null,
        }))
      )
    ),
  };
}

interface MembersPage {
  readonly group: OpenGroup;
  readonly members: readonly KeycloakMember[];
  readonly open: OpenGroup | null;
}

async function readPage(group: OpenGroup, fetch: FetchMembers): Promise<MembersPage> {
  const { rows, position, ended } = await nextRows((first, max) => fetch(group.group, first, max), group.position);
  return { group, members: rows, open: ended ? null : { ...group, position } };
}
