import { z } from 'zod';
import type { ScimToken } from '../../store/scim-store';
import { isExpired } from '../scim/tokens';
import { time } from './schemas';

export const scimTokenSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['bearer', 'client']).meta({ description: 'client: id and secret for the token endpoint' }),
    name: z.string(),
    createdAt: time,
    expiresAt: time.nullable(),
    lastUsedAt: time.nullable(),
    isExpired: z.boolean(),
  })
  .meta({ id: 'ScimToken' });
export const createdScimTokenSchema = scimTokenSchema
  .extend({ token: z.string().meta({ description: 'Shown once; of a client its secret' }) })
  .meta({ id: 'CreatedScimToken' });

export type ScimTokenView = z.output<typeof scimTokenSchema>;
export type CreatedScimTokenView = z.output<typeof createdScimTokenSchema>;

export function scimTokenView(token: ScimToken, now: Date): ScimTokenView {
  const { connectorId: _connectorId, ...shown } = token;
  return { ...shown, isExpired: isExpired(token, now) };
}

export const changesSchema = z
  .object({
    waiting: z.int().meta({ description: 'Changes that wait to be carried, as far as they were counted' }),
    isCountedWhole: z.boolean().meta({ description: 'false: there are more than that' }),
    oldestAt: time.nullable().meta({ description: 'When the oldest of them was accepted' }),
    parked: z
      .array(z.object({ id: z.string(), kind: z.enum(['user', 'group']), error: z.string(), at: time }))
      .readonly()
      .meta({ description: 'What could not be carried and waits for a retry, by id of the resource' }),
  })
  .meta({ id: 'PushedChanges' });
export type ChangesView = z.output<typeof changesSchema>;
