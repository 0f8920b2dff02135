import { digestOfCanonical } from './plan-hash';
import { canonicalJson } from './canonical-json';
import type { GateVerdict } from './run';
import type { NowThen, PlanDifference, WhatIfCounts } from './what-if';

/** The answer to a what-if: counts only. */
export interface WhatIfResult extends WhatIfCounts {
  /** What acknowledges these numbers when the configuration is saved (rules 4.4). */
  readonly hash: string;
  /** The run whose snapshot was used, and when it read. */
  readonly runId: string;
  readonly readAt: string;
  /** The configuration that `now` stands for. */
  readonly configVersion: number;
  readonly groupsCreated: NowThen;
  readonly groupsAdopted: NowThen;
  /** What the limits would say to the next run's plan. */
  readonly gate: readonly GateVerdict[];
  readonly holdReasons: readonly string[];
  /** What the snapshot cannot tell, a sentence each. */
  readonly warnings: readonly string[];
  /** Stored pages of differing people. */
  readonly pages: number;
}

/** A person of the list of a what-if. */
export interface WhatIfPerson extends PlanDifference {
  readonly username: string | null;
}

/** People in one stored page. */
export const WHAT_IF_PAGE = 200;

/** Name of a page among the artifacts of the run whose snapshot was used: it goes when that run's data go. */
export const whatIfPage = (requestId: string, page: number): string => `whatIf:${requestId}:${page}`;

/** What the numbers of a what-if stand for; their hash acknowledges a change of the configuration (rules 4.4). */
export interface WhatIfIdentity {
  readonly connectorId: string;
  /** The run whose snapshot was used. */
  readonly runId: string;
  /** decisionFingerprint of the other configuration. */
  readonly settings: string;
  /** Hash over the operations of its plan, shard by shard. */
  readonly plan: string;
}

/** SHA-256, as hex. */
export const whatIfHash = (identity: WhatIfIdentity): string => digestOfCanonical(canonicalJson({ ...identity }));

/** How long the numbers of a what-if may be acknowledged, milliseconds. */
export const ACKNOWLEDGE_WITHIN_MS = 24 * 3_600_000;

/** Id of the request under which a what-if is found by its hash. */
export const acknowledgementId = (hash: string): string => `acknowledge-${hash}`;
