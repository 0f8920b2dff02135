import type { AttributeRecord } from '../../domain/model';
import { invalidSyntax } from '../../domain/scim/error';
import { isRecord, memberOf, sameJson } from '../../domain/scim/json';
import { keysOf } from '../../domain/scim/keys';
import { exactMembers, isAboutMembers, memberChange } from '../../domain/scim/members';
import type { MemberChange } from '../../domain/scim/members';
import { applyPatch } from '../../domain/scim/patch';
import { parsePatch } from '../../domain/scim/patch-request';
import { checkResource, normaliseResource } from '../../domain/scim/resource';
import { finishIntent, settledGroup } from '../../store/scim-intents';
import type { MemberPart, ScimRecord } from '../../store/scim-store';
import type { ScimCall, ScimDependencies, ScimReply } from './call';
import { effectOf, onlyOne, prepareIntent } from './memberships';
import { requireMatch } from './preconditions';
import { notFound, resourceReply, shownFor, tooBusy } from './resources';
import { TRIES, nameTaken } from './users';
import { attributesOf, etagOf, storedText } from './view';

interface GroupChange {
  readonly attributes: (before: AttributeRecord) => AttributeRecord;
  /** Null: nothing is said of members, who stay. */
  readonly members: MemberChange | null;
}

/** POST of a group (RFC 7644 3.3). */
export async function createGroup(deps: ScimDependencies, call: ScimCall): Promise<ScimReply> {
  const { id: connectorId, kinds } = call.connector;
  const shown = shownFor(deps, call, kinds.Group);
  const attributes = checkResource(kinds.Group, normaliseResource(kinds.Group, call.body));
  const { add } = membersIn(call.body) ?? { add: [] };
  const [id, moment] = [deps.newId(), deps.newMoment()];
  const group = { connectorId, id, revision: 1 };
  const intent =
    add.length === 0 ? null : await prepareIntent(deps.store, group, { add, remove: [] }, { id: moment, moment });
  const record = await deps.store.groups.insert({
    connectorId,
    id,
    json: storedText(kinds.Group, id, attributes),
    keys: keysOf(kinds.Group, attributes),
    moment,
    now: deps.clock().toISOString(),
    takesAway: false,
    intent,
  });
  if (record === 'taken') {
    if (intent !== null) await deps.store.members.dropChunks(connectorId, id, intent);
    throw nameTaken('displayName');
  }
  deps.changed(connectorId);
  if (intent !== null) await finishIntent(deps.store, record, intent);
  return resourceReply(201, { ...record, members: add.length }, shown);
}

/** The members that a body lists; null where it does not speak of them. @throws ScimError */
function membersIn(body: unknown): MemberChange | null {
  if (!isRecord(body)) throw invalidSyntax('The body must be a JSON object.');
  const members = memberOf(body, 'members');
  return members === undefined ? null : exactMembers(members);
}

/** PUT of a group (RFC 7644 3.5.1). One that does not speak of members leaves them alone. */
export async function replaceGroup(deps: ScimDependencies, call: ScimCall, id: string): Promise<ScimReply> {
  const given = normaliseResource(call.connector.kinds.Group, call.body);
  const shown = shownFor(deps, call, call.connector.kinds.Group);
  const record = await changeGroup(deps, call, id, { attributes: () => given, members: membersIn(call.body) });
  return resourceReply(200, record, shown);
}

/** PATCH of a group (RFC 7644 3.5.2): answered without the group, unless the client asks for attributes. */
export async function patchGroup(deps: ScimDependencies, call: ScimCall, id: string): Promise<ScimReply> {
  const kind = call.connector.kinds.Group;
  const shown = shownFor(deps, call, kind);
  const operations = parsePatch(kind, call.body);
  const about = operations.filter((operation) => isAboutMembers(kind, operation));
  const rest = operations.filter((operation) => !isAboutMembers(kind, operation));
  const record = await changeGroup(deps, call, id, {
    attributes: (before) => applyPatch(kind, before, rest),
    members: memberChange(about),
  });
  if (shown.projection.isWhole) return { status: 204, headers: { ETag: etagOf(record) } };
  return resourceReply(200, record, shown);
}

async function changeGroup(
  deps: ScimDependencies,
  call: ScimCall,
  id: string,
  change: GroupChange
): Promise<ScimRecord> {
  const { id: connectorId, kinds } = call.connector;
  for (let left = TRIES; left > 0; left -= 1) {
    const record = await settledGroup(deps.store, connectorId, id);
    if (record === null) throw notFound(kinds.Group);
    requireMatch(call, record);
    const before = attributesOf(record);
    const after = checkResource(kinds.Group, change.attributes(before));
    const attributes = sameJson(before, after) ? null : after;
    const single = attributes === null && change.members !== null ? onlyOne(change.members) : null;
    if (single !== null && call.headers['if-match'] === undefined) return changeOne(deps, record, single);
    const effect = change.members === null ? null : await effectOf(deps.store, record, change.members);
    const isEmpty = effect === null || effect.add.length + effect.remove.length === 0;
    if (attributes === null && isEmpty) return record;
    const changed = await accept(deps, call, record, { attributes, effect: isEmpty ? null : effect });
    if (changed !== 'stale') return changed;
  }
  throw tooBusy();
}

/** One membership is one write of its own document: the same in a group of 10 and of 100,000 (durability 4.2). */
async function changeOne(
  deps: ScimDependencies,
  record: ScimRecord,
  { add, remove }: NonNullable<ReturnType<typeof onlyOne>>
): Promise<ScimRecord> {
  const { members, groups } = deps.store;
  const { connectorId, id: groupId, version } = record;
  const write = { connectorId, groupId, revision: version, moment: deps.newMoment() };
  const isDone = add === undefined ? await members.remove(write, remove ?? '') : await members.add(write, add);
  if (!isDone) return record;
  const change = add === undefined ? -1 : 1;
  await groups.noteMember(connectorId, groupId, change, deps.clock().toISOString());
  deps.changed(connectorId);
  return { ...record, version: version + 1, members: Math.max(0, record.members + change) };
}

/** Everything else is accepted by one compare-and-set of the group; memberships are written behind it. */
async function accept(
  deps: ScimDependencies,
  call: ScimCall,
  record: ScimRecord,
  { attributes, effect }: { readonly attributes: AttributeRecord | null; readonly effect: MemberPart | null }
): Promise<ScimRecord | 'stale'> {
  const kind = call.connector.kinds.Group;
  const { connectorId, id, version } = record;
  const moment = deps.newMoment();
  const group = { connectorId, id, revision: version + 1 };
  const intent = effect === null ? null : await prepareIntent(deps.store, group, effect, { id: moment, moment });
  const changed = await deps.store.groups.update({
    ...{ connectorId, id, version, moment },
    now: deps.clock().toISOString(),
    takesAway: false,
    ...(attributes !== null && {
      attributes: { json: storedText(kind, id, attributes), keys: keysOf(kind, attributes) },
    }),
    ...(intent !== null && { intent }),
  });
  if (changed === 'taken' || changed === 'stale') {
    if (intent !== null) await deps.store.members.dropChunks(connectorId, id, intent);
    if (changed === 'taken') throw nameTaken('displayName');
    return changed;
  }
  deps.changed(connectorId);
  if (intent === null) return changed;
  await finishIntent(deps.store, changed, intent);
  return (await deps.store.groups.get(connectorId, id)) ?? changed;
}

/** DELETE of a group (RFC 7644 3.6). */
export async function deleteGroup(deps: ScimDependencies, call: ScimCall, id: string): Promise<ScimReply> {
  const { id: connectorId, kinds } = call.connector;
  for (let left = TRIES; left > 0; left -= 1) {
    const record = await settledGroup(deps.store, connectorId, id);
    if (record === null) throw notFound(kinds.Group);
    requireMatch(call, record);
    const gone = {
      connectorId,
      id,
      version: record.version,
      moment: deps.newMoment(),
      now: deps.clock().toISOString(),
    };
    if (!(await deps.store.groups.remove(gone))) continue;
    deps.changed(connectorId);
    return { status: 204 };
  }
  throw tooBusy();
}
