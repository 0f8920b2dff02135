import type { AttributeRecord } from '../../domain/model';
import type { MemberChange, ScimMember } from '../../domain/scim/members';
import { memberView } from '../../domain/scim/members';
import type { MemberIntent, MemberPart, ScimRecord, ScimStore } from '../../store/scim-store';
import { memberPages } from './view';

/** Memberships that a group's own document holds until they are written; more lie in documents beside it (durability 4.2). */
const INTENT_LIMIT = 1_000;

/** What a change really changes: who is added that was no member, and who goes that was. */
export async function effectOf(store: ScimStore, group: ScimRecord, change: MemberChange): Promise<MemberPart> {
  const readsAll = change.clears || change.removeWhere.length > 0;
  return readsAll ? effectOnAll(store, group, change) : effectOnNamed(store, group, change);
}

async function effectOnNamed(store: ScimStore, group: ScimRecord, { add, remove }: MemberChange): Promise<MemberPart> {
  const ids = [...add.map(({ id }) => id), ...remove];
  const present = await store.members.among(group.connectorId, group.id, ids);
  return { add: add.filter(({ id }) => !present.has(id)), remove: remove.filter((id) => present.has(id)) };
}

async function effectOnAll(store: ScimStore, group: ScimRecord, change: MemberChange): Promise<MemberPart> {
  const added = new Map<string, ScimMember>(change.add.map((member) => [member.id, member]));
  const named = new Set(change.remove);
  const goes = (member: ScimMember): boolean => {
    if (change.clears || named.has(member.id)) return true;
    const view: AttributeRecord = memberView(member);
    return change.removeWhere.some((chosen) => chosen(view));
  };
  const remove: string[] = [];
  for await (const page of memberPages(store, group)) {
    for (const member of page) {
      if (!added.delete(member.id) && goes(member)) remove.push(member.id);
    }
  }
  return { add: [...added.values()], remove };
}

/** One membership to write, where that is all. */
export function onlyOne(change: MemberChange): { readonly add?: ScimMember; readonly remove?: string } | null {
  const { clears, add, remove, removeWhere } = change;
  if (clears || removeWhere.length > 0 || add.length + remove.length !== 1) return null;
  return { ...(add[0] !== undefined && { add: add[0] }), ...(remove[0] !== undefined && { remove: remove[0] }) };
}

/** What an intent is made of; what is too much for one document is written before it is accepted. */
export async function prepareIntent(
  store: ScimStore,
  group: Pick<ScimRecord, 'connectorId' | 'id'> & { readonly revision: number },
  { add, remove }: MemberPart,
  { id, moment }: Pick<MemberIntent, 'id' | 'moment'>
): Promise<MemberIntent> {
  const isSmall = add.length + remove.length <= INTENT_LIMIT;
  const shared = { id, moment, revision: group.revision };
  if (isSmall) return { ...shared, chunks: 0, add, remove };
  const parts = [
    ...inParts(add).map((part): MemberPart => ({ add: part, remove: [] })),
    ...inParts(remove).map((part): MemberPart => ({ add: [], remove: part })),
  ];
  const intent: MemberIntent = { ...shared, chunks: parts.length, add: [], remove: [] };
  for (const [n, part] of parts.entries()) await store.members.putChunk(group.connectorId, group.id, intent, n, part);
  return intent;
}

function inParts<T>(items: readonly T[]): readonly (readonly T[])[] {
  const parts: (readonly T[])[] = [];
  for (let at = 0; at < items.length; at += INTENT_LIMIT) parts.push(items.slice(at, at + INTENT_LIMIT));
  return parts;
}
