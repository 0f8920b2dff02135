import type { SourceGroup, SourceMembership, SourceUser } from '../../domain/model';
import { ProviderError } from '../errors';
import {
  LOOK_UP_LIMIT,
  type CheckStep,
  type IdentityProvider,
  type LookUp,
  type Page,
  type Placed,
  type ProviderCapabilities,
  type SourceKind,
  type UserKey,
} from '../provider';
import { createKeycloakApi, refuseHidden, type KeycloakApi, type KeycloakOptions } from './api';
import { checkKeycloak } from './check';
import { decodeLevels, decodeMemberships, decodePosition, encode, type OpenGroup } from './cursor';
import { openGroups, readMembers } from './members';
import { findKeycloakUsers, groupsOfKeycloakUser } from './person';
import { START } from './position';
import { groupOf, userOf } from './records';
import { nextRows, PAGE_ROWS } from './rows';
import type { KeycloakSettings } from './settings';
import { GroupWalk, type FetchGroups } from './walk';

type Presence = 'present' | 'absent' | 'unknown';

/** A page of groups ends after so many requests, so that a tree of small branches is not one long step. */
const PAGE_REQUESTS = 20;

/** Users, groups and direct memberships of one realm, read over the Admin REST API (docs/connectors/keycloak.md). */
export function createKeycloakProvider(settings: KeycloakSettings, options: KeycloakOptions = {}): IdentityProvider {
  return new KeycloakProvider(settings, createKeycloakApi(settings, options));
}

class KeycloakProvider implements IdentityProvider {
  readonly capabilities: ProviderCapabilities = {
    delta: false,
    counts: true,
    nested: false,
    delivers: ['users', 'groups', 'memberships'],
    // A row that moves while pages are read may come twice; the ids themselves are unique.
    refusesDuplicates: false,
  };
  /** What was read ahead of a cursor, for whoever comes with it next; anybody else reads it again. */
  readonly #walks = new Map<SourceKind, { readonly cursor: string; readonly walk: GroupWalk }>();

  constructor(
    private readonly settings: KeycloakSettings,
    private readonly api: KeycloakApi
  ) {}

  async listUsers(cursor: string | null, signal: AbortSignal): Promise<Page<SourceUser>> {
    const from = cursor === null ? START : decodePosition(cursor);
    const read = await nextRows((first, max) => this.api.users(first, max, signal), from);
    if (cursor === null && read.rows.length === 0) await refuseHidden('users', this.api.userCount(signal));
    return { items: read.rows.map((user) => placed(userOf(user))), cursor: read.ended ? null : encode(read.position) };
  }

  async listGroups(cursor: string | null, signal: AbortSignal): Promise<Page<SourceGroup>> {
    const walk = this.#resumed('groups', cursor) ?? new GroupWalk(cursor === null ? undefined : decodeLevels(cursor));
    const until = walk.requests + PAGE_REQUESTS;
    const items: Placed<SourceGroup>[] = [];
    while (items.length < PAGE_ROWS && walk.requests < until) {
      const next = await walk.next(this.#fetchGroups(signal));
      if (next === null) break;
      items.push(placed(groupOf(next.group)));
    }
    if (cursor === null && items.length === 0) await refuseHidden('groups', this.api.groupCount(signal));
    const levels = walk.levels();
    return { items, cursor: levels.length === 0 ? null : this.#remember('groups', encode(levels), walk) };
  }

  async listMemberships(cursor: string | null, signal: AbortSignal): Promise<Page<SourceMembership>> {
    const place = cursor === null ? null : decodeMemberships(cursor);
    const walk = this.#resumed('memberships', cursor) ?? new GroupWalk(place?.levels);
    const isOpen = place !== null && place.open.length > 0;
    const groups: readonly OpenGroup[] = isOpen ? place.open : await openGroups(walk, this.#fetchGroups(signal));
    if (cursor === null && groups.length === 0) await refuseHidden('groups', this.api.groupCount(signal));
    const fetch = (group: string, first: number, max: number) => this.api.members(group, first, max, signal);
    const { items, open } = await readMembers(groups, fetch, this.settings.subGroupMembers === 'parents');
    const levels = walk.levels();
    if (open.length === 0 && levels.length === 0) return { items, cursor: null };
    return { items, cursor: this.#remember('memberships', encode({ levels, open }), walk) };
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
    const lookUp = async (id: string) => [id, await this.api.group(id, signal)] as const;
    return new Map(await Promise.all(ids.map(lookUp)));
  }

  findUsers(by: UserKey, value: string, signal: AbortSignal): Promise<readonly SourceUser[]> {
    return findKeycloakUsers(this.api, by, value, signal);
  }

  groupsOf(userId: string, signal: AbortSignal): Promise<readonly SourceGroup[] | 'unknown'> {
    return groupsOfKeycloakUser(this.api, userId, this.settings.subGroupMembers === 'parents', signal);
  }

  async counts(signal: AbortSignal): Promise<Partial<Record<SourceKind, number>>> {
    const users = await unlessForbidden(this.api.userCount(signal));
    const groups = await unlessForbidden(this.api.groupCount(signal));
    return { ...(users !== null && { users }), ...(groups !== null && { groups }) };
  }

  identity(): string {
    return `keycloak ${this.settings.baseUrl} realm ${this.settings.realm}`;
  }

  test(signal: AbortSignal): Promise<readonly CheckStep[]> {
    return checkKeycloak(this.api, this.settings, signal);
  }

  close(): Promise<void> {
    return this.api.close();
  }

  #fetchGroups(signal: AbortSignal): FetchGroups {
    return (parent, first, max) => this.api.groups(parent, first, max, signal);
  }

  /** A walk serves once: when a page fails half-way, the next attempt starts from the cursor. */
  #resumed(kind: SourceKind, cursor: string | null): GroupWalk | undefined {
    const kept = this.#walks.get(kind);
    this.#walks.delete(kind);
    return kept !== undefined && kept.cursor === cursor ? kept.walk : undefined;
  }

  #remember(kind: SourceKind, cursor: string, walk: GroupWalk): string {
    this.#walks.set(kind, { cursor, walk });
    return cursor;
  }
}

const placed = <T>(record: T): Placed<T> => ({ record, place: null });

async function unlessForbidden(count: Promise<number>): Promise<number | null> {
  try {
    return await count;
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'permission') return null;
    throw error;
  }
}

function refuseTooMany(ids: readonly string[]): void {
  if (ids.length > LOOK_UP_LIMIT) throw new RangeError(`a look-up takes at most ${LOOK_UP_LIMIT} ids`);
}
