import type { Collection } from 'mongodb';
import { scimId, scimNameKey, scimPendingMark, scimSharedKeyOf } from '../domain/ids';
import type { ResourceKeys } from '../domain/scim/keys';
import type { ScimKindName } from '../domain/scim/kinds';
import type { CollectionIndexes } from './mongo';
import type { MemberIntent, NewScimRecord, ParkedChange, ScimRecord } from './scim-store';
import { fromText, toText } from './text';
import type { JsonText } from './text';

/** Addresses of a person that an index holds; whoever has more is looked at beside it. */
export const EMAIL_FIELDS = ['email1', 'email2', 'email3'] as const;
type EmailField = (typeof EMAIL_FIELDS)[number];

export interface ScimDocument extends Partial<Record<EmailField, string>> {
  readonly _id: string;
  readonly connectorId: string;
  readonly id: string;
  readonly seq: number;
  readonly version: number;
  readonly resource: string;
  readonly createdAt: string;
  readonly modifiedAt: string;
  readonly deleted: boolean;
  readonly takesAway: boolean;
  readonly members: number;
  /** Unset, never null, where there is none: the indexes are sparse (durability 1.3). */
  readonly nameKey?: string;
  readonly externalKey?: string;
  readonly manyEmails?: string;
  readonly pending?: string;
  readonly intent?: JsonText<MemberIntent>;
  readonly intentId?: string;
  readonly parkedKey?: string;
  readonly parked?: ParkedChange;
  /** The request by which the person was carried last. */
  readonly carrying?: string;
}
export type ScimDocuments = Collection<ScimDocument>;

const SHARED = [{ keys: ['connectorId', 'seq'] }] as const;
const SPARSE = ['nameKey', 'externalKey', 'pending', 'parkedKey'] as const;
const sparse = (names: readonly string[]) => names.map((name) => ({ keys: [name], sparse: true as const }));

export const scimUserIndexes: CollectionIndexes = {
  collection: 'scimUsers',
  indexes: [...SHARED, ...sparse([...SPARSE, ...EMAIL_FIELDS, 'manyEmails'])],
};
export const scimGroupIndexes: CollectionIndexes = {
  collection: 'scimGroups',
  indexes: [...SHARED, ...sparse(SPARSE)],
};

/** Fields of the keys: those that are set, and those that must not be there. */
export function keyFields(
  connectorId: string,
  id: string,
  { name, externalId, emails }: ResourceKeys
): { readonly set: Partial<ScimDocument>; readonly unset: Readonly<Record<string, ''>> } {
  const shared = (value: string | null | undefined): string | undefined =>
    value === null || value === undefined ? undefined : scimSharedKeyOf(connectorId, value, id);
  const fields: Record<string, string | undefined> = {
    nameKey: scimNameKey(connectorId, name),
    externalKey: shared(externalId),
    manyEmails: emails.length > EMAIL_FIELDS.length ? scimId(connectorId, id) : undefined,
  };
  EMAIL_FIELDS.forEach((field, at) => {
    fields[field] = shared(emails[at]);
  });
  const entries = Object.entries(fields);
  return {
    set: Object.fromEntries(entries.filter(([, value]) => value !== undefined)),
    unset: Object.fromEntries(entries.filter(([, value]) => value === undefined).map(([field]) => [field, ''])),
  };
}
export const KEY_FIELDS: readonly string[] = ['nameKey', 'externalKey', 'manyEmails', ...EMAIL_FIELDS];

export const intentFields = (intent: MemberIntent): Partial<ScimDocument> => ({
  intent: toText(intent),
  intentId: intent.id,
});

export function newDocument(record: NewScimRecord, seq: number): ScimDocument {
  const { connectorId, id, json, keys, moment, now, takesAway, intent } = record;
  return {
    _id: scimId(connectorId, id),
    connectorId,
    id,
    seq,
    version: 1,
    resource: json,
    createdAt: now,
    modifiedAt: now,
    deleted: false,
    takesAway,
    members: 0,
    ...keyFields(connectorId, id, keys).set,
    pending: scimPendingMark(connectorId, moment, id),
    ...(intent !== null && intentFields(intent)),
  };
}

export function toScimRecord(kind: ScimKindName, document: ScimDocument): ScimRecord {
  const { connectorId, id, seq, version, resource, createdAt, modifiedAt, deleted, takesAway, members } = document;
  return {
    kind,
    ...{ connectorId, id, seq, version, createdAt, modifiedAt, deleted, takesAway, members },
    json: resource,
    pending: document.pending ?? null,
    intent: document.intent === undefined ? null : fromText(document.intent),
    parked: document.parked ?? null,
  };
}
