import { z } from 'zod';
import { reason } from './schemas';

const texts = z.array(z.string()).readonly();
const nullableText = z.string().nullable().optional();

const mappedSchema = z.union([
  z.object({ kind: z.literal('values'), texts }),
  z.object({ kind: z.literal('value'), text: z.string() }),
  z.object({ kind: z.enum(['keep', 'clear']) }),
  z.object({ kind: z.literal('standing'), standing: z.enum(['outOfScope', 'excluded', 'invalid']), reason }),
]);

const stepSchema = z.object({
  step: z.string().meta({ description: 'source, constant, expression, or the type of a transform' }),
  before: texts.meta({ description: 'What went in; of a source its path, of an expression its text' }),
  after: texts,
  matched: z.boolean().optional().meta({ description: 'false: the transform found nothing that it is about' }),
  what: z.string().optional().meta({ description: 'Why it failed' }),
});

/** What scope and mapping make of a person, and how. */
export const triedSchema = z
  .object({
    person: z.object({
      standing: z.enum(['inScope', 'outOfScope', 'excluded', 'invalid']),
      reasons: z.array(reason).readonly(),
      active: z.boolean(),
      username: z.string().optional(),
      email: nullableText,
      displayName: nullableText,
      avatar: nullableText,
      properties: z.record(z.string(), z.string().nullable()).readonly(),
      organizations: texts.optional(),
      groups: texts,
    }),
    scope: z
      .array(
        z.object({
          clause: z.enum(['exclude', 'excludeGroups', 'requiredGroups', 'where']),
          says: z.enum(['in', 'out', 'failed']),
          reason: reason.nullable(),
          matched: texts,
        })
      )
      .readonly(),
    attributes: z
      .array(z.object({ attribute: z.string(), steps: z.array(stepSchema).readonly(), result: mappedSchema }))
      .readonly(),
    groups: z
      .array(
        z.object({
          id: z.string(),
          sourceName: z.string(),
          name: z.string().nullable().meta({ description: 'null: the group takes no part' }),
          included: z.boolean(),
          targets: texts,
        })
      )
      .readonly(),
  })
  .meta({ id: 'TriedMapping', description: 'Attributes that are kept as they are in the target are left out' });
export type TriedView = z.output<typeof triedSchema>;
