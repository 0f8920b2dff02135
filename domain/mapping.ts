import { Budget, STEP_LIMIT } from './budget';
import { evaluateExpression } from './expression/evaluate';
import type { Subject } from './expression/subject';
import { isValidFor } from './mapping/checks';
import { withoutValue, withWrongValue } from './mapping/policies';
import { textsOfValue } from './mapping/texts';
import type { AttributeTrace, TraceStep } from './mapping/trace';
import type { AttributeRule, MappingSettings, WhenEmpty } from './mapping-settings';
import type { SourceUser } from './model';
import type { Reason } from './operation';
import { textsAt } from './paths';
import { because } from './reasons';
import { applyTransforms } from './transforms';

/** Attributes of the target that a mapping makes; a property is named by its key. */
export type AttributeName = Exclude<keyof MappingSettings, 'properties'> | `properties.${string}`;

/** What the mapping makes of one attribute of one user. `standing` decides over the user as a whole. */
export type MappedAttribute =
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'keep' }
  | { readonly kind: 'clear' }
  | MappedStanding;
export interface MappedStanding {
  readonly kind: 'standing';
  readonly standing: 'outOfScope' | 'excluded' | 'invalid';
  readonly reason: Reason;
}
/** The same for an attribute of which a user may have several values. */
export type MappedList = { readonly kind: 'values'; readonly texts: readonly string[] } | MappedAttribute;

/** What a mapping may look at besides the source user, and who is told how it went. */
export interface MappingContext extends Partial<Omit<Subject, 'user'>> {
  /** What all attributes of the person may take together. */
  readonly budget?: Budget;
  readonly note?: (trace: AttributeTrace) => void;
}

/**
 * Maps one attribute: the first source with a value, then the transforms, then the checks (rules 1.5, 3.2, 7).
 * Of several values the first counts. A username cannot be kept or cleared, so those answers exclude the user.
 */
export function mapAttribute(
  name: AttributeName,
  rule: AttributeRule,
  user: SourceUser,
  context: MappingContext = {}
): MappedAttribute {
  const mapped = map(name, rule, user, context, ([text]) => (text === undefined ? [] : [text]));
  return mapped.kind === 'values' ? { kind: 'value', text: mapped.texts[0] ?? '' } : mapped;
}

/** Maps an attribute of which every value counts: each once, in their order; one wrong value makes all wrong. */
export function mapList(
  name: AttributeName,
  rule: AttributeRule,
  user: SourceUser,
  context: MappingContext = {}
): MappedList {
  return map(name, rule, user, context, (texts) => [...new Set(texts)]);
}

type Choose = (texts: readonly string[]) => readonly string[];

function map(
  name: AttributeName,
  rule: AttributeRule,
  user: SourceUser,
  context: MappingContext,
  choose: Choose
): MappedList {
  const steps: TraceStep[] = [];
  const found = valuesOf(name, rule, user, context, steps);
  const result = judged(name, rule, found, choose);
  context.note?.({ attribute: name, steps, result });
  return result;
}

type Found =
  | { readonly kind: 'texts'; readonly texts: readonly string[]; readonly unmatched: boolean }
  | { readonly kind: 'failed'; readonly what: string };

function judged(name: AttributeName, rule: AttributeRule, found: Found, choose: Choose): MappedList {
  const params = { attribute: name };
  if (found.kind === 'failed') {
    return withWrongValue(name, rule.whenInvalid, because('mappingFailed', '7', params));
  }
  const texts = choose(found.texts);
  if (texts.length === 0) {
    if (found.unmatched) return withoutValue(name, noMatchOf(name, rule), because('attributeNoMatch', '3.2', params));
    return withoutValue(name, rule.whenEmpty, because('attributeEmpty', '3.2', params));
  }
  if (texts.every((text) => isValidFor(name, text))) return { kind: 'values', texts };
  return withWrongValue(name, rule.whenInvalid, because('attributeInvalid', '1.5', params));
}

/** Where it keeps the untransformed value there is one, and this is not asked. */
function noMatchOf(name: AttributeName, rule: AttributeRule): WhenEmpty {
  const action = whenNoMatchOf(name, rule);
  return action === 'keepUntransformed' ? rule.whenEmpty : action;
}

function whenNoMatchOf(name: AttributeName, { whenNoMatch }: AttributeRule): WhenEmpty | 'keepUntransformed' {
  return whenNoMatch ?? (name === 'username' ? 'excludeUser' : 'keepUntransformed');
}

function valuesOf(
  name: AttributeName,
  rule: AttributeRule,
  user: SourceUser,
  context: MappingContext,
  steps: TraceStep[]
): Found {
  const budget = new Budget(STEP_LIMIT, context.budget);
  const found = sourceTexts(rule, { ...NOTHING_KNOWN, ...context, user }, budget, steps);
  if (found.kind === 'failed') return found;
  const transformed = applyTransforms(found.texts, rule.transforms, {
    budget,
    attribute: (path) => textsAt(user, path),
    keepUntransformed: whenNoMatchOf(name, rule) === 'keepUntransformed',
    note: ({ type, ...step }) => steps.push({ step: type, ...step }),
  });
  if (transformed.kind === 'failed') steps.push({ step: 'failed', before: [], after: [], what: transformed.what });
  return transformed.kind === 'failed' ? transformed : { ...transformed, texts: written(name, transformed.texts) };
}

const NOTHING_KNOWN = { groups: [], existing: null, link: null } as const;

/** Jira trims addresses and display names itself; a blank in a username is an error that must show. */
function written(name: AttributeName, texts: readonly string[]): readonly string[] {
  const normal = texts.map((text) => text.normalize('NFC')).filter((text) => text.trim() !== '');
  return name === 'username' ? normal : normal.map((text) => text.trim());
}

function sourceTexts(rule: AttributeRule, subject: Subject, budget: Budget, steps: TraceStep[]): Found {
  const own = ownTexts(rule, subject, budget, steps);
  if (own.kind === 'failed' || own.texts.length > 0) return own;
  for (const path of rule.fallback) {
    const texts = textsAt(subject.user, path);
    steps.push({ step: 'source', before: [path], after: texts });
    if (texts.length > 0) return { kind: 'texts', texts, unmatched: false };
  }
  return own;
}

function ownTexts(rule: AttributeRule, subject: Subject, budget: Budget, steps: TraceStep[]): Found {
  if (rule.constant !== undefined) return noted('constant', rule.constant, [rule.constant], steps);
  if (rule.expression === undefined) {
    const path = rule.source ?? '';
    return noted('source', path, textsAt(subject.user, path), steps);
  }
  const result = evaluateExpression(rule.expression, subject, budget);
  const texts = 'failed' in result ? result : textsOfValue(result.value);
  if (!('failed' in texts)) return noted('expression', rule.expression, texts, steps);
  steps.push({ step: 'expression', before: [rule.expression], after: [], what: texts.failed });
  return { kind: 'failed', what: texts.failed };
}

function noted(step: TraceStep['step'], from: string, texts: readonly string[], steps: TraceStep[]): Found {
  steps.push({ step, before: [from], after: texts });
  return { kind: 'texts', texts, unmatched: false };
}
