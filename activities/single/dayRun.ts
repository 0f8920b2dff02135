import { pushRunId, userRunId } from '../../domain/ids';
import type { RunRecord } from '../../store/records';
import type { ActivityDeps } from '../deps';
import type { SingleContext, SingleOrder } from './order';

/** The run of the UTC day on which the sync was asked for: its results stand there (durability 4.5). */
export const dayRunId = ({ connectorId, at, trigger }: SingleOrder): string => {
  const day = at.slice(0, 'yyyy-mm-dd'.length);
  return trigger === 'push' ? pushRunId(connectorId, day) : userRunId(connectorId, day);
};

const PUSHED = { mode: 'push', trigger: 'scim' } as const;
const ASKED_FOR = { mode: 'user', trigger: 'login' } as const;

/** The record of that run, made with the first sync of the day. The connector knows it until the sweep has closed it. */
export async function openDayRun({ store }: ActivityDeps, { connector, order }: SingleContext): Promise<RunRecord> {
  const id = dayRunId(order);
  const earlier = await store.runs.get(id);
  if (earlier !== null) return earlier;
  await store.connectors.openDayRun(connector.id, id);
  return store.runs.open({
    id,
    connectorId: connector.id,
    targetId: connector.targetId,
    n: 0,
    ...(order.trigger === 'push' ? PUSHED : ASKED_FOR),
    requestId: null,
    configVersion: connector.version,
    startedAt: order.at,
    missedTicks: 0,
    planRunId: null,
    selection: null,
  });
}
