import { mapAttribute } from './mapping';
import type { AttributeName, MappedAttribute } from './mapping';
import type { SourceUser } from './model';
import { textAt } from './paths';
import type { AttributeRule, MappingSettings, Transform } from './settings';
import { applyTransforms } from './transforms';

/** One transform with what went in and what came out. */
export interface TracedStep {
  readonly step: Transform;
  readonly in: string;
  readonly out: string;
}

/** How one attribute was made. */
export interface MappingTrace {
  readonly attribute: AttributeName;
  /** The source path that had a value, and the value; null where none had one. */
  readonly found: { readonly path: string; readonly text: string } | null;
  readonly steps: readonly TracedStep[];
  /** What the mapping makes of it in the end, its checks and policies included. */
  readonly result: MappedAttribute;
}

/** How each attribute of one user is made: the steps are those of the mapping, one at a time. */
export function traceMapping(user: SourceUser, mapping: MappingSettings): readonly MappingTrace[] {
  return (Object.keys(mapping) as AttributeName[]).map((attribute) =>
    traceAttribute(attribute, mapping[attribute], user)
  );
}

function traceAttribute(attribute: AttributeName, rule: AttributeRule, user: SourceUser): MappingTrace {
  const found = firstFound(rule, user);
  const steps = found === null ? [] : tracedSteps(found.text, rule.transforms);
  return { attribute, found, steps, result: mapAttribute(attribute, rule, user) };
}

/** The mapping takes the first path that has a text. */
function firstFound(rule: AttributeRule, user: SourceUser): MappingTrace['found'] {
  for (const path of [rule.source, ...rule.fallback]) {
    const text = textAt(user, path);
    if (text !== null) return { path, text };
  }
  return null;
}

function tracedSteps(text: string, transforms: readonly Transform[]): readonly TracedStep[] {
  let value = text;
  return transforms.map((step) => {
    const traced = { step, in: value, out: applyTransforms(value, [step]) };
    value = traced.out;
    return traced;
  });
}
