import type { SourceGroup, SourceMembership, SourceUser } from '../../domain/model';
import type { CredentialExpiry } from '../expiry';
import { certificateEnd } from '../clientAssertion';
import {
  LOOK_UP_LIMIT,
  type CheckStep,
  type IdentityProvider,
  type IncrementalReading,
  type LookUp,
  type Page,
  type Placed,
  type ProviderCapabilities,
  type ProviderParts,
  type SourceKind,
  type UserKey,
} from '../provider';
import { createEntraApi, type EntraApi, type EntraOptions } from './api';
import { entraCalls, type EntraCalls } from './calls';
import { createEntraChanges } from './changes';
import { checkEntra } from './check';
import { lookUpGroups, lookUpUsers, usersByIds, type Reader } from './hydrate';
import { findEntraUsers, groupsOfEntraUser } from './person';
import { decode, encode, placeShape, START, totalOf, turn } from './place';
import { reachOf, type Reach } from './reach';
import { groupOf, userOf } from './records';
import type { EntraSettings } from './settings';
import { groupShape, userShape } from './shapes';
import { WALK_START, walkShape, walkStep, type WalkWays } from './walk';

/** Groups on a page of a walk: their ids stand in the cursor. */
const WALKED_GROUPS = 500;
const MEMBERS = 999;
/** So many at once are read by their ids before the next cursor. */
const MEMBERS_HYDRATED = 300;
/** Permissions that change what is read. */
const COUNTED_PERMISSIONS = /^(User|Group|GroupMember|Directory|Member)\.Read/;

export function createEntraProvider(
  settings: EntraSettings,
  parts: ProviderParts = {},
  options: EntraOptions = {}
): IdentityProvider {
  const api = createEntraApi(settings, { limiter: parts.limiter, ...options });
  const calls = entraCalls(settings, parts);
  return new EntraProvider({ api, calls, settings, reach: reachOf(settings, parts) });
}

export interface EntraReader extends Reader {
  readonly reach: Reach;
}

class EntraProvider implements IdentityProvider {
  readonly capabilities: ProviderCapabilities;
  readonly changes?: IncrementalReading;
  readonly api: EntraApi;
  readonly calls: EntraCalls;
  readonly settings: EntraSettings;
  readonly reach: Reach;
  /** Whom this listing has delivered already: people are in many groups. */
  readonly #delivered = new Set<string>();
  #permissions = '';

  constructor(private readonly reader: EntraReader) {
    this.api = reader.api;
    this.calls = reader.calls;
    this.settings = reader.settings;
    this.reach = reader.reach;
    const hasDelta = !this.settings.managers;
    this.capabilities = {
      delta: hasDelta,
      counts: true,
      nested: true,
      delivers: ['users', 'groups', 'memberships'],
      refusesDuplicates: false,
    };
    // A delta round does not tell that a manager's own properties changed.
    if (hasDelta) this.changes = createEntraChanges(reader);
  }

  async listUsers(cursor: string | null, signal: AbortSignal): Promise<Page<SourceUser>> {
    if (this.reach.isScoped) return this.#listMembersOfScope(cursor, signal);
    const from = cursor === null ? START : decode(cursor, placeShape);
    const call = from.link === null ? this.calls.users : { ...this.calls.users, path: from.link };
    const page = await this.api.page(call, userShape, signal);
    const users = page.rows.map((row) => userOf(row, this.settings));
    const skipped = users.filter((user) => user === null).length;
    const place = turn(from, { ...page, ids: page.rows.map(({ id }) => id), skipped }, call.step);
    const total = place.link === null ? totalOf(place) : null;
    return {
      items: users.flatMap((user) => (user === null ? [] : placed(user))),
      cursor: place.link === null ? null : encode(place),
      ...(total !== null && { total }),
    };
  }

  async listGroups(cursor: string | null, signal: AbortSignal): Promise<Page<SourceGroup>> {
    const from = cursor === null ? START : decode(cursor, placeShape);
    const call = from.link === null ? this.calls.groups : { ...this.calls.groups, path: from.link };
    const page = await this.api.page(call, groupShape, signal);
    const listed = page.rows.filter((group) => this.reach.isListed(group));
    const skipped = page.rows.length - listed.length;
    const place = turn(from, { ...page, ids: page.rows.map(({ id }) => id), skipped }, call.step);
    const total = place.link === null ? totalOf(place) : null;
    return {
      items: listed.map(groupOf).flatMap(placed),
      cursor: place.link === null ? null : encode(place),
      ...(total !== null && { total }),
    };
  }

  async listMemberships(cursor: string | null, signal: AbortSignal): Promise<Page<SourceMembership>> {
    const from = cursor === null ? WALK_START : decode(cursor, walkShape);
    const ways = this.#ways(MEMBERS, (group) => this.reach.hasMembersRead(group));
    const step = await walkStep(from, ways, signal);
    return {
      items: step.memberships.flatMap(placed),
      cursor: step.place === null ? null : encode(step.place),
      nestings: step.nestings,
      incomplete: step.incomplete,
    };
  }

  lookUpUsers(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, LookUp>> {
    refuseTooMany(ids);
    return lookUpUsers(this.reader, ids, signal);
  }

  lookUpGroups(ids: readonly string[], signal: AbortSignal): ReturnType<IdentityProvider['lookUpGroups']> {
    refuseTooMany(ids);
    return lookUpGroups(this.reader, ids, signal);
  }

  findUsers(by: UserKey, value: string, signal: AbortSignal): Promise<readonly SourceUser[]> {
    return findEntraUsers(this.reader, by, value, signal);
  }

  groupsOf(userId: string, signal: AbortSignal): Promise<readonly SourceGroup[] | 'unknown'> {
    return groupsOfEntraUser(this.reader, userId, signal);
  }

  /** Lists count themselves; this only sees to it that the permissions are known. */
  async counts(signal: AbortSignal): Promise<Partial<Record<SourceKind, number>>> {
    const permissions = (await this.api.permissions(signal)) ?? [];
    this.#permissions = permissions.filter((name) => COUNTED_PERMISSIONS.test(name)).join(' ');
    return {};
  }

  identity(): string {
    const { tenantId, graphUrl } = this.settings;
    return `entra ${graphUrl} tenant ${tenantId} ${this.#permissions}`.trim();
  }

  test(signal: AbortSignal): Promise<readonly CheckStep[]> {
    return checkEntra(this.reader, this.expiries(), signal);
  }

  expiries(): readonly CredentialExpiry[] {
    const { certificate, clientSecretExpires } = this.settings;
    if (certificate !== null) {
      return [{ credential: 'the certificate', expiresAt: certificateEnd(certificate).toISOString() }];
    }
    if (clientSecretExpires === null) return [];
    return [{ credential: 'the client secret', expiresAt: new Date(clientSecretExpires).toISOString() }];
  }

  close(): Promise<void> {
    return this.api.close();
  }

  /** The members of the groups that decide, with those of the groups in them, each read by his id. */
  async #listMembersOfScope(cursor: string | null, signal: AbortSignal): Promise<Page<SourceUser>> {
    if (cursor === null) this.#delivered.clear();
    const from = cursor === null ? WALK_START : decode(cursor, walkShape);
    const step = await walkStep(
      from,
      this.#ways(MEMBERS_HYDRATED, (group) => this.reach.decides(group)),
      signal
    );
    const ids = [...new Set(step.memberships.map(({ userId }) => userId))].filter((id) => !this.#delivered.has(id));
    const users = await usersByIds(this.reader, ids, signal);
    for (const id of ids) this.#delivered.add(id);
    return {
      items: users.flatMap(placed),
      cursor: step.place === null ? null : encode(step.place),
      incomplete: step.incomplete,
    };
  }

  #ways(top: number, covers: WalkWays['covers']): WalkWays {
    const listGroups = { ...this.calls.groups, query: { ...this.calls.groups.query, $top: String(WALKED_GROUPS) } };
    return { api: this.api, listGroups, covers, nested: this.settings.nested === 'flatten', top };
  }
}

const placed = <T>(record: T): readonly [Placed<T>] => [{ record, place: null }];

function refuseTooMany(ids: readonly string[]): void {
  if (ids.length > LOOK_UP_LIMIT) throw new RangeError(`a look-up takes at most ${LOOK_UP_LIMIT} ids`);
}
