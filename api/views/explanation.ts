import { z } from 'zod';
import type { Explanation } from '../../domain/explain';
import { inWords } from '../../domain/reason-words';
import type { Reason } from '../../domain/operation';
import { jsonObject, operationKind, operationStatus, outcome, reason, requestIdSchema, time } from './schemas';

const explainedReason = reason.extend({ words: z.string() });
const reasons = z.array(explainedReason).readonly();
const contest = z.array(z.string()).readonly().nullable();
const account = z.object({
  key: z.string(),
  username: z.string(),
  email: z.string().nullable(),
  displayName: z.string(),
  active: z.boolean(),
});

const clause = z
  .object({
    clause: z.string(),
    says: z.enum(['in', 'out', 'failed']),
    reason: explainedReason.nullable(),
    matched: z.array(z.string()).readonly(),
  })
  .meta({ description: 'in: this condition lets the person take part; failed: it could not be judged' });

const trace = z.object({
  attribute: z.string(),
  steps: z
    .array(
      z.object({
        step: z.string(),
        before: z.array(z.string()).readonly(),
        after: z.array(z.string()).readonly(),
        matched: z.boolean().optional(),
        what: z.string().optional(),
      })
    )
    .readonly(),
  result: jsonObject,
});

const operation = z.object({
  kind: operationKind,
  before: jsonObject.nullable(),
  after: jsonObject.nullable(),
  status: operationStatus,
  reasons,
  error: z.string().nullable(),
  appliedBy: z.string().nullable(),
});

/** Every step from the source to the operations. */
export const explanationSchema = z
  .object({
    requestId: requestIdSchema,
    at: time.meta({ description: 'When source and Jira were read' }),
    runId: z.string().nullable().meta({ description: 'null: as it is now' }),
    configVersion: z.int(),
    externalId: z.string(),
    presence: z.enum(['present', 'absentProved', 'absentDisabled', 'absentUnproved']),
    source: z.object({ active: z.boolean(), attributes: jsonObject }).nullable(),
    groups: z
      .array(z.object({ externalId: z.string(), name: z.string(), standsFor: z.array(z.string()).readonly() }))
      .readonly(),
    scope: z.array(clause).readonly(),
    mapping: z.array(trace).readonly(),
    prepared: z.object({ standing: z.enum(['inScope', 'outOfScope', 'excluded', 'invalid']), reasons }).nullable(),
    contests: z.object({ username: contest, email: contest }),
    candidates: z
      .array(
        z.object({
          by: z.enum(['username', 'email']),
          account: account.nullable(),
          owner: z.object({ connectorId: z.string(), externalId: z.string() }).nullable(),
          keys: z.array(z.string()).readonly(),
        })
      )
      .readonly(),
    link: z
      .object({
        state: z.enum(['pending', 'active', 'inactive', 'externalDirectory', 'released', 'erased']),
        targetKey: z.string().nullable(),
        lastDeactivatedBy: z.literal('us').nullable(),
        missingSince: time.nullable(),
        outOfScopeSince: time.nullable(),
        disabledSince: time.nullable(),
      })
      .nullable(),
    desired: jsonObject.nullable(),
    desiredGroups: z.array(z.object({ group: z.string(), reason: explainedReason })).readonly(),
    actual: z
      .object({
        account,
        groups: z
          .array(z.object({ group: z.string(), addedBy: z.enum(['us', 'adopted', 'foreign']).nullable() }))
          .readonly(),
      })
      .nullable(),
    operations: z.array(operation).readonly(),
    standing: z.enum(['unchanged', 'skipped', 'held']),
    reasons,
    outcome: outcome.nullable(),
    error: z.string().nullable(),
  })
  .meta({ id: 'Explanation', description: 'From the source to the operations, each with the rule that caused it' });

/** What the worker answers. */
export interface ExplainedAnswer {
  readonly at: string;
  readonly runId: string | null;
  readonly configVersion: number;
  readonly explanation: Explanation;
}

const told = (one: Reason): z.output<typeof explainedReason> => ({ ...one, words: inWords(one) });

export function explanationView(
  requestId: string,
  { at, runId, configVersion, explanation }: ExplainedAnswer
): z.output<typeof explanationSchema> {
  const { mapping, prepared, desired, desiredGroups, operations } = explanation;
  return {
    ...explanation,
    requestId,
    at,
    runId,
    configVersion,
    scope: explanation.scope.map((one) => ({ ...one, reason: one.reason === null ? null : told(one.reason) })),
    mapping: mapping.map((one) => ({ ...one, result: { ...one.result } })),
    prepared: prepared === null ? null : { ...prepared, reasons: prepared.reasons.map(told) },
    desired: desired === null ? null : { ...desired },
    desiredGroups: desiredGroups.map(({ group, reason: why }) => ({ group, reason: told(why) })),
    operations: operations.map((one) => ({ ...one, reasons: one.reasons.map(told) })),
    reasons: explanation.reasons.map(told),
  };
}
