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

async function link(scope: ApplyScope, groupId: string, targetName: string): Promise<void> {
  await scope.deps.store.groupLinks.put({
    connectorId: scope.connectorId,
    groupId,
    targetName,
    sourceName: scope.sourceNames.get(groupId) ?? targetName,
    state: 'active',
    missingSince: null,
  });
}
