import { z } from 'zod';
import type { TargetRecord } from '../../store/records';
import { maskSecrets } from '../../store/secrets';
import { jsonObject, nameId, time } from './schemas';

export const targetSchema = z
  .object({
    id: nameId,
    config: jsonObject.meta({ description: 'As it was written; secrets are "(secret)"' }),
    version: z.int(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Target' });

/** A target with its secrets hidden. */
export function targetView(record: TargetRecord): z.output<typeof targetSchema> {
  const { id, config, version, createdAt, updatedAt } = record;
  return { id, config: maskSecrets(config), version, createdAt, updatedAt };
}
