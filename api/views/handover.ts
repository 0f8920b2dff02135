import { z } from 'zod';
import { HANDOVER_KEYS, NO_HANDOVER } from '../../domain/handover';
import type { HandoverCounts } from '../../domain/handover';
import { reason } from './schemas';

export const handoverSide = z.enum(['new', 'old']);
export const handoverKeyList = z
  .array(z.enum(HANDOVER_KEYS))
  .min(1)
  .max(HANDOVER_KEYS.length)
  .readonly()
  .meta({ description: 'What people of the two connectors are recognised by' });

const COUNTS = Object.keys(NO_HANDOVER) as [keyof HandoverCounts, ...(keyof HandoverCounts)[]];

export const handoverSchema = z
  .object({
    runId: z.string(),
    from: z.string(),
    matchBy: handoverKeyList,
    counts: z.record(z.enum(COUNTS), z.int()).meta({
      description:
        'key, email, username: people matched by each · renames, deactivations: what the next run does to them',
    }),
    items: z
      .array(
        z.object({
          side: handoverSide,
          what: z.enum(['person', 'group']),
          externalId: z.string(),
          name: z.string().nullable(),
          reasons: z.array(reason).readonly(),
        })
      )
      .readonly()
      .meta({ description: 'Who is left: people of the new connector, links and group links of the old one' }),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'Handover', description: 'What a hand-over moves, and who is left on which side' });
