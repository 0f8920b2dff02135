import type { Budget } from '../budget';
import { dateFormat, parseDate, writeDate } from '../dates';
import type { Transform } from '../mapping-settings';
import { nameKey } from '../names';
import { compilePattern, parseReplacement } from '../pattern';
import { changedText, substring } from './texts';

/** What a step may use besides the texts. */
export interface StepTools {
  readonly budget: Budget;
  /** The texts of another attribute of the same user or group. */
  readonly attribute: (path: string) => readonly string[];
}

/** The texts behind a step; null in place of a text that the step does not match. */
export type Step = (texts: readonly string[], tools: StepTools) => readonly (string | null)[];

const steps = new WeakMap<Transform, Step>();
/** Characters that a step changes. */
const CHANGED_PER_STEP = 8;

/**
 * What a transform does, made once for each object of settings.
 * @throws PatternError, DateFormatError for settings that config/ would not have let through
 */
export function stepOf(transform: Transform): Step {
  const known = steps.get(transform);
  if (known !== undefined) return known;
  const step = makeStep(transform);
  steps.set(transform, step);
  return step;
}

/** A text that the step gives nothing for is left untransformed or left out; of these only the replacement leaves it in a list. */
export function keepsUnmatched(transform: Transform): boolean {
  return transform.type === 'regexReplace';
}

function makeStep(transform: Transform): Step {
  switch (transform.type) {
    case 'default':
      return (texts) => (texts.length === 0 ? [transform.value] : texts);
    case 'fallback':
      return (texts, { attribute }) => (texts.length === 0 ? attribute(transform.source) : texts);
    case 'first':
      return (texts) => texts.slice(0, 1);
    case 'pick':
      return (texts) => texts.slice(transform.index).slice(0, 1);
    case 'join':
      return (texts, { budget }) => joined(texts, transform.separator, budget);
    case 'split':
      return (texts, { budget }) => texts.flatMap((text) => splitText(text, transform.separator, budget));
    default: {
      const change = textStep(transform);
      return (texts, { budget }) => texts.map((text) => changed(text, change, budget));
    }
  }
}

type TextChange = (text: string, budget: Budget) => string | null;
type TextTransform = Exclude<Transform, { type: 'default' | 'fallback' | 'pick' | 'join' | 'split' }>;

function textStep(transform: TextTransform): TextChange {
  switch (transform.type) {
    case 'prefix':
      return (text) => transform.value + text;
    case 'suffix':
      return (text) => text + transform.value;
    case 'substring':
      return (text) => substring(text, transform.start, transform.length);
    case 'regexReplace': {
      const pattern = compilePattern(transform.pattern);
      const replacement = parseReplacement(transform.replacement, pattern);
      return (text, budget) => pattern.replace(text, replacement, budget);
    }
    case 'regexExtract': {
      const pattern = compilePattern(transform.pattern);
      const group = transform.group ?? Math.min(1, pattern.groupCount);
      return (text, budget) => pattern.extract(text, group, budget);
    }
    case 'table':
      return tableStep(transform);
    case 'date': {
      const [from, to] = [dateFormat(transform.from), dateFormat(transform.to)];
      return (text) => {
        const moment = parseDate(text.trim(), from);
        return moment === null ? null : writeDate(moment, to);
      };
    }
    case 'boolean': {
      const words = new Map([
        ...transform.false.map((word) => [wordKey(word), 'false'] as const),
        ...transform.true.map((word) => [wordKey(word), 'true'] as const),
      ]);
      return (text) => words.get(wordKey(text)) ?? null;
    }
    default:
      return (text) => changedText(transform.type, text);
  }
}

function tableStep({ table, otherwise }: Extract<Transform, { type: 'table' }>): TextChange {
  const entries = new Map(Object.entries(table).map(([key, value]) => [wordKey(key), value]));
  return (text) => entries.get(wordKey(text)) ?? otherwise ?? null;
}

const wordKey = (text: string): string => nameKey(text.trim());

function changed(text: string, change: TextChange, budget: Budget): string | null {
  budget.spend(1 + Math.ceil(text.length / CHANGED_PER_STEP));
  const result = change(text, budget);
  if (result !== null && result !== text) budget.make(result.length);
  return result;
}

function joined(texts: readonly string[], separator: string, budget: Budget): readonly string[] {
  if (texts.length === 0) return texts;
  budget.spend(texts.length);
  budget.make(texts.reduce((length, text) => length + text.length + separator.length, 0));
  return [texts.join(separator)];
}

function splitText(text: string, separator: string, budget: Budget): readonly string[] {
  budget.spend(text.length);
  return text.split(separator);
}
