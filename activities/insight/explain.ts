import type { AttributeRecord, AttributeValue } from '../../domain/model';
import type { Background, Explanation } from '../../domain/explain';
import type { AttributeTrace } from '../../domain/mapping/trace';
import type { RequestRecord } from '../../store/records';
import { REDACTED, isSecretName } from '../../telemetry/redact';
import type { ActivityDeps } from '../deps';
import type { RunContexts } from '../runContext';
import { explainAt, explainRun } from './explainStored';
import { explainLive } from './explainLive';

/** The input of a request of kind `explain`. Neither `run` nor `at`: as it is now. */
export interface ExplainInput {
  readonly identifier: string;
  readonly run: string | null;
  /** ISO time: the last run until then that did something with the person. */
  readonly at: string | null;
}
export interface Explained {
  /** When source and target were read: now, or at the run. */
  readonly at: string;
  /** Null: as it is now. */
  readonly runId: string | null;
  readonly configVersion: number;
  readonly explanation: Explanation;
}

/** Explains one person, now or at a run that is over. Reads only. @throws TaskRefusal not-found, ambiguous-user */
export async function explainPerson(
  deps: ActivityDeps,
  contexts: RunContexts,
  request: RequestRecord
): Promise<Explained> {
  const { identifier, run, at } = request.input as unknown as ExplainInput;
  const connectorId = request.subject;
  const explained =
    run !== null
      ? await explainRun(deps, contexts, { connectorId, identifier, runId: run })
      : at !== null
        ? await explainAt(deps, contexts, { connectorId, identifier, at })
        : await explainLive(deps, contexts, request, identifier);
  return { ...explained, explanation: { ...explained.explanation, ...withoutSecrets(explained.explanation) } };
}

/** A source may deliver what nobody should read: attributes whose name says so are hidden, and what is made of them. */
export function withoutSecrets({
  source,
  mapping,
}: Pick<Background, 'source' | 'mapping'>): Pick<Background, 'source' | 'mapping'> {
  return {
    source: source === null ? null : { ...source, attributes: hidden(source.attributes) },
    mapping: mapping.map((trace) => (comesFromSecret(trace) ? withoutValues(trace) : trace)),
  };
}

/** Sources are named by the path or the expression that went in. */
const comesFromSecret = ({ steps }: AttributeTrace): boolean =>
  steps.some(({ step, before }) => (step === 'source' || step === 'expression') && before.some(isSecretName));

function withoutValues(trace: AttributeTrace): AttributeTrace {
  const { result } = trace;
  const steps = trace.steps.map((step, index) => ({
    ...step,
    before: index === 0 ? step.before : step.before.map(() => REDACTED),
    after: step.after.map(() => REDACTED),
  }));
  if (result.kind === 'value') return { ...trace, steps, result: { ...result, text: REDACTED } };
  return result.kind === 'values'
    ? { ...trace, steps, result: { ...result, texts: result.texts.map(() => REDACTED) } }
    : { ...trace, steps };
}

function hidden(record: AttributeRecord): AttributeRecord {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, isSecretName(name) ? REDACTED : hiddenIn(value)])
  );
}

function hiddenIn(value: AttributeValue): AttributeValue {
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? value.map(hiddenIn) : hidden(value as AttributeRecord);
}
