import type { SourceGroup, SourceMembership, SourceUser } from '../../domain/model';
import { decodeCursor } from '../cursorText';
import { membershipsPage } from '../membershipWalk';
import {
  LOOK_UP_LIMIT,
  type CheckStep,
  type IdentityProvider,
  type IncrementalReading,
  type LookUp,
  type Page,
  type ProviderCapabilities,
  type SourceKind,
  type UserKey,
} from '../provider';
import { followed, linkShape, NO_TRAIL } from '../trail';
import { createOktaApi, type OktaApi } from './api';
import { createOktaChanges } from './changes';
import { checkOkta } from './check';
import type { OktaOptions } from './clients';
import { EVERYONE_FILTER, everyoneIn, groupFilter, isWanted } from './groups';
import { membershipsOf } from './memberships';
import { findOktaUsers, groupsOfOktaUser, usersByIds } from './person';
import { groupOf, userOf } from './records';
import { sightOf, type Sight } from './role';
import type { OktaSettings } from './settings';
import { usersPage } from './users';

type Presence = 'present' | 'absent' | 'unknown';

/** Users, groups and memberships of one Okta org, read over the management API (docs/connectors/okta.md). */
export function createOktaProvider(settings: OktaSettings, options: OktaOptions = {}): IdentityProvider {
  return new OktaProvider(settings, createOktaApi(settings, options), options.now ?? (() => performance.now()));
}

/** What the admin role shows is asked again after this time. */
const SIGHT_KEPT_MS = 10 * 60_000;

class OktaProvider implements IdentityProvider {
  readonly capabilities: ProviderCapabilities = {
    delta: true,
    counts: false,
    nested: false,
    delivers: ['users', 'groups', 'memberships'],
    refusesDuplicates: false,
  };
  readonly changes: IncrementalReading;
  #sight: { readonly sight: Promise<Sight>; readonly until: number } | null = null;

  constructor(
    private readonly settings: OktaSettings,
    private readonly api: OktaApi,
    private readonly now: () => number
  ) {
    this.changes = createOktaChanges(api, settings);
  }

  listUsers(cursor: string | null, signal: AbortSignal): Promise<Page<SourceUser>> {
    return usersPage(this.api, this.settings, cursor, signal);
  }

  async listGroups(cursor: string | null, signal: AbortSignal): Promise<Page<SourceGroup>> {
    const place = cursor === null ? { next: null, trail: NO_TRAIL } : decodeCursor(cursor, linkShape, 'Okta');
    const { rows, next } = await this.api.groups(groupFilter(this.settings), place.next, signal);
    const wanted = rows.filter((group) => isWanted(group, this.settings));
    const items = wanted.map((group) => ({ record: groupOf(group), place: null }));
    if (next === null) return { items, cursor: null };
    const trail = followed(place.trail, next, 'Okta: list the groups');
    return { items, cursor: JSON.stringify({ next, trail }) };
  }

  listMemberships(cursor: string | null, signal: AbortSignal): Promise<Page<SourceMembership>> {
    return membershipsPage(membershipsOf(this.api, this.settings, groupFilter(this.settings), signal), cursor);
  }

  async lookUpUsers(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, LookUp>> {
    refuseTooMany(ids);
    const found = await usersByIds(this.api, ids, signal);
    const lookUp = async (id: string): Promise<readonly [string, LookUp]> => {
      const user = found.get(id) ?? (await this.api.user(id, signal));
      if (typeof user !== 'string') return [id, { found: userOf(user, this.settings.pending) }];
      return [id, user === 'absent' ? await this.#proved(signal) : user];
    };
    return new Map(await Promise.all(ids.map(lookUp)));
  }

  async lookUpGroups(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Presence>> {
    refuseTooMany(ids);
    const lookUp = async (id: string): Promise<readonly [string, Presence]> => {
      const found = await this.api.group(id, signal);
      return [id, found === 'absent' ? await this.#proved(signal) : found];
    };
    return new Map(await Promise.all(ids.map(lookUp)));
  }

  findUsers(by: UserKey, value: string, signal: AbortSignal): Promise<readonly SourceUser[]> {
    return findOktaUsers(this.api, this.settings, { by, value }, signal);
  }

  groupsOf(userId: string, signal: AbortSignal): Promise<readonly SourceGroup[] | 'unknown'> {
    return groupsOfOktaUser(this.api, this.settings, userId, signal);
  }

  /** Okta counts nothing but members; these are compared group by group while they are read. */
  counts(): Promise<Partial<Record<SourceKind, number>>> {
    return Promise.resolve({});
  }

  identity(): string {
    return `okta ${this.settings.baseUrl}`;
  }

  test(signal: AbortSignal): Promise<readonly CheckStep[]> {
    return checkOkta(this.api, this.settings, signal);
  }

  close(): Promise<void> {
    return this.api.close();
  }

  /** A role that sees a part of the org is told "not found" for everybody else: that proves nothing. */
  async #proved(signal: AbortSignal): Promise<'absent' | 'unknown'> {
    if (this.#sight === null || this.now() >= this.#sight.until) {
      this.#sight = { sight: this.#look(signal), until: this.now() + SIGHT_KEPT_MS };
    }
    const asked = this.#sight;
    try {
      return (await asked.sight) === 'limited' ? 'unknown' : 'absent';
    } catch (error) {
      if (this.#sight === asked) this.#sight = null;
      throw error;
    }
  }

  async #look(signal: AbortSignal): Promise<Sight> {
    const roles = await this.api.roles(signal);
    const { rows } = await this.api.groups(EVERYONE_FILTER, null, signal);
    return sightOf(roles, everyoneIn(rows) !== undefined);
  }
}

function refuseTooMany(ids: readonly string[]): void {
  if (ids.length > LOOK_UP_LIMIT) throw new RangeError(`a look-up takes at most ${LOOK_UP_LIMIT} ids`);
}
