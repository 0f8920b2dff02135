import { z } from 'zod';
import { PLANNED_CHANGES } from '../../domain/what-if';
import type { WhatIfPerson, WhatIfResult } from '../../domain/what-if-result';
import { gateVerdict } from './run';
import { gateKind, jsonObject, operationKind, pageOf, reason, requestIdSchema, time } from './schemas';

const nowThen = z.object({ now: z.int(), then: z.int() });
export const plannedChange = z.enum(PLANNED_CHANGES);

export const whatIfSchema = z
  .object({
    requestId: requestIdSchema,
    hash: z.string().meta({ description: 'For the header Rollcall-Acknowledge when the configuration is saved' }),
    runId: z.string().meta({ description: 'The run whose snapshot was used' }),
    readAt: time,
    configVersion: z.int(),
    people: z.int(),
    differing: z.int(),
    changes: z.record(plannedChange, nowThen),
    rules: z.record(z.string(), nowThen).meta({ description: 'People by rule and code of the reason' }),
    groupsCreated: nowThen,
    groupsAdopted: nowThen,
    gate: z.array(gateVerdict).readonly(),
    holdReasons: z.array(z.string()).readonly(),
    warnings: z.array(z.string()).readonly(),
  })
  .meta({
    id: 'WhatIf',
    description: 'What the next run would do: `now` under the saved configuration, `then` under the other one',
  });

const plannedOperation = z.object({
  kind: operationKind,
  before: jsonObject.nullable(),
  after: jsonObject.nullable(),
  reasons: z.array(reason).readonly(),
  gateKinds: z.array(gateKind).readonly(),
  heldByRule: z.boolean(),
});

export const whatIfPersonSchema = z
  .object({
    externalId: z.string(),
    username: z.string().nullable(),
    changes: z.array(plannedChange).readonly(),
    before: z.array(plannedChange).readonly(),
    operations: z.array(plannedOperation).readonly(),
    dropped: z.array(plannedOperation).readonly(),
    standing: z.enum(['unchanged', 'skipped', 'held']),
    reasons: z.array(reason).readonly(),
  })
  .meta({
    id: 'WhatIfPerson',
    description: '`changes` and `operations` under the other configuration; `before` and `dropped` under the saved one',
  });
export const whatIfPeopleSchema = pageOf(whatIfPersonSchema);

type PlannedOperation = WhatIfPerson['operations'][number];

const operationView = ({ kind, before, after, reasons, gateKinds, heldByRule }: PlannedOperation) => ({
  kind,
  before,
  after,
  reasons,
  gateKinds,
  heldByRule,
});

/** A stored answer, without where its people lie. */
export function whatIfView(
  requestId: string,
  { pages: _pages, ...result }: WhatIfResult
): z.output<typeof whatIfSchema> {
  return { requestId, ...result };
}

export function whatIfPersonView(person: WhatIfPerson): z.output<typeof whatIfPersonSchema> {
  const { operations, dropped } = person;
  return { ...person, operations: operations.map(operationView), dropped: dropped.map(operationView) };
}
