import type { AttributeName, MappedList } from '../mapping';
import type { Transform } from '../mapping-settings';

/** One step of a mapping with what went in and what came out; for a source the path, for an expression its text went in. */
export interface TraceStep {
  readonly step: 'source' | 'constant' | 'expression' | 'failed' | Transform['type'];
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** False: a transform found nothing that it is about. */
  readonly matched?: boolean;
  /** Why it failed, without any value of an attribute. */
  readonly what?: string;
}

/** How one attribute of one person came about. Holds personal data: for answers, never for logs or histories. */
export interface AttributeTrace {
  readonly attribute: AttributeName;
  readonly steps: readonly TraceStep[];
  readonly result: MappedList;
}
