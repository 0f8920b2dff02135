import type { Contest, PreparedUser } from '../../domain/facts';
import type { KeyHolders } from '../../store/snapshot-records';
import type { ActivityDeps } from '../deps';
import type { SingleContext } from './order';

/**
 * Who else in the source wants the same name or address, as the latest planning over everybody saw it (rules 1.5): one
 * read of one person cannot tell.
 */
export async function contestsOf(
  { store }: ActivityDeps,
  { connector }: SingleContext,
  externalId: string,
  prepared: PreparedUser | null
): Promise<{ readonly usernameContest: Contest; readonly emailContest: Contest }> {
  const runId = connector.planned?.runId;
  if (runId === undefined || prepared === null) return { usernameContest: null, emailContest: null };
  const contest = async (kind: 'sourceName' | 'sourceEmail', key: string | null): Promise<Contest> => {
    const holders = key === null ? undefined : (await store.snapshots.holders(runId, kind, [key])).get(key);
    return contestWith(externalId, holders);
  };
  const { usernameKey, emailKey } = prepared;
  return {
    usernameContest: await contest('sourceName', usernameKey),
    emailContest: await contest('sourceEmail', emailKey),
  };
}

function contestWith(externalId: string, holders: KeyHolders | undefined): Contest {
  if (holders === undefined) return null;
  const others = [holders.lo, holders.hi].filter((id) => id !== externalId);
  const [first, second = externalId] = [...new Set(others)];
  return first === undefined ? null : first < second ? [first, second] : [second, first];
}
