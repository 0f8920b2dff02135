import type { PendingChange } from '../../store/scim-store';
import type { ActivityDeps } from '../deps';
import { heartbeat } from '../progress';
import type { ChangesContext } from './context';

/** Counts anew what a crash between a resource and its count may have left wrong. */
export async function recountBlocks(
  { store }: ActivityDeps,
  { connector }: ChangesContext,
  changes: readonly PendingChange[]
): Promise<void> {
  for (const [kind, repository] of [
    ['user', store.scim.users],
    ['group', store.scim.groups],
  ] as const) {
    const ids = changes.filter((change) => change.kind === kind).map(({ id }) => id);
    const records = await repository.byIds(connector.id, ids);
    // Only a new or a deleted resource changes a count.
    const counted = records.filter(({ version, deleted }) => version === 1 || deleted);
    await repository.recount(
      connector.id,
      counted.map(({ seq }) => seq)
    );
  }
}

/** A deleted person is in no group any more, also where the API died before it came to that. */
export async function leaveGroups(
  { store }: ActivityDeps,
  { connector, now }: ChangesContext,
  changes: readonly PendingChange[]
): Promise<void> {
  const { users, groups, members } = store.scim;
  const gone = changes.filter(({ kind, takesAway }) => kind === 'user' && takesAway).map(({ id }) => id);
  for (const { id, deleted } of await users.byIds(connector.id, gone)) {
    if (!deleted) continue;
    for (const { groupId } of await members.of(connector.id, id)) {
      const group = await groups.get(connector.id, groupId);
      const write = { connectorId: connector.id, groupId, revision: group?.version ?? 0 };
      const [change] = changes.filter((each) => each.id === id);
      const isGone = await members.remove({ ...write, moment: momentOf(change) }, id);
      if (isGone) await groups.noteMember(connector.id, groupId, -1, new Date(now).toISOString());
    }
    heartbeat();
  }
}

/** The moment of the deletion: the removals wait and are carried with it. */
const momentOf = (change: PendingChange | undefined): string => change?.mark.split(':')[1] ?? '';
