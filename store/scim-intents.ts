import type { MemberIntent, ScimRecord, ScimStore } from './scim-store';

type Parts = Pick<ScimStore, 'groups' | 'members'>;

/**
 * Writes the memberships of a change that was accepted for a group, and ends it. Whoever meets one does it first
 * (durability 4.2); two at once do no harm.
 */
export async function finishIntent({ groups, members }: Parts, group: ScimRecord, intent: MemberIntent): Promise<void> {
  const { connectorId, id: groupId } = group;
  const write = { connectorId, groupId, revision: intent.revision, moment: intent.moment };
  await members.apply(write, intent.add, intent.remove);
  let change = intent.add.length - intent.remove.length;
  for (let n = 0; n < intent.chunks; n++) {
    const { add, remove } = await members.chunk(connectorId, groupId, intent, n);
    await members.apply(write, add, remove);
    change += add.length - remove.length;
  }
  await groups.endIntent(connectorId, groupId, intent, change);
  await members.dropChunks(connectorId, groupId, intent);
}

/** The group as it is once nothing of it is half-way; null where there is none, tombstones included. */
export async function settledGroup(parts: Parts, connectorId: string, id: string): Promise<ScimRecord | null> {
  for (;;) {
    const group = await parts.groups.get(connectorId, id);
    if (group === null || group.deleted) return null;
    if (group.intent === null) return group;
    await finishIntent(parts, group, group.intent);
  }
}
