import { z } from 'zod';
import { COOLING_OFF_DAYS, isIrreversible } from '../domain/lifecycle-steps';
import type { LeadSettings, LifecycleSettings, LifecycleStep } from '../domain/settings';
import { DEFAULTS } from './defaults';
import { optionalConditionSchema } from './expression';
import { textSchema, wholeNumber } from './scalars';
import { choice, section, strict } from './section';
import { UNBUILT } from './unbuilt';

const MAX_DAYS = 3650;
const FINAL_ACTIONS = ['removeGroups', 'pseudonymize', 'anonymize', 'delete'] as const;
const CAUSES = ['disabled', 'missing', 'outOfScope'] as const;

const thenSchema = strict({ afterDays: wholeNumber(1, MAX_DAYS), action: choice(FINAL_ACTIONS) }).refine(
  ({ afterDays, action }) => !isIrreversible(action) || afterDays >= COOLING_OFF_DAYS,
  { path: ['afterDays'], error: `must be at least ${COOLING_OFF_DAYS}: what cannot be undone has a cooling-off` }
);

function stepSchema(cause: (typeof CAUSES)[number]) {
  const standard = DEFAULTS.lifecycle[cause];
  return strict({
    action: choice(['deactivate', 'keep', ...FINAL_ACTIONS]).default(standard.action),
    graceDays: wholeNumber(0, MAX_DAYS).default(standard.graceDays),
    then: thenSchema.optional(),
    confirm: textSchema.optional(),
  })
    .refine(({ action, then }) => then === undefined || FOLLOWED.has(action), {
      path: ['then'],
      error: 'a second step follows deactivate, keep or removeGroups only',
    })
    .prefault({});
}

const FOLLOWED: ReadonlySet<string> = new Set(['deactivate', 'keep', 'removeGroups']);

/** `user` belongs to replaceWith and to nothing else. */
const leadsSchema = strict({
  action: choice(['hold', 'replaceWith']).default(DEFAULTS.lifecycle.leads.action),
  user: textSchema.optional(),
})
  .transform(({ action, user }, context): LeadSettings => {
    if (action === 'replaceWith' && user !== undefined) return { action, user };
    if (action === 'hold' && user === undefined) return { action };
    const message = user === undefined ? 'replaceWith needs the username that takes over' : 'hold takes no user';
    context.addIssue({ code: 'custom', path: ['user'], message });
    return z.NEVER;
  })
  .prefault({});

export const lifecycleSchema = section(
  {
    disabled: stepSchema('disabled'),
    missing: stepSchema('missing'),
    outOfScope: stepSchema('outOfScope'),
    unmatched: section(
      { action: choice(['report'], ['deactivate']).default(DEFAULTS.lifecycle.unmatched.action) },
      UNBUILT.unmatched
    ).prefault({}),
    keepIf: optionalConditionSchema.default(DEFAULTS.lifecycle.keepIf),
    groupsOnDeactivate: choice(['keep', 'drop']).default(DEFAULTS.lifecycle.groupsOnDeactivate),
    leads: leadsSchema,
  },
  UNBUILT.lifecycle
);

const erases = ({ action, then }: LifecycleStep): boolean =>
  isIrreversible(action) || (then !== undefined && isIrreversible(then.action));

/** True when a connector may anonymize or delete accounts. */
export const erasesAccounts = (lifecycle: LifecycleSettings): boolean =>
  CAUSES.some((cause) => erases(lifecycle[cause]));

/**
 * What cannot be undone has to be confirmed in writing, with the id of the connector (rules 7).
 * @returns the paths below `lifecycle` that lack it
 */
export function unconfirmedSteps(lifecycle: LifecycleSettings, connectorId: string): readonly string[][] {
  return CAUSES.filter((cause) => erases(lifecycle[cause]) && lifecycle[cause].confirm !== connectorId).map((cause) => [
    cause,
    'confirm',
  ]);
}
