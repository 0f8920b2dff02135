import { nameKey } from '../domain/names';
import type { OperationRecord } from '../store/records';
import { done, ended } from './applyTypes';
import type { Applied, ApplyScope } from './applyTypes';
import { groupOf } from './applyMembership';

/** Creates or adopts a target group and links it; a group that appeared meanwhile is never taken over (rules 2.5). */
export async function applyGroup(scope: ApplyScope, operation: OperationRecord, readFirst: boolean): Promise<Applied> {
  const group = groupOf(operation);
  if (operation.kind === 'createGroup') {
    const ours = readFirst && (await scope.target.groupExists(group, scope.signal));
    if (!ours && (await scope.target.createGroup(group, scope.signal)) === 'existed') {
      return ended('conflict', `a group '${group}' appeared after the plan was made`);
    }
  }
  if (operation.externalId !== null) await link(scope, operation.externalId, group);
  return done();
}

/** A group that is linked already keeps what its link knows: the source name at linking time tells renames apart (rules 2.2). */
async function link(scope: ApplyScope, groupId: string, targetName: string): Promise<void> {
  const { deps, connectorId } = scope;
  const links = await deps.store.groupLinks.list(connectorId);
  const known = links.find((other) => other.groupId === groupId && nameKey(other.targetName) === nameKey(targetName));
  const fresh = { connectorId, groupId, targetName, sourceName: scope.sourceNames.get(groupId) ?? targetName };
  await deps.store.groupLinks.put({ ...(known ?? fresh), state: 'active', missingSince: null });
}
