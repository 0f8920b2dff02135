import { z } from 'zod';
import { NOTHING_OBSERVED, OBSERVED, OBSERVED_CAUSES, OBSERVED_VERDICTS } from '../../domain/observe';
import type { ObserveCounts } from '../../domain/observe';
import { reason, time } from './schemas';

export const observedCause = z.enum(OBSERVED_CAUSES);
export const observedVerdict = z.enum(OBSERVED_VERDICTS);
const COUNTS = Object.keys(NOTHING_OBSERVED) as [keyof ObserveCounts, ...(keyof ObserveCounts)[]];
const value = z.union([z.string(), z.boolean()]).nullable();

export const observeSchema = z
  .object({
    runId: z.string(),
    readAt: time,
    since: z
      .object({ runId: z.string(), readAt: time })
      .nullable()
      .meta({ description: 'The run that was compared with; null: this is the first look' }),
    counts: z.record(z.enum(COUNTS), z.int()).meta({
      description: 'changes: what happened in Jira since then · agreed: how much of it is as Rollcall would have it',
    }),
    items: z
      .array(
        z.object({
          externalId: z.string(),
          account: z.object({ key: z.string(), username: z.string() }).nullable(),
          what: z.enum(OBSERVED),
          group: z.string().nullable(),
          jira: value,
          rollcall: value,
          cause: observedCause,
          verdict: observedVerdict.nullable(),
          held: z.boolean().meta({ description: 'Rollcall would ask somebody first' }),
          reasons: z.array(reason).readonly(),
        })
      )
      .readonly(),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'ObserveReport', description: 'Where Jira is not as Rollcall would have it, and since when' });
