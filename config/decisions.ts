import { z } from 'zod';
import type { CountLimit, GroupPattern } from '../domain/settings';
import { DEFAULTS } from './defaults';
import { MAX_EXCEPTIONS, exceptionSchema } from './exceptions';
import { groupPatternSchema, optionalConditionSchema } from './expression';
import { transformsSchema } from './mapping';
import { globSchema, hoursSchema, textSchema, wholeNumber } from './scalars';
import { choice, section, strict } from './section';
import { UNBUILT } from './unbuilt';

const MAX_COUNT = 10_000_000;
/** Each is read back: more would be the run itself. */
const MAX_CANARY = 1_000;
const DOMAIN_PATTERN = /^[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?(\.[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?)+$/u;

const groupPatterns = (none: readonly GroupPattern[]) => z.array(groupPatternSchema).default(() => [...none]);
const globs = (none: readonly string[]) => z.array(globSchema).default(() => [...none]);
const count = (standard: number) => wholeNumber(0, MAX_COUNT).default(standard);
const percent = (standard: number) => z.number().min(0).max(100).default(standard);

export const scopeSchema = strict({
  requiredGroups: groupPatterns(DEFAULTS.scope.requiredGroups),
  excludeGroups: groupPatterns(DEFAULTS.scope.excludeGroups),
  where: optionalConditionSchema.default(DEFAULTS.scope.where),
  exclude: z.array(textSchema).default([]),
  existingOnly: z.boolean().default(DEFAULTS.scope.existingOnly),
});

const matchKeySchema = z.union(
  [z.literal('email'), strict({ username: strict({ confirm: choice(['email', 'none']) }) })],
  { error: 'must be email, or username with how it is confirmed: { username: { confirm: email } }' }
);

export const matchSchema = section(
  {
    adopt: choice(['ask', 'auto', 'never']).default(DEFAULTS.match.adopt),
    by: z.array(matchKeySchema).default(() => [...DEFAULTS.match.by]),
    domains: z
      .array(
        z
          .string()
          .regex(DOMAIN_PATTERN, { error: 'must be a mail domain such as example.com' })
          .transform((domain) => domain.toLowerCase())
      )
      .default([]),
    rehire: choice(['hold'], ['relink', 'newAccount']).default(DEFAULTS.match.rehire),
  },
  UNBUILT.match
).refine((match) => match.adopt !== 'auto' || match.domains.length > 0, {
  path: ['domains'],
  error: 'adopt: auto needs the mail domains whose accounts may be adopted (rule 1.2)',
});

const actions = DEFAULTS.actions;
export const usersSchema = strict({
  actions: strict({
    create: z.boolean().default(actions.create),
    update: z.boolean().default(actions.update),
    rename: z.boolean().default(actions.rename),
    deactivate: z.boolean().default(actions.deactivate),
    reactivate: choice(['own', 'always', 'never']).default(actions.reactivate),
  }).prefault({}),
  notify: z.boolean().default(DEFAULTS.notify),
  applicationKeys: z.array(textSchema).default([]),
});

const groupRuleSchema = strict({
  match: globSchema,
  mode: choice(['managed', 'authoritative', 'additive']).default(DEFAULTS.groupRule.mode),
  create: z.boolean().default(DEFAULTS.groupRule.create),
  sensitive: z.boolean().default(DEFAULTS.groupRule.sensitive),
});

export const groupsSchema = strict({
  name: strict({ source: textSchema }).nullable().default(DEFAULTS.groups.name),
  kinds: z.array(textSchema).nullable().default(DEFAULTS.groups.kinds),
  include: z.array(groupPatternSchema).nullable().default(DEFAULTS.groups.include),
  exclude: groupPatterns(DEFAULTS.groups.exclude),
  transforms: transformsSchema.default([]),
  dropUnmatched: z.boolean().default(DEFAULTS.groups.dropUnmatched),
  rules: z.array(groupRuleSchema).default(() => DEFAULTS.groups.rules.map((rule) => ({ ...rule }))),
  alwaysAdd: z.array(strict({ group: textSchema, when: optionalConditionSchema.default('') })).default([]),
  keep: globs(DEFAULTS.groups.keep),
  map: z.record(textSchema, z.array(textSchema)).default({}),
  adopt: choice(['ask', 'byName', 'never']).default(DEFAULTS.groups.adopt),
  onRename: choice(['keepTarget', 'createNew', 'hold']).default(DEFAULTS.groups.onRename),
  missing: choice(['hold', 'keep', 'remove']).default(DEFAULTS.groups.missing),
  outOfScope: choice(['keep', 'remove']).default(DEFAULTS.groups.outOfScope),
});

export const protectedSchema = strict({
  users: z.array(textSchema).default([]),
  groups: z.array(textSchema).default(() => [...DEFAULTS.protected.groups]),
});

const countLimit = (standard: CountLimit) =>
  strict({
    floor: count(standard.floor),
    percent: percent(standard.percent),
    ceiling: count(standard.ceiling),
  }).prefault({});

const limits = DEFAULTS.safety.limits;
export const safetySchema = strict({
  firstRun: choice(['hold', 'pass']).default(DEFAULTS.safety.firstRun),
  limits: strict({
    disabled: countLimit(limits.disabled),
    absent: countLimit(limits.absent),
    removals: countLimit(limits.removals),
    renames: countLimit(limits.renames),
    emails: countLimit(limits.emails),
    creates: countLimit(limits.creates),
    groupsCreated: countLimit(limits.groupsCreated),
    reactivations: countLimit(limits.reactivations),
    groupLoss: strict({
      percent: percent(limits.groupLoss.percent),
      minMembers: count(limits.groupLoss.minMembers),
    }).prefault({}),
    sourceShrink: strict({
      floor: count(limits.sourceShrink.floor),
      percent: percent(limits.sourceShrink.percent),
    }).prefault({}),
  }).prefault({}),
  onExceed: choice(['holdKind', 'holdRun']).default(DEFAULTS.safety.onExceed),
  seats: choice(['holdAdditions', 'ignore']).default(DEFAULTS.safety.seats),
  exceptions: z.array(exceptionSchema).max(MAX_EXCEPTIONS).default([]),
  canary: strict({ users: wholeNumber(0, MAX_CANARY).default(DEFAULTS.safety.canary.users) }).prefault({}),
});

export const loginSchema = strict({
  lookup: choice(['externalId', 'username', 'email']).default(DEFAULTS.login.lookup),
  create: z.boolean().default(DEFAULTS.login.create),
  rename: z.boolean().default(DEFAULTS.login.rename),
  reactivate: choice(['own', 'always', 'never']).default(DEFAULTS.login.reactivate),
  attributes: choice(['ignore', 'fill', 'overwrite']).default(DEFAULTS.login.attributes),
});

/** Durations are written as `72h`; the result counts hours. */
export const approvalSchema = section(
  {
    when: choice(['never', 'onExceed', 'always']).default(DEFAULTS.approval.when),
    expiresAfter: hoursSchema.prefault(`${DEFAULTS.approval.expiresAfterHours}h`),
    planMaxAge: hoursSchema.prefault(`${DEFAULTS.approval.planMaxAgeHours}h`),
  },
  UNBUILT.approval
).transform(({ when, expiresAfter, planMaxAge }) => ({
  when,
  expiresAfterHours: expiresAfter,
  planMaxAgeHours: planMaxAge,
}));
