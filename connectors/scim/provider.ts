import type { ScimSettings } from '../../config/scim';
import { WHOLE_RANGE, shardSlices } from '../../domain/ids';
import type { AttributeRecord, SourceGroup, SourceMembership, SourceUser } from '../../domain/model';
import { nameKey } from '../../domain/names';
import { isIgnoredGroup, isIgnoredUser, sourceGroupOf, sourceUserOf } from '../../domain/scim/source';
import { ProviderError } from '../errors';
import type {
  CheckStep,
  IdentityProvider,
  LookUp,
  Page,
  Placed,
  ProviderCapabilities,
  ProviderContext,
  UserKey,
} from '../provider';
import type { PushedRecord } from './pushed';

const PAGE_ITEMS = 500;
/** Two are enough to tell one from several. */
const FIND_LIMIT = 20;

/** The people and groups that an identity provider pushed to this connector, read from the store. */
export function createScimProvider(settings: ScimSettings, context: ProviderContext): IdentityProvider {
  return new ScimProvider(settings, context);
}

class ScimProvider implements IdentityProvider {
  readonly capabilities: ProviderCapabilities = {
    delta: false,
    counts: false,
    nested: false,
    delivers: ['users', 'groups', 'memberships'],
    refusesDuplicates: true,
  };

  constructor(
    private readonly settings: ScimSettings,
    private readonly context: ProviderContext
  ) {}

  async listUsers(cursor: string | null): Promise<Page<SourceUser>> {
    const { records, next } = await this.#window('users', cursor);
    return { items: records.flatMap((record) => this.#user(record) ?? []).map(placed), cursor: next };
  }

  async listGroups(cursor: string | null): Promise<Page<SourceGroup>> {
    const { records, next } = await this.#window('groups', cursor);
    return { items: records.flatMap((record) => this.#group(record) ?? []).map(placed), cursor: next };
  }

  /** Group by group; a large one in ranges of slices. Cursor: number of the group in its sequence, range. */
  async listMemberships(cursor: string | null): Promise<Page<SourceMembership>> {
    const { connectorId, pushed } = this.context;
    const [seq, part] = cursor === null ? [1, 0] : placeOf(cursor);
    const last = await pushed.groups.last(connectorId);
    const [group] = await pushed.groups.between(connectorId, seq, seq);
    const next = seq >= last ? null : `${seq + 1}.0`;
    if (group === undefined || this.#group(group) === null) return { items: [], cursor: next };
    if (part === 0) await pushed.settle(connectorId, group.id);
    const parts = Math.max(1, Math.ceil(group.members / PAGE_ITEMS));
    const range = parts === 1 ? WHOLE_RANGE : shardSlices(part, parts);
    const found = await pushed.members.inSlices(connectorId, group.id, range);
    const items = found
      .filter(({ type }) => type === 'User')
      .map(({ id }) => placed({ groupId: group.id, userId: id }));
    return { items, cursor: part + 1 < parts ? `${seq}.${part + 1}` : next };
  }

  async lookUpUsers(ids: readonly string[]): Promise<ReadonlyMap<string, LookUp>> {
    const known = await this.#byId('users', ids);
    return new Map(
      ids.map((id): [string, LookUp] => {
        const record = known.get(id);
        if (record === undefined) return [id, 'unknown'];
        if (record.deleted) return [id, 'absent'];
        const found = this.#user(record);
        return [id, found === null ? 'unknown' : { found }];
      })
    );
  }

  /** Only what was deleted is absent: of what was never pushed nothing is known (rules 4.7). */
  async lookUpGroups(ids: readonly string[]): Promise<ReadonlyMap<string, 'present' | 'absent' | 'unknown'>> {
    const known = await this.#byId('groups', ids);
    return new Map(
      ids.map((id) => {
        const record = known.get(id);
        return [id, record === undefined ? 'unknown' : record.deleted ? 'absent' : 'present'] as const;
      })
    );
  }

  async findUsers(by: UserKey, value: string): Promise<readonly SourceUser[]> {
    const { connectorId, pushed } = this.context;
    const key = { by: by === 'username' ? 'name' : by, value: nameKey(value) } as const;
    const records = await pushed.users.find(connectorId, key, FIND_LIMIT);
    const users = records.flatMap((record) => this.#user(record) ?? []);
    const own = by === 'username' ? users : users.filter(({ attributes }) => isAddress(attributes['email'], value));
    return own.slice(0, 2);
  }

  async groupsOf(userId: string): Promise<readonly SourceGroup[]> {
    const memberships = await this.context.pushed.members.of(this.context.connectorId, userId);
    const records = await this.#byId(
      'groups',
      memberships.map(({ groupId }) => groupId)
    );
    return [...records.values()].flatMap((record) => (record.deleted ? [] : (this.#group(record) ?? [])));
  }

  counts(): Promise<Record<string, never>> {
    return Promise.resolve({});
  }

  identity(): string {
    return `scim ${this.context.connectorId}`;
  }

  async test(): Promise<readonly CheckStep[]> {
    const { connectorId, pushed } = this.context;
    const [users, groups] = await Promise.all([pushed.users.last(connectorId), pushed.groups.last(connectorId)]);
    const isPushed = users + groups > 0;
    return [
      {
        name: 'pushed',
        ok: isPushed,
        detail: `${users} users and ${groups} groups were pushed so far, deleted ones counted`,
        remedy: isPushed ? null : `let the provider push to /scim/v2/${connectorId} with a token of this connector`,
      },
    ];
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #user(record: PushedRecord): SourceUser | null {
    const attributes = attributesOf(record);
    return isIgnoredUser(this.settings.ignore, attributes) ? null : sourceUserOf(record.id, attributes);
  }

  #group(record: PushedRecord): SourceGroup | null {
    const attributes = attributesOf(record);
    return isIgnoredGroup(this.settings.ignore, attributes) ? null : sourceGroupOf(record.id, attributes);
  }

  async #byId(kind: 'users' | 'groups', ids: readonly string[]): Promise<ReadonlyMap<string, PushedRecord>> {
    const found = await this.context.pushed[kind].byIds(this.context.connectorId, ids);
    return new Map(found.map((record) => [record.id, record]));
  }

  async #window(kind: 'users' | 'groups', cursor: string | null) {
    const { connectorId, pushed } = this.context;
    const [from] = cursor === null ? [1] : placeOf(cursor);
    const to = from + PAGE_ITEMS - 1;
    const last = await pushed[kind].last(connectorId);
    const records = await pushed[kind].between(connectorId, from, to);
    return { records, next: to >= last ? null : `${to + 1}.0` };
  }
}

const placed = <T>(record: T): Placed<T> => ({ record, place: null });
const attributesOf = ({ json }: PushedRecord): AttributeRecord => JSON.parse(json) as AttributeRecord;
const isAddress = (email: unknown, value: string): boolean =>
  typeof email === 'string' && nameKey(email) === nameKey(value);

function placeOf(cursor: string): readonly [seq: number, part: number] {
  const [, seq, part] = /^(\d{1,15})\.(\d{1,9})$/.exec(cursor) ?? [];
  if (seq === undefined) throw new ProviderError('cursorExpired', 'the place in the listing is not one of this source');
  return [Number(seq), Number(part)];
}
