import type { Random } from './random';

/**
 * 'delay' holds the request back, 'meanwhile' changes something else before it is handled, 'before' answers instead of
 * doing it, 'after' spoils the answer of what was done, 'afterwards' changes something else once it was done.
 */
export type FaultMoment = 'delay' | 'meanwhile' | 'before' | 'after' | 'afterwards';

/** What a simulator says about one of its kinds of fault. */
export interface FaultKindRule {
  readonly moment: FaultMoment;
  /** Endpoints ('POST /user') that the kind can hit; without it every one. */
  readonly endpoints?: ReadonlySet<string>;
  /** Without `match.method` and `match.endpoint` the kind hits requests that write only. */
  readonly writesOnly?: boolean;
}

export interface FaultMatch {
  readonly method?: string | undefined;
  /** Below the API's base: a prefix, or with `*` (any run of characters) a pattern for the whole path. */
  readonly path?: string | undefined;
  /** Exactly one endpoint as the statistics name it, e.g. 'POST /user'. */
  readonly endpoint?: string | undefined;
  /** Name or key of the user that the request is about. */
  readonly user?: string | undefined;
}

export interface FaultInput<Kind extends string> {
  readonly kind: Kind;
  /** Share of the matching requests that are hit, 0 to 1. @default 1 */
  readonly rate?: number | undefined;
  readonly match?: FaultMatch | undefined;
  /** A number of hits, or an ISO time, after which the fault is over. Without it: until it is removed. */
  readonly until?: number | string | undefined;
  /** Once hit, this many matching requests in all are hit, whatever the rate. @default 1 */
  readonly burst?: number | undefined;
  readonly delayMs?: number | undefined;
  /** Added to the delay: something from 0 to this. @default 0 */
  readonly jitterMs?: number | undefined;
  /** What a refusal says. */
  readonly message?: string | undefined;
  /** What is changed, in the form of the simulator's own control plane. */
  readonly change?: unknown;
  readonly status?: number | undefined;
  /** Seconds in Retry-After of a rate limit. */
  readonly retryAfter?: number | string | undefined;
}

export interface Fault<Kind extends string> extends FaultInput<Kind> {
  readonly id: number;
  readonly hits: number;
}

/** The request as faults see it. `users` holds lower-case names and keys of everybody it is about. */
export interface FaultSubject {
  readonly method: string;
  readonly path: string;
  readonly endpoint: string;
  readonly users: readonly string[];
}

export interface FaultBook<Kind extends string> {
  readonly add: (input: FaultInput<Kind>) => Fault<Kind>;
  readonly list: () => readonly Fault<Kind>[];
  /** Removes one fault, or all; answers how many. */
  readonly remove: (id?: number) => number;
  /** The oldest fault of this moment that hits the request; the hit is counted. */
  readonly hit: (moment: FaultMoment, subject: FaultSubject) => Fault<Kind> | undefined;
  /** Every fault of this moment that hits the request, oldest first; the hits are counted. */
  readonly hitAll: (moment: FaultMoment, subject: FaultSubject) => readonly Fault<Kind>[];
}

export interface FaultBookOptions<Kind extends string> {
  readonly rules: Readonly<Record<Kind, FaultKindRule>>;
  readonly random: Random;
  readonly now: () => number;
}

export function createFaultBook<Kind extends string>(options: FaultBookOptions<Kind>): FaultBook<Kind> {
  const { rules, random, now } = options;
  let faults: Fault<Kind>[] = [];
  let lastId = 0;
  /** By id of a fault: how many requests the burst that has begun still hits. */
  const bursts = new Map<number, number>();

  function isHit(fault: Fault<Kind>, moment: FaultMoment, subject: FaultSubject): boolean {
    const rule = rules[fault.kind];
    if (rule.moment !== moment || !isOn(fault, now()) || !isAbout(rule, fault.match, subject)) return false;
    const left = bursts.get(fault.id) ?? 0;
    if (left === 0 && random() >= (fault.rate ?? 1)) return false;
    bursts.set(fault.id, left === 0 ? (fault.burst ?? 1) - 1 : left - 1);
    return true;
  }

  function count(fault: Fault<Kind>): Fault<Kind> {
    const counted = { ...fault, hits: fault.hits + 1 };
    faults = faults.map((one) => (one === fault ? counted : one));
    return counted;
  }

  return {
    add: (input) => {
      lastId += 1;
      const fault: Fault<Kind> = { ...input, id: lastId, hits: 0 };
      faults = [...faults, fault];
      return fault;
    },
    list: () => faults,
    remove: (id) => {
      const before = faults.length;
      faults = id === undefined ? [] : faults.filter((fault) => fault.id !== id);
      return before - faults.length;
    },
    hit: (moment, subject) => {
      const found = faults.find((fault) => isHit(fault, moment, subject));
      return found === undefined ? undefined : count(found);
    },
    hitAll: (moment, subject) => faults.filter((fault) => isHit(fault, moment, subject)).map(count),
  };
}

function isOn(fault: Fault<string>, nowMs: number): boolean {
  if (typeof fault.until === 'number') return fault.hits < fault.until;
  return fault.until === undefined || nowMs < Date.parse(fault.until);
}

function isAbout(rule: FaultKindRule, match: FaultMatch | undefined, subject: FaultSubject): boolean {
  if (rule.endpoints !== undefined && !rule.endpoints.has(subject.endpoint)) return false;
  const named = match?.method !== undefined || match?.endpoint !== undefined;
  if (rule.writesOnly === true && !named && subject.method === 'GET') return false;
  if (match === undefined) return true;
  return (
    (match.method === undefined || match.method.toUpperCase() === subject.method) &&
    (match.endpoint === undefined || match.endpoint === subject.endpoint) &&
    (match.path === undefined || pathMatches(match.path, subject.path)) &&
    (match.user === undefined || subject.users.includes(match.user.toLowerCase()))
  );
}

/** Greedy from left to right, which is right for patterns whose only wildcard is `*` and takes linear time. */
export function pathMatches(pattern: string, path: string): boolean {
  if (!pattern.includes('*')) return path.startsWith(pattern);
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop() ?? '';
  if (!path.startsWith(head) || path.length < head.length + tail.length || !path.endsWith(tail)) return false;
  let from = head.length;
  for (const part of rest) {
    const at = path.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return from <= path.length - tail.length;
}
