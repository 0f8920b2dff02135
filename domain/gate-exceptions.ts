import { canonicalJson } from './canonical-json';
import { fingerprint } from './ids';
import type { GateKind } from './operation';

/** A planned day: for its time a limit is higher than usual, and falls back by itself (rules 4.5). */
export interface GateException {
  readonly kind: GateKind;
  /** Operations in 24 hours; exactly one of `count` and `percent` is given. */
  readonly count?: number;
  /** Of the same people, memberships or groups as the percentage of the kind. */
  readonly percent?: number;
  /** ISO times in UTC: the first moment, and the first one after. */
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** The name of an exception: what it says makes it. */
export const exceptionId = (exception: GateException): string => fingerprint(canonicalJson({ ...exception }));

/** How an exception stands at a moment. */
export function exceptionState(exception: GateException, now: string): 'planned' | 'active' | 'over' {
  const [at, from, to] = [now, exception.from, exception.to].map((time) => Date.parse(time)) as [
    number,
    number,
    number,
  ];
  if (at < from) return 'planned';
  return at < to ? 'active' : 'over';
}

/** The exceptions whose time it is. */
export const activeExceptions = (exceptions: readonly GateException[], now: string): readonly GateException[] =>
  exceptions.filter((exception) => exceptionState(exception, now) === 'active');

/** A limit, and the reason of the exception that raised it; null: none did. */
export interface RaisedLimit {
  readonly limit: number;
  readonly exception: string | null;
}

/**
 * What a limit is while exceptions count: the highest of all. An exception never lowers a limit.
 * @param denominator what the percentage of the kind is of
 */
export function raisedLimit(
  usual: number,
  kind: GateKind,
  denominator: number,
  exceptions: readonly GateException[]
): RaisedLimit {
  return exceptions
    .filter((exception) => exception.kind === kind)
    .map((exception) => ({ limit: allowed(exception, denominator), exception: exception.reason }))
    .reduce<RaisedLimit>((highest, one) => (one.limit > highest.limit ? one : highest), {
      limit: usual,
      exception: null,
    });
}

const allowed = ({ count, percent = 0 }: GateException, denominator: number): number =>
  count ?? Math.floor((denominator * percent) / 100);
