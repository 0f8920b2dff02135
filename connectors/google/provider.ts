import type { SourceGroup, SourceMembership, SourceUser } from '../../domain/model';
import { decodeCursor } from '../cursorText';
import { membershipsPage, type LinkedPage, type MembershipSource, type WalkedMember } from '../membershipWalk';
import {
  LOOK_UP_LIMIT,
  type CheckStep,
  type IdentityProvider,
  type LookUp,
  type Page,
  type ProviderCapabilities,
  type SourceKind,
  type UserKey,
} from '../provider';
import { followed, linkShape, NO_TRAIL } from '../trail';
import { createGoogleApi, type GoogleApi, type GoogleOptions } from './api';
import { checkGoogle } from './check';
import { findGoogleUsers, groupsOfGoogleUser } from './person';
import { groupOf, userOf } from './records';
import type { GoogleSettings } from './settings';
import type { GoogleGroup, GoogleMember } from './shapes';
import { usersPage } from './users';

type Presence = 'present' | 'absent' | 'unknown';

/** Users, groups and direct memberships of one Google customer, read over the Directory API (docs/connectors/google.md). */
export function createGoogleProvider(settings: GoogleSettings, options: GoogleOptions = {}): IdentityProvider {
  return new GoogleProvider(settings, createGoogleApi(settings, options));
}

class GoogleProvider implements IdentityProvider {
  readonly capabilities: ProviderCapabilities;

  constructor(
    private readonly settings: GoogleSettings,
    private readonly api: GoogleApi
  ) {
    this.capabilities = {
      delta: false,
      counts: false,
      nested: settings.nested === 'flatten',
      delivers: ['users', 'groups', 'memberships'],
      refusesDuplicates: false,
    };
  }

  listUsers(cursor: string | null, signal: AbortSignal): Promise<Page<SourceUser>> {
    return usersPage(this.api, this.settings, cursor, signal);
  }

  async listGroups(cursor: string | null, signal: AbortSignal): Promise<Page<SourceGroup>> {
    const place = cursor === null ? { next: null, trail: NO_TRAIL } : decodeCursor(cursor, linkShape, 'Google');
    const { rows, next } = await this.api.groups(place.next, signal);
    const items = rows.map((group) => ({ record: groupOf(group), place: null }));
    if (next === null) return { items, cursor: null };
    return { items, cursor: JSON.stringify({ next, trail: followed(place.trail, next, 'Google: list the groups') }) };
  }

  listMemberships(cursor: string | null, signal: AbortSignal): Promise<Page<SourceMembership>> {
    return membershipsPage(this.#memberships(signal), cursor);
  }

  async lookUpUsers(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, LookUp>> {
    refuseTooMany(ids);
    const lookUp = async (id: string): Promise<readonly [string, LookUp]> => {
      const user = await this.api.user(id, signal);
      return [id, typeof user === 'string' ? user : { found: userOf(user) }];
    };
    return new Map(await Promise.all(ids.map(lookUp)));
  }

  async lookUpGroups(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Presence>> {
    refuseTooMany(ids);
    const lookUp = async (id: string): Promise<readonly [string, Presence]> => {
      const group = await this.api.group(id, signal);
      return [id, typeof group === 'string' ? group : 'present'];
    };
    return new Map(await Promise.all(ids.map(lookUp)));
  }

  findUsers(_by: UserKey, value: string, signal: AbortSignal): Promise<readonly SourceUser[]> {
    return findGoogleUsers(this.api, value, signal);
  }

  groupsOf(userId: string, signal: AbortSignal): Promise<readonly SourceGroup[] | 'unknown'> {
    return groupsOfGoogleUser(this.api, this.settings, userId, signal);
  }

  /** Google counts nothing but members; these are compared group by group while they are read. */
  counts(): Promise<Partial<Record<SourceKind, number>>> {
    return Promise.resolve({});
  }

  identity(): string {
    const { baseUrl, customer, domain, adminEmail } = this.settings;
    return `google ${baseUrl} ${customer ?? domain ?? `the customer of ${adminEmail.split('@').at(-1) ?? ''}`}`;
  }

  test(signal: AbortSignal): Promise<readonly CheckStep[]> {
    return checkGoogle(this.api, this.settings, signal);
  }

  close(): Promise<void> {
    return this.api.close();
  }

  #memberships(signal: AbortSignal): MembershipSource {
    const { api, settings } = this;
    return {
      service: 'Google',
      groups: async (next) => {
        const page = await api.groups(next, signal);
        return {
          rows: page.rows.map((group) => ({ id: group.id, members: countOf(group, settings) })),
          next: page.next,
        };
      },
      members: async (group, next) => {
        const page = await api.members(group, next, signal);
        return page === null ? null : walked(page, settings);
      },
      count: async (id) => {
        const group = await api.group(id, signal);
        return typeof group === 'string' ? null : countOf(group, settings);
      },
    };
  }
}

function countOf({ directMembersCount }: GoogleGroup, { memberCounts }: GoogleSettings): number | null {
  return memberCounts === 'ignore' || typeof directMembersCount !== 'string' ? null : Number(directMembersCount);
}

/** People of other organisations are counted and are nobody here; so is a member that stands for the whole domain. */
function walked({ rows, next }: LinkedPage<GoogleMember>, { nested }: GoogleSettings): LinkedPage<WalkedMember> {
  const kindOf = ({ type, id }: GoogleMember): WalkedMember['kind'] => {
    if (typeof id !== 'string') return 'other';
    if (type === 'GROUP') return nested === 'flatten' ? 'group' : 'other';
    return type === 'USER' ? 'user' : 'other';
  };
  return { rows: rows.map((row) => ({ id: row.id ?? row.email ?? row.type, kind: kindOf(row) })), next };
}

function refuseTooMany(ids: readonly string[]): void {
  if (ids.length > LOOK_UP_LIMIT) throw new RangeError(`a look-up takes at most ${LOOK_UP_LIMIT} ids`);
}
