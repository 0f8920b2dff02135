import { shardSlices } from '../../domain/ids';
import type { AttributeRecord } from '../../domain/model';
import type { ScimKind } from '../../domain/scim/kinds';
import { memberView } from '../../domain/scim/members';
import type { Projection } from '../../domain/scim/projection';
import { schemasOf } from '../../domain/scim/resource';
import type { ScimRecord, ScimStore } from '../../store/scim-store';

/** Members that are read of the store at once. */
const MEMBERS_AT_ONCE = 500;
const MOST_PARTS = 1_024;

/** The stored text of a resource: everything of it but meta and members. */
export const storedText = (kind: ScimKind, id: string, attributes: AttributeRecord): string =>
  JSON.stringify({ schemas: schemasOf(kind, attributes), id, ...attributes });

/** The attributes as a client may write them. */
export function attributesOf({ json }: Pick<ScimRecord, 'json'>): AttributeRecord {
  const { schemas: _schemas, id: _id, ...attributes } = JSON.parse(json) as AttributeRecord;
  return attributes;
}

export const etagOf = ({ version }: Pick<ScimRecord, 'version'>): string => `W/"${version}"`;
export const locationOf = (base: string, kind: ScimKind, id: string): string =>
  `${base}${kind.endpoint}/${encodeURIComponent(id)}`;

function metaOf(record: ScimRecord, kind: ScimKind, base: string): AttributeRecord {
  return {
    resourceType: kind.name,
    created: record.createdAt,
    lastModified: record.modifiedAt,
    location: locationOf(base, kind, record.id),
    version: etagOf(record),
  };
}

/** A resource with its meta, without members: what filters look at. */
export const resourceOf = (record: ScimRecord, kind: ScimKind, base: string): AttributeRecord => ({
  ...(JSON.parse(record.json) as AttributeRecord),
  meta: metaOf(record, kind, base),
});

export interface Shown {
  readonly kind: ScimKind;
  readonly projection: Projection;
  readonly base: string;
  readonly store: ScimStore;
}

/** Whether an answer has to list members, which are read apart. */
export const showsMembers = ({ kind, projection }: Shown): boolean =>
  kind.name === 'Group' && projection.shows('members');

/** The JSON text of a resource as it is shown, but for members. */
export function textOf(record: ScimRecord, { kind, projection, base }: Shown): string {
  if (projection.isWhole) return `${record.json.slice(0, -1)},"meta":${JSON.stringify(metaOf(record, kind, base))}}`;
  return JSON.stringify(projection.apply(resourceOf(record, kind, base)));
}

/** The JSON text of a resource in parts: members come out of the store page by page, however many they are. */
export async function* partsOf(record: ScimRecord, shown: Shown): AsyncGenerator<string> {
  if (!showsMembers(shown)) {
    yield textOf(record, shown);
    return;
  }
  yield `${textOf(record, shown).slice(0, -1)},"members":[`;
  let before = '';
  for await (const page of memberPages(shown.store, record)) {
    const texts = page.map((member) => JSON.stringify(shownMember(member, shown)));
    if (texts.length > 0) yield before + texts.join(',');
    if (texts.length > 0) before = ',';
  }
  yield ']}';
}

function shownMember(member: Parameters<typeof memberView>[0], { projection, base }: Shown): AttributeRecord {
  const view = { ...memberView(member), $ref: `${base}/${member.type}s/${encodeURIComponent(member.id)}` };
  const { members } = projection.apply({ members: [view] });
  return (members as readonly AttributeRecord[])[0] ?? view;
}

/** All members of a group, page by page. */
export async function* memberPages(store: ScimStore, { connectorId, id, members }: ScimRecord) {
  const parts = Math.min(MOST_PARTS, Math.max(1, Math.ceil(members / MEMBERS_AT_ONCE)));
  for (let part = 0; part < parts; part += 1) {
    yield await store.members.inSlices(connectorId, id, shardSlices(part, parts));
  }
}
