import { z } from 'zod';
import type { AttributeRule, MappingSettings, Transform } from '../domain/settings';
import { DEFAULTS } from './defaults';
import { textSchema } from './scalars';
import { choice, section } from './section';
import { UNBUILT, UNBUILT_TRANSFORMS } from './unbuilt';

const PLAIN_TRANSFORMS = ['trim', 'lowercase', 'stripDomain'] as const;
const VALUE_TRANSFORMS = ['prefix', 'suffix'] as const;
const transformType = choice([...PLAIN_TRANSFORMS, ...VALUE_TRANSFORMS], UNBUILT_TRANSFORMS);

const isValueTransform = (type: string): type is (typeof VALUE_TRANSFORMS)[number] =>
  VALUE_TRANSFORMS.some((known) => known === type);

/** One step of a mapping. The type is judged before the other keys, so that an unbuilt one is named as such. */
const transformSchema = z
  .looseObject({ type: transformType })
  .pipe(z.looseObject({ type: transformType, value: z.unknown().optional() }))
  .transform((step, context): Transform => {
    const { type, value, ...others } = step;
    const [unknown] = Object.keys(others);
    if (unknown !== undefined)
      context.addIssue({ code: 'custom', path: [unknown], message: 'unknown key of a transform' });
    if (!isValueTransform(type)) {
      if (value !== undefined) context.addIssue({ code: 'custom', path: ['value'], message: `${type} takes no value` });
      return { type };
    }
    if (typeof value === 'string' && value !== '') return { type, value };
    context.addIssue({ code: 'custom', path: ['value'], message: `${type} needs a text to add` });
    return z.NEVER;
  });

const ruleShape = {
  source: textSchema.optional(),
  fallback: z.array(textSchema).optional(),
  transforms: z.array(transformSchema).optional(),
  whenEmpty: choice(['keepExisting', 'clear', 'excludeUser', 'outOfScope']).optional(),
  whenInvalid: choice(['holdUser', 'keepExisting', 'excludeUser']).optional(),
  apply: choice(['always', 'onCreate']).optional(),
  case: choice(['ignore', 'exact']).optional(),
};
const usernameShape = {
  ...ruleShape,
  whenEmpty: choice(['keepExisting', 'excludeUser', 'outOfScope']).optional(),
};

/** The mapping as written; `completeMapping` fills it up. */
export const mappingSchema = section(
  {
    username: section(usernameShape, UNBUILT.username).optional(),
    email: section(ruleShape, UNBUILT.attribute).optional(),
    displayName: section(ruleShape, UNBUILT.attribute).optional(),
  },
  UNBUILT.mapping
);
export type WrittenMapping = z.output<typeof mappingSchema>;
type WrittenRule = z.output<z.ZodObject<typeof ruleShape>>;

/**
 * The mapping in full. A rule that names its `source` stands on the defaults (rules 7);
 * one that does not changes single keys of the preset of the source type.
 */
export function completeMapping(written: WrittenMapping, preset: MappingSettings): MappingSettings {
  return {
    username: completeRule(written.username, preset.username, { ...DEFAULTS.attribute, ...DEFAULTS.username }),
    email: completeRule(written.email, preset.email, DEFAULTS.attribute),
    displayName: completeRule(written.displayName, preset.displayName, DEFAULTS.attribute),
  };
}

function completeRule(
  written: WrittenRule | undefined,
  preset: AttributeRule,
  defaults: Omit<AttributeRule, 'source'>
): AttributeRule {
  if (written === undefined) return preset;
  const base = written.source === undefined ? preset : { ...defaults, source: written.source };
  const given = Object.entries(written).filter(([, value]) => value !== undefined);
  return { ...base, ...Object.fromEntries(given) };
}
