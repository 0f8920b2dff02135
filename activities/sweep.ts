import pLimit from 'p-limit';
import { PERSON_REQUEST_KEPT_MS, fingerprint } from '../domain/ids';
import { isExpired } from '../domain/holds';
import type { PersonTraces, StoredLink } from '../store/link-records';
import type { ConnectorRecord } from '../store/records';
import type { ActivityDeps } from './deps';
import { expireHold } from './holdKeeping';
import { heartbeat, whileHeartbeating } from './progress';
import type { RunContexts } from './runContext';
import { closeDayRuns } from './single/closeDayRun';
import { syncOne } from './single/syncUser';
import type { SingleInput } from './single/order';

/** What one round of the sweep did. */
export interface Swept {
  readonly people: number;
  readonly holds: number;
  readonly dayRuns: number;
}

/** What a round takes on at most; the rest is there in the next. */
const PEOPLE_A_ROUND = 1_000;
const PEOPLE_AT_ONCE = 4;
const REQUESTS_A_ROUND = 2_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What a day brings without anybody asking for it (durability 4.4): costs as what is due, not as what there is. */
export function sweepActivities(deps: ActivityDeps, contexts: RunContexts) {
  return {
    async sweepDue(): Promise<Swept> {
      return whileHeartbeating(async () => {
        const connectors = await deps.store.connectors.list();
        let [holds, dayRuns] = [0, 0];
        for (const connector of connectors.filter(({ deleting }) => !deleting)) {
          if (await letExpire(deps, contexts, connector)) holds += 1;
          dayRuns += await closeDayRuns(deps, connector);
          heartbeat();
        }
        const people = await syncDue(deps, contexts, new Map(connectors.map((connector) => [connector.id, connector])));
        await deps.store.requests.expire(deps.now().toISOString(), REQUESTS_A_ROUND);
        return { people, holds, dayRuns };
      });
    },
  };
}

async function letExpire(deps: ActivityDeps, contexts: RunContexts, connector: ConnectorRecord): Promise<boolean> {
  if (connector.openHold === null) return false;
  const { approval } = await contexts.settings(connector.id, connector.version);
  const { firstHeldAt } = connector.openHold;
  if (!isExpired({ firstHeldAt, now: deps.now().toISOString(), approval })) return false;
  await expireHold(deps, connector, approval);
  return true;
}

/** People whose grace is over are planned and applied one by one, like somebody who logs in. */
async function syncDue(
  deps: ActivityDeps,
  contexts: RunContexts,
  connectors: ReadonlyMap<string, ConnectorRecord>
): Promise<number> {
  const due = await deps.store.links.due(deps.now().toISOString(), PEOPLE_A_ROUND);
  const limit = pLimit(PEOPLE_AT_ONCE);
  const synced = await Promise.all(
    due.map((link) =>
      limit(async () => {
        const done = await syncDueOne(deps, contexts, connectors.get(link.connectorId), link);
        heartbeat();
        return done;
      })
    )
  );
  return synced.filter((done) => done).length;
}

/** Whatever becomes of it, the same link is not met again in the next round. */
async function syncDueOne(
  deps: ActivityDeps,
  contexts: RunContexts,
  connector: ConnectorRecord | undefined,
  link: StoredLink
): Promise<boolean> {
  const later = (ms: number): Promise<void> =>
    deps.store.links.postpone(link, new Date(deps.now().getTime() + ms).toISOString());
  if (connector === undefined || connector.paused || connector.deleting) {
    await later(HOUR_MS);
    return false;
  }
  if (link.state === 'erased') {
    await deps.store.links.erase(tracesOf(link));
    return true;
  }
  try {
    await syncOne(deps, contexts, await dueRequest(deps, link));
    await later(DAY_MS);
    return true;
  } catch (error) {
    const kind = error instanceof Error ? error.name : 'unknown';
    deps.log.warn({ connectorId: link.connectorId, error: kind }, 'try a person whose grace is over again in an hour');
    await later(HOUR_MS);
    return false;
  }
}

/** The account is anonymized or deleted: nothing about the person is kept here either (rules 3.7). */
function tracesOf({ connectorId, externalId, targetKey, lastApplied, beforePseudonym }: StoredLink): PersonTraces {
  const names = [lastApplied, beforePseudonym].flatMap((account) => account ?? []);
  return {
    connectorId,
    externalId,
    targetKey: targetKey ?? '',
    usernames: names.map(({ username }) => username),
    emails: names.flatMap(({ email }) => email ?? []),
  };
}

/** The id is that of the link and the hour, so that a repeated round asks for the same thing. */
async function dueRequest(deps: ActivityDeps, link: StoredLink): Promise<string> {
  const input: SingleInput = { identifier: link.externalId, attributes: {}, trigger: 'schedule', mode: 'sync' };
  const now = deps.now();
  const { id } = await deps.store.requests.open({
    id: `due-${fingerprint(`${link.id} ${link.due ?? ''}`)}`,
    kind: 'syncUser',
    subject: link.connectorId,
    input: { ...input },
    createdAt: now.toISOString(),
    keptUntil: new Date(now.getTime() + PERSON_REQUEST_KEPT_MS).toISOString(),
  });
  return id;
}
