import type { PlannedPerson } from '../single/planPerson';
import { explainFacts } from '../../domain/explain';
import type { ExplainedOperation } from '../../domain/explain';
import { outcomeOf } from '../../domain/outcome';
import type { OperationRecord, RequestRecord } from '../../store/records';
import type { ActivityDeps } from '../deps';
import type { RunContexts } from '../runContext';
import { findPerson } from '../single/findPerson';
import { singleContext } from '../single/order';
import { gatherPerson } from '../single/personFacts';
import { planPerson } from '../single/planPerson';
import type { Explained } from './explain';
import { TaskRefusal } from './refusal';

/** One person as source and Jira show him now, planned as a run would plan him; nothing is reserved, noted or written. */
export async function explainLive(
  deps: ActivityDeps,
  contexts: RunContexts,
  { id, subject, createdAt }: RequestRecord,
  identifier: string
): Promise<Explained> {
  const connector = await contexts.connector(subject);
  const context = singleContext(connector, {
    requestId: id,
    connectorId: subject,
    identifier,
    attributes: {},
    trigger: 'api',
    mode: 'preview',
    at: createdAt,
  });
  const found = await findPerson(deps, context);
  if (found === 'nobody')
    throw new TaskRefusal('not-found', 'Neither the source nor this connector knows anybody by this identifier.');
  if (found === 'several')
    throw new TaskRefusal('ambiguous-user', 'Several people of the source have this name or address: use the id.');
  const person = await gatherPerson(deps, context, found);
  const planned = await planPerson(deps, context, person, 1);
  const background = explainFacts({
    facts: person.facts,
    settings: context.settings,
    groups: person.own,
    decision: person.groups,
  });
  return {
    at: createdAt,
    runId: null,
    configVersion: connector.connector.version,
    explanation: { ...background, ...whatIsPlanned(planned) },
  };
}

function whatIsPlanned({ plan, operations }: PlannedPerson) {
  return {
    operations: operations.map(explainedOperation),
    standing: plan.standing,
    reasons: plan.reasons,
    outcome: outcomeOf({ operations, standing: plan.standing, preview: true }),
    error: null,
  };
}

/** A stored operation as it is explained. */
export const explainedOperation = (operation: OperationRecord): ExplainedOperation => {
  const { kind, before, after, status, reasons, error, appliedBy } = operation;
  return { kind, before, after, status, reasons, error, appliedBy };
};
