import { z } from 'zod';
import type { GoldenExpectation, GoldenUser } from '../domain/golden';
import type { AttributeRecord } from '../domain/model';
import type { ExamplePerson } from '../domain/try-person';
import { textSchema } from './scalars';
import { choice, strict } from './section';

const MAX_GOLDEN = 200;
const MAX_GROUPS = 1_000;
const MAX_DEPTH = 20;
const EXAMPLE_ID = 'example';

const attributesSchema = z
  .record(z.string().min(1).max(512), z.unknown())
  .refine((attributes) => isShallow(attributes, MAX_DEPTH), {
    error: `must not be nested deeper than ${MAX_DEPTH} levels`,
  })
  // What JSON or YAML holds is texts, numbers, truth values, null, lists and records.
  .transform((attributes) => attributes as AttributeRecord);

const groupSchema = z.union(
  [textSchema, strict({ id: textSchema.optional(), name: textSchema, attributes: attributesSchema.default({}) })],
  { error: 'must be the name of a source group, or { id: ..., name: ..., attributes: ... }' }
);

/** A person as an example: attributes as the source delivers them, source groups by name or in full. */
export const exampleSchema = strict({
  id: textSchema.default(EXAMPLE_ID),
  active: z.boolean().default(true),
  groups: z.array(groupSchema).max(MAX_GROUPS).default([]),
  attributes: attributesSchema.default({}),
}).transform(({ id, active, groups, attributes }): ExamplePerson => ({
  user: { externalId: id, active, attributes },
  groups: groups.map((group) =>
    typeof group === 'string'
      ? { externalId: group, name: group, attributes: {} }
      : { externalId: group.id ?? group.name, name: group.name, attributes: group.attributes }
  ),
}));

const expectedText = z.string().nullable().optional();
const expectSchema = strict({
  standing: choice(['inScope', 'outOfScope', 'excluded', 'invalid']).optional(),
  active: z.boolean().optional(),
  username: textSchema.optional(),
  email: expectedText,
  displayName: expectedText,
  avatar: expectedText,
  properties: z.record(textSchema, z.string().nullable()).optional(),
  organizations: z.array(textSchema).optional(),
  groups: z.array(textSchema).optional(),
})
  .transform((expect) => withoutAbsent(expect) as GoldenExpectation)
  .refine((expect) => Object.keys(expect).length > 0, { error: 'must name what is expected' });

/** Examples that a configuration has to get right. */
export const goldenSchema = z
  .array(
    strict({ user: exampleSchema, expect: expectSchema }).transform(({ user, expect }): GoldenUser => ({
      ...user,
      expect,
    }))
  )
  .max(MAX_GOLDEN)
  .default([]);

/** Golden users as an admin would write them; parsing the result gives the same. */
export function goldenDocument(golden: readonly GoldenUser[]): readonly object[] {
  return golden.map(({ user: { externalId: id, active, attributes }, groups, expect }) => ({
    user: {
      ...{ id, active, attributes },
      groups: groups.map(({ externalId, name, attributes: own }) => ({ id: externalId, name, attributes: own })),
    },
    expect,
  }));
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((entry) => isShallow(entry, levels - 1));
}

function withoutAbsent(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
