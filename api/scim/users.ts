import type { AttributeRecord } from '../../domain/model';
import { ScimError } from '../../domain/scim/error';
import { sameJson } from '../../domain/scim/json';
import { keysOf } from '../../domain/scim/keys';
import { applyPatch } from '../../domain/scim/patch';
import { parsePatch } from '../../domain/scim/patch-request';
import { checkResource, normaliseResource } from '../../domain/scim/resource';
import { takesAway } from '../../domain/scim/source';
import type { ScimRecord } from '../../store/scim-store';
import type { ScimCall, ScimDependencies, ScimReply } from './call';
import { requireMatch } from './preconditions';
import { notFound, resourceReply, shownFor, tooBusy } from './resources';
import { attributesOf, storedText } from './view';

/** Writers that meet at one resource try again so often. */
export const TRIES = 10;

export const nameTaken = (name: string): ScimError =>
  new ScimError(409, 'uniqueness', `Another resource has this ${name}.`);

/** POST of a user (RFC 7644 3.3). Whoever is created without a word about it is active. */
export async function createUser(deps: ScimDependencies, call: ScimCall): Promise<ScimReply> {
  const kind = call.connector.kinds.User;
  const shown = shownFor(deps, call, kind);
  const attributes = checkResource(kind, { active: true, ...normaliseResource(kind, call.body) });
  const id = deps.newId();
  const record = await deps.store.users.insert({
    connectorId: call.connector.id,
    id,
    json: storedText(kind, id, attributes),
    keys: keysOf(kind, attributes),
    moment: deps.newMoment(),
    now: deps.clock().toISOString(),
    takesAway: takesAway(attributes),
    intent: null,
  });
  if (record === 'taken') throw nameTaken('userName');
  deps.changed(call.connector.id);
  return resourceReply(201, record, shown);
}

/** PUT of a user (RFC 7644 3.5.1). Who does not say whether the person is active does not change it. */
export async function replaceUser(deps: ScimDependencies, call: ScimCall, id: string): Promise<ScimReply> {
  const kind = call.connector.kinds.User;
  const given = normaliseResource(kind, call.body);
  return changeUser(deps, call, id, ({ active }) => ({ ...(active !== undefined && { active }), ...given }));
}

/** PATCH of a user (RFC 7644 3.5.2). */
export async function patchUser(deps: ScimDependencies, call: ScimCall, id: string): Promise<ScimReply> {
  const kind = call.connector.kinds.User;
  const operations = parsePatch(kind, call.body);
  return changeUser(deps, call, id, (before) => applyPatch(kind, before, operations));
}

async function changeUser(
  deps: ScimDependencies,
  call: ScimCall,
  id: string,
  change: (before: AttributeRecord) => AttributeRecord
): Promise<ScimReply> {
  const kind = call.connector.kinds.User;
  const shown = shownFor(deps, call, kind);
  for (let left = TRIES; left > 0; left -= 1) {
    const record = await existingUser(deps, call, id);
    requireMatch(call, record);
    const before = attributesOf(record);
    const after = checkResource(kind, change(before));
    if (sameJson(before, after)) return resourceReply(200, record, shown);
    const changed = await store(deps, call, record, after);
    if (changed !== 'stale') return resourceReply(200, changed, shown);
  }
  throw tooBusy();
}

async function existingUser(deps: ScimDependencies, call: ScimCall, id: string): Promise<ScimRecord> {
  const record = await deps.store.users.get(call.connector.id, id);
  if (record === null || record.deleted) throw notFound(call.connector.kinds.User);
  return record;
}

async function store(
  deps: ScimDependencies,
  call: ScimCall,
  record: ScimRecord,
  attributes: AttributeRecord
): Promise<ScimRecord | 'stale'> {
  const kind = call.connector.kinds.User;
  const changed = await deps.store.users.update({
    connectorId: call.connector.id,
    id: record.id,
    version: record.version,
    moment: deps.newMoment(),
    now: deps.clock().toISOString(),
    takesAway: takesAway(attributes),
    attributes: { json: storedText(kind, record.id, attributes), keys: keysOf(kind, attributes) },
  });
  if (changed === 'taken') throw nameTaken('userName');
  if (changed !== 'stale') deps.changed(call.connector.id);
  return changed;
}

/** DELETE of a user (RFC 7644 3.6): the name is free again, and no group has this member any more. */
export async function deleteUser(deps: ScimDependencies, call: ScimCall, id: string): Promise<ScimReply> {
  const connectorId = call.connector.id;
  for (let left = TRIES; left > 0; left -= 1) {
    const record = await existingUser(deps, call, id);
    requireMatch(call, record);
    const moment = deps.newMoment();
    const gone = { connectorId, id, version: record.version, moment, now: deps.clock().toISOString() };
    if (!(await deps.store.users.remove(gone))) continue;
    await leaveGroups(deps, connectorId, id, moment);
    deps.changed(connectorId);
    return { status: 204 };
  }
  throw tooBusy();
}

/** Carrying the deletion does the same once more: a crash leaves no member behind. */
async function leaveGroups(deps: ScimDependencies, connectorId: string, id: string, moment: string): Promise<void> {
  const { groups, members } = deps.store;
  for (const { groupId } of await members.of(connectorId, id)) {
    const group = await groups.get(connectorId, groupId);
    const write = { connectorId, groupId, revision: group?.version ?? 0, moment };
    const isGone = await members.remove(write, id);
    if (isGone) await groups.noteMember(connectorId, groupId, -1, deps.clock().toISOString());
  }
}
