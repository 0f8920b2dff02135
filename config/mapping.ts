import { z } from 'zod';
import type { AttributeRule, MappingSettings, OrganizationRule } from '../domain/settings';
import { DEFAULTS } from './defaults';
import { expressionSchema } from './expression';
import { textSchema } from './scalars';
import { choice, strict } from './section';
import { transformSchema } from './transforms';

const MAX_PROPERTIES = 100;
const MAX_TRANSFORMS = 50;
const FORMS = ['source', 'expression', 'constant'] as const;
const ANY_EMPTY = ['keepExisting', 'clear', 'excludeUser', 'outOfScope'] as const;
const UNCLEARED = ['keepExisting', 'excludeUser', 'outOfScope'] as const;

export const transformsSchema = z.array(transformSchema).max(MAX_TRANSFORMS);

const ruleShape = {
  source: textSchema.optional(),
  expression: expressionSchema.optional(),
  constant: textSchema.optional(),
  fallback: z.array(textSchema).optional(),
  transforms: transformsSchema.optional(),
  whenEmpty: choice(ANY_EMPTY).optional(),
  whenNoMatch: choice(['keepUntransformed', ...ANY_EMPTY]).optional(),
  whenInvalid: choice(['holdUser', 'keepExisting', 'excludeUser']).optional(),
  apply: choice(['always', 'onCreate']).optional(),
  case: choice(['ignore', 'exact']).optional(),
};
/** Of attributes that every account has: there is nothing to clear. */
const unclearedShape = {
  ...ruleShape,
  whenEmpty: choice(UNCLEARED).optional(),
  whenNoMatch: choice(['keepUntransformed', ...UNCLEARED]).optional(),
};
const organizationShape = {
  ...ruleShape,
  create: z.boolean().default(DEFAULTS.organizations.create),
  mode: choice(['managed', 'additive']).default(DEFAULTS.organizations.mode),
};
/** A key as Jira takes it for a property of a user. */
const propertyKeySchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/, {
  error: 'must be letters, digits, ".", "_" and "-", at most 255',
});

type Forms = Readonly<Partial<Record<(typeof FORMS)[number], string | undefined>>>;
const givenForms = (rule: Forms): readonly string[] => FORMS.filter((form) => rule[form] !== undefined);
const atMostOneForm = (rule: Forms): boolean => givenForms(rule).length <= 1;
const oneForm = (rule: Forms): boolean => givenForms(rule).length === 1;
const ONE_FORM = { error: `needs one of ${FORMS.join(', ')}` };
const changeable = { error: `takes one of ${FORMS.join(', ')}, not several` };

/** The mapping as written; `completeMapping` fills it up. */
export const mappingSchema = strict({
  username: strict(unclearedShape).refine(atMostOneForm, changeable).optional(),
  email: strict(ruleShape).refine(atMostOneForm, changeable).optional(),
  displayName: strict(ruleShape).refine(atMostOneForm, changeable).optional(),
  active: strict(unclearedShape).refine(oneForm, ONE_FORM).optional(),
  properties: z
    .record(propertyKeySchema, strict(ruleShape).refine(oneForm, ONE_FORM))
    .refine((rules) => Object.keys(rules).length <= MAX_PROPERTIES, {
      error: `must have at most ${MAX_PROPERTIES} keys`,
    })
    .optional(),
  avatar: strict(ruleShape).refine(oneForm, ONE_FORM).optional(),
  organizations: strict(organizationShape).refine(oneForm, ONE_FORM).optional(),
});
export type WrittenMapping = z.output<typeof mappingSchema>;
type WrittenRule = z.output<z.ZodObject<typeof ruleShape>>;

/**
 * The mapping in full. A rule that says where its value comes from stands on the defaults (rules 7);
 * one that does not changes single keys of the preset of the source type.
 */
export function completeMapping(written: WrittenMapping, preset: MappingSettings): MappingSettings {
  const { properties } = written;
  const complete = {
    username: completeRule(written.username, preset.username, { ...DEFAULTS.attribute, ...DEFAULTS.username }),
    email: completeRule(written.email, preset.email, DEFAULTS.attribute),
    displayName: completeRule(written.displayName, preset.displayName, DEFAULTS.attribute),
    active: optionalRule(written.active, preset.active),
    properties: properties === undefined ? preset.properties : mapValues(properties, (rule) => ruleOf(rule)),
    avatar: optionalRule(written.avatar, preset.avatar),
    organizations: organizationsOf(written, preset),
  };
  // What is not configured is no key, so that presets and stored configurations compare as equal.
  return Object.fromEntries(
    Object.entries(complete).filter(([, rule]) => rule !== undefined)
  ) as typeof complete as MappingSettings;
}

function organizationsOf({ organizations }: WrittenMapping, preset: MappingSettings): OrganizationRule | undefined {
  if (organizations === undefined) return preset.organizations;
  const { create, mode, ...rule } = organizations;
  return { ...ruleOf(rule), create, mode };
}

function optionalRule(written: WrittenRule | undefined, preset: AttributeRule | undefined): AttributeRule | undefined {
  return written === undefined ? preset : ruleOf(written);
}

function ruleOf(written: WrittenRule): AttributeRule {
  return { ...DEFAULTS.attribute, ...given(written) };
}

type Defaults = Omit<AttributeRule, (typeof FORMS)[number]>;

function completeRule(written: WrittenRule | undefined, preset: AttributeRule, defaults: Defaults): AttributeRule {
  if (written === undefined) return preset;
  return { ...(givenForms(written).length === 0 ? preset : defaults), ...given(written) };
}

function given(written: WrittenRule): Partial<AttributeRule> {
  return Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined));
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Readonly<Record<string, B>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
