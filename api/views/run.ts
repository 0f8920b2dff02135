import { z } from 'zod';
import type { Run } from '../../domain/run';
import type { RunRecord } from '../../store/records';
import { gateKind, outcome, runIdSchema, time } from './schemas';

const count = z.int().min(0);

export const gateVerdict = z
  .object({
    kind: gateKind,
    count,
    used: count,
    limit: count,
    denominator: count,
    verdict: z.enum(['pass', 'held']),
    exception: z.string().optional().meta({ description: 'Why the limit is higher than usual' }),
  })
  .meta({ id: 'GateVerdict', description: 'used and limit count the changes of the rolling 24 hours' });

const approval = z.object({
  by: z.string(),
  at: time,
  only: z
    .object({ kinds: z.array(gateKind).readonly().optional(), seqs: z.array(z.int()).readonly().optional() })
    .nullable(),
});

const sourceReading = z.object({
  users: count,
  groups: count,
  memberships: count,
  complete: z.boolean(),
  incompleteReason: z.string().nullable(),
});

/** A run as design.md section 7 names it. */
export const runSchema = z
  .object({
    id: runIdSchema,
    connectorId: z.string(),
    trigger: z.enum(['schedule', 'manual', 'api', 'scim', 'login', 'approval']),
    mode: z.enum(['sync', 'preview', 'drift', 'apply', 'rollback', 'handover', 'import', 'push', 'user']),
    status: z.enum([
      'running',
      'planned',
      'held',
      'approved',
      'succeeded',
      'partial',
      'failed',
      'cancelled',
      'superseded',
      'rejected',
      'expired',
    ]),
    startedAt: time,
    finishedAt: time.nullable(),
    phase: z.enum(['open', 'readSource', 'readTarget', 'plan', 'gate', 'apply', 'verify', 'close', 'ended']),
    progress: z.object({ done: count, total: count }),
    counts: z.record(z.enum([...outcome.options, 'groupsCreated', 'membershipsAdded', 'membershipsRemoved']), count),
    source: sourceReading.nullable(),
    planHash: z.string().nullable(),
    heldHash: z.string().nullable(),
    configVersion: z.int(),
    planRunId: z.string().nullable(),
    ofRunId: z.string().optional().meta({ description: 'For mode rollback: the run that is taken back' }),
    holdOf: z.string().nullable(),
    supersededBy: z.string().nullable(),
    gate: z.array(gateVerdict).readonly(),
    holdReasons: z.array(z.string()).readonly(),
    approvals: z.array(approval).readonly(),
    missedTicks: count,
    warnings: z.array(z.string()).readonly(),
    error: z.string().nullable(),
  })
  .meta({ id: 'Run' });

export type RunView = z.output<typeof runSchema>;

const RUN_FIELDS = Object.keys(runSchema.shape) as readonly (keyof Run)[];

/** A stored run without what only the workflows need. */
export function runView(record: RunRecord): Run {
  return Object.fromEntries(RUN_FIELDS.map((field) => [field, record[field]])) as unknown as Run;
}
