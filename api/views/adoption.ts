import { z } from 'zod';
import { ADOPTION_KINDS, DIFFERING } from '../../domain/adoption';
import { reason, time } from './schemas';

export const adoptionKind = z.enum(ADOPTION_KINDS);

export const accountSchema = z.object({
  key: z.string(),
  username: z.string(),
  email: z.string().nullable(),
  displayName: z.string(),
  active: z.boolean(),
});

export const adoptionItemSchema = z
  .object({
    externalId: z.string(),
    kind: adoptionKind,
    by: z.enum(['email', 'username']).nullable(),
    wanted: z.object({ username: z.string(), email: z.string().nullable() }).nullable(),
    differences: z.array(z.enum(DIFFERING)).readonly(),
    accounts: z.array(accountSchema).readonly().meta({ description: 'Both, where two accounts are meant' }),
    rivals: z.array(z.string()).readonly().meta({ description: 'Source users that want the same' }),
    reasons: z.array(reason).readonly(),
  })
  .meta({ id: 'AdoptionItem', description: 'What one person of the source finds among the accounts that exist' });

export const adoptionSchema = z
  .object({
    runId: z.string().meta({ description: 'The run whose data are used' }),
    readAt: time,
    counts: z.record(adoptionKind, z.int()),
    items: z.array(adoptionItemSchema).readonly(),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'Adoption', description: 'People by what they find among the accounts that exist' });
