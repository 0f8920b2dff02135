import cronstrue from 'cronstrue';
import { z } from 'zod';
import { runId } from '../../domain/ids';
import { nextFire } from '../../domain/schedule';
import type { ScheduleSettings } from '../../domain/settings';
import type { ConnectorRecord, ConnectorVersionRecord } from '../../store/records';
import { maskSecrets } from '../../store/secrets';
import type { ApiDependencies } from '../dependencies';
import { readStored } from '../stored-configuration';
import { jsonObject, nameId, runIdSchema, time } from './schemas';

const NEXT_FIRES = 3;

export const connectorSchema = z
  .object({
    id: nameId,
    target: nameId,
    config: jsonObject.meta({ description: 'As it was written; secrets are "(secret)"' }),
    version: z.int(),
    state: z.object({
      paused: z.boolean(),
      deleting: z.boolean(),
      openHold: z
        .object({ runId: runIdSchema, heldHash: z.string(), firstHeldAt: time, lastPlannedAt: time })
        .nullable(),
      lastRun: runIdSchema.nullable().meta({ description: 'The latest run id that was given out' }),
      firstRunOver: z.boolean(),
      schedule: z
        .object({ cron: z.string(), timezone: z.string(), enabled: z.boolean(), jitterSeconds: z.number() })
        .nullable(),
      scheduleWords: z.string().nullable().meta({ description: 'The schedule in words, with its time zone' }),
      nextFires: z.array(time).readonly().meta({ description: 'The next three by the schedule; none while paused' }),
    }),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Connector' });

export type ConnectorView = z.output<typeof connectorSchema>;

/** A connector as it was saved, with the warnings of saving it. */
export const savedConnectorSchema = connectorSchema
  .extend({ warnings: z.array(z.string()).readonly() })
  .meta({ id: 'SavedConnector' });

/** The next fires in ISO time, earliest first. `afterMs`: milliseconds since 1970. */
export function nextFires(schedule: ScheduleSettings, afterMs: number, count: number): readonly string[] {
  const fires: string[] = [];
  let from = afterMs;
  while (fires.length < count) {
    const fire = nextFire(schedule, from);
    if (fire === null) break;
    fires.push(new Date(fire).toISOString());
    from = fire;
  }
  return fires;
}

/** "At 02:30, Monday through Friday (Europe/Berlin)"; null for an expression that has no words. */
export function scheduleWords({ cron, timezone }: ScheduleSettings): string | null {
  try {
    return `${cronstrue.toString(cron, { use24HourTimeFormat: true })} (${timezone})`;
  } catch {
    return null;
  }
}

/** A connector with its current configuration, secrets hidden. */
export function connectorView(
  deps: ApiDependencies,
  record: ConnectorRecord,
  version: ConnectorVersionRecord
): ConnectorView {
  const { id, targetId, paused, deleting, openHold, firstRunOver, createdAt, updatedAt } = record;
  const schedule = readStored(deps, version)?.schedule ?? null;
  const fires = schedule === null || paused || deleting ? [] : nextFires(schedule, deps.clock().getTime(), NEXT_FIRES);
  const words = schedule === null ? null : scheduleWords(schedule);
  const lastRun = record.lastRun === 0 ? null : runId(id, record.lastRun);
  return {
    id,
    target: targetId,
    config: maskSecrets(version.config),
    version: version.version,
    state: { paused, deleting, openHold, lastRun, firstRunOver, schedule, scheduleWords: words, nextFires: fires },
    createdAt,
    updatedAt,
  };
}
