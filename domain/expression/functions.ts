import type { Budget } from '../budget';
import type { Pattern, Replacement } from '../pattern';
import { DATE_FUNCTIONS } from './date-functions';
import { LIST_FUNCTIONS } from './list-functions';
import { TEXT_FUNCTIONS, TEXT_METHODS } from './text-functions';
import { VALUE_FUNCTIONS } from './value-functions';
import type { StaticKind, Value } from './values';

/** What a call of a function may use besides its arguments. */
export interface CallTools {
  readonly budget: Budget;
  /** @returns the error of this call, for throwing; the text never holds a value */
  readonly fail: (what: string) => Error;
  /** The pattern and the replacement that were written as texts; only for functions that name them. */
  readonly pattern: Pattern | null;
  readonly replacement: Replacement | null;
}

/**
 * A function of expressions. Its result depends on its arguments alone: no clock, no chance (rules 7).
 * Texts take numbers and truth values as they are written, numbers take texts that are numbers, lists take a single value.
 */
export interface FunctionSpec {
  readonly parameters: readonly StaticKind[];
  /** How many of the last parameters may be left out. */
  readonly optional?: number;
  /** The kind of any further arguments. */
  readonly rest?: StaticKind;
  readonly result: StaticKind;
  /**
   * Absent: a null among the arguments makes the result null (false for a question), and the function never sees one.
   * True: the function is given nulls.
   */
  readonly seesNull?: boolean;
  /** Index of the argument that is a pattern, and of a replacement for it: both must be written as texts. */
  readonly patternAt?: number;
  readonly replacementAt?: number;
  readonly run: (args: readonly Value[], tools: CallTools) => Value;
}

/** Functions by name: those an Entra admin knows, under their names, and the conversions of CEL. */
export const FUNCTIONS: Readonly<Record<string, FunctionSpec>> = {
  ...TEXT_FUNCTIONS,
  ...LIST_FUNCTIONS,
  ...DATE_FUNCTIONS,
  ...VALUE_FUNCTIONS,
};

/** Methods of CEL by name; the receiver is the first argument. */
export const METHODS: Readonly<Record<string, FunctionSpec>> = TEXT_METHODS;
