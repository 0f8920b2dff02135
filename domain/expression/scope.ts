import type { Budget } from '../budget';
import type { SourceUser } from '../model';
import type { StaticKind, Value } from './values';

/** What one evaluation works on. */
export interface Scope {
  /** Whom `user` is about; null where the expression is not about a user. */
  readonly user: SourceUser | null;
  /** The other variables by name. */
  readonly variables: Readonly<Record<string, Value>>;
  /** Values of the variables of macros, the outermost first. */
  readonly locals: Value[];
  readonly budget: Budget;
}

/** A part of an expression, ready to run. */
export interface Part {
  readonly kind: StaticKind;
  readonly run: (scope: Scope) => Value;
}
