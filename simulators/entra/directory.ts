import type { Organization, OrganizationGroup, OrganizationPerson } from '../support/organization';

/** One thing that happened to a user or a group, in the order of time. */
export interface Change {
  readonly seq: number;
  readonly kind: 'user' | 'group';
  readonly id: string;
  /** `changed` can be taken back within 30 days, `deleted` cannot. */
  readonly removed: 'changed' | 'deleted' | null;
  /** Members of a group that came and went. */
  readonly added: readonly Member[];
  readonly gone: readonly Member[];
}

export type MemberType = 'user' | 'group' | 'device' | 'orgContact' | 'servicePrincipal';
export interface Member {
  readonly id: string;
  readonly type: MemberType;
}

/** An organisation as a tenant: with a bin for deleted users and a log of all changes. */
export interface Directory {
  readonly organization: Organization;
  readonly seq: () => number;
  /** Changes since a moment of the log. */
  readonly since: (seq: number) => readonly Change[];
  /** Users in the bin; groups keep them as members. */
  readonly bin: ReadonlyMap<string, OrganizationPerson>;
  /** Changes the organisation and notes in the log what became different. */
  readonly change: (edit: (organization: Organization) => void) => void;
  readonly softDelete: (id: string) => void;
  readonly restore: (id: string) => void;
  /** Empties the bin: only now groups lose those members. */
  readonly purge: () => void;
  readonly members: (group: OrganizationGroup) => readonly Member[];
}

/** One group in so many has members that are neither people nor groups. */
const THINGS_EVERY = 7;

export function createDirectory(organization: Organization): Directory {
  const log: Change[] = [];
  const bin = new Map<string, OrganizationPerson>();
  const things = thingsOf(organization);
  const members = (group: OrganizationGroup): readonly Member[] => [
    ...[...group.people].map((id) => ({ id, type: 'user' as const })),
    ...[...group.groups].map((id) => ({ id, type: 'group' as const })),
    ...(things.get(group.id) ?? []),
  ];
  let shadow = shadowOf(organization, members);

  const note = (change: Omit<Change, 'seq'>): void => {
    log.push({ ...change, seq: log.length + 1 });
  };
  const noteUser = (id: string, removed: Change['removed']): void => {
    note({ kind: 'user', id, removed, added: [], gone: [] });
  };
  const change = (edit: (organization: Organization) => void): void => {
    edit(organization);
    const now = shadowOf(organization, members);
    for (const [id, text] of now.users) if (shadow.users.get(id) !== text) noteUser(id, null);
    for (const id of shadow.users.keys()) if (!now.users.has(id) && !bin.has(id)) noteUser(id, 'deleted');
    for (const [id, group] of now.groups) {
      const before = shadow.groups.get(id);
      const added = [...group.members.values()].filter((member) => before?.members.has(member.id) !== true);
      const gone = [...(before?.members.values() ?? [])].filter(({ id: member }) => !group.members.has(member));
      const isNew = before?.text !== group.text;
      if (isNew || added.length + gone.length > 0) note({ kind: 'group', id, removed: null, added, gone });
    }
    for (const [id, group] of shadow.groups) {
      const removed = group.isTeam ? 'changed' : 'deleted';
      if (!now.groups.has(id)) note({ kind: 'group', id, removed, added: [], gone: [] });
    }
    shadow = now;
  };
  return {
    organization,
    bin,
    members,
    change,
    seq: () => log.length,
    since: (seq) => log.slice(seq),
    softDelete: (id) => {
      const person = organization.people.get(id);
      if (person === undefined) return;
      bin.set(id, person);
      change(({ people }) => people.delete(id));
      noteUser(id, 'changed');
    },
    restore: (id) => {
      const person = bin.get(id);
      if (person === undefined) return;
      bin.delete(id);
      change(({ people }) => people.set(id, person));
    },
    purge: () => {
      const ids = [...bin.keys()];
      bin.clear();
      change(({ groups }) => {
        for (const group of groups.values()) for (const id of ids) group.people.delete(id);
      });
      for (const id of ids) noteUser(id, 'deleted');
    },
  };
}

interface Shadow {
  readonly users: ReadonlyMap<string, string>;
  readonly groups: ReadonlyMap<
    string,
    { readonly text: string; readonly isTeam: boolean; readonly members: ReadonlyMap<string, Member> }
  >;
}

function shadowOf({ people, groups }: Organization, membersOf: Directory['members']): Shadow {
  return {
    users: new Map([...people.values()].map((person) => [person.id, JSON.stringify(person)])),
    groups: new Map(
      [...groups.values()].map((group) => [
        group.id,
        {
          text: `${group.name} ${group.kind} ${String(group.isHidden)}`,
          isTeam: group.kind === 'team',
          members: new Map(membersOf(group).map((member) => [member.id, member])),
        },
      ])
    ),
  };
}

function thingsOf({ groups, newId }: Organization): ReadonlyMap<string, readonly Member[]> {
  const some = [...groups.keys()].filter((_, n) => n % THINGS_EVERY === THINGS_EVERY - 1);
  const types = ['device', 'orgContact', 'servicePrincipal'] as const;
  return new Map(some.map((id) => [id, types.map((type) => ({ id: newId(), type }))]));
}
