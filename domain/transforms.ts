import { LimitError } from './budget';
import type { Transform } from './mapping-settings';
import { keepsUnmatched, stepOf } from './transforms/steps';
import type { StepTools } from './transforms/steps';

/** What went into a step and what came out. */
export interface TransformStep {
  readonly type: Transform['type'];
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** False: the step found nothing that it is about. */
  readonly matched: boolean;
}

export type Transformed =
  | {
      readonly kind: 'texts';
      readonly texts: readonly string[];
      /** A step did not match, and what it was given is not in `texts`. */
      readonly unmatched: boolean;
    }
  /** A bound was reached. `what` never holds a value. */
  | { readonly kind: 'failed'; readonly what: string };

export interface TransformOptions extends StepTools {
  /** True: a step that does not match leaves the texts as they are; false: it leaves nothing. */
  readonly keepUntransformed: boolean;
  /** Told of every step, for explaining. */
  readonly note?: (step: TransformStep) => void;
}

/**
 * Applies transforms in their order. A step works on every text; a text that is or becomes empty is none: a prefix would
 * otherwise make one and the same name out of everybody who has none. Only `default` and `fallback` make something of nothing.
 */
export function applyTransforms(
  texts: readonly string[],
  transforms: readonly Transform[],
  options: TransformOptions
): Transformed {
  let current = texts;
  let unmatched = false;
  for (const transform of transforms) {
    const step = guarded(() => applyOne(current, transform, options));
    if ('failed' in step) return { kind: 'failed', what: `${transform.type} ${step.failed}` };
    options.note?.({ type: transform.type, before: current, after: step.texts, matched: step.matched });
    if (!step.matched && step.texts.length === 0) unmatched = true;
    current = step.texts;
  }
  return { kind: 'texts', texts: current, unmatched: unmatched && current.length === 0 };
}

interface Applied {
  readonly texts: readonly string[];
  readonly matched: boolean;
}

/** Of a list, what does not match is left out as long as something does. */
function applyOne(texts: readonly string[], transform: Transform, options: TransformOptions): Applied {
  const results = stepOf(transform)(texts, options);
  const matched = results.length === 0 || results.some((text) => text !== null);
  if (!matched) return { texts: options.keepUntransformed ? texts : [], matched };
  const kept = keepsUnmatched(transform) ? results.map((text, n) => text ?? texts[n] ?? '') : results;
  return { texts: kept.filter((text) => text !== null && text !== '').map(String), matched };
}

function guarded<T>(run: () => T): T | { readonly failed: string } {
  try {
    return run();
  } catch (error) {
    if (error instanceof LimitError) return { failed: error.message };
    throw error;
  }
}
