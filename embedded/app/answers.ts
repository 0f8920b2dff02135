/** What the start needs of the API's answers; it talks to the API as any other client would (/openapi.json). */

export type RunStatus =
  | 'running'
  | 'planned'
  | 'held'
  | 'approved'
  | 'succeeded'
  | 'partial'
  | 'failed'
  | 'cancelled'
  | 'superseded'
  | 'rejected'
  | 'expired';

export interface GateAnswer {
  readonly kind: string;
  readonly count: number;
  readonly used: number;
  readonly limit: number;
  readonly verdict: 'pass' | 'held';
}

export interface RunAnswer {
  readonly id: string;
  readonly connectorId: string;
  readonly status: RunStatus;
  readonly phase: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly progress: { readonly done: number; readonly total: number };
  readonly counts: Readonly<Record<string, number>>;
  readonly source: { readonly incompleteReason: string | null } | null;
  readonly planHash: string | null;
  readonly heldHash: string | null;
  readonly holdOf: string | null;
  readonly gate: readonly GateAnswer[];
  readonly holdReasons: readonly string[];
  readonly warnings: readonly string[];
  readonly error: string | null;
}

/** A configuration as it was written, secrets as "(secret)". */
export type Configuration = Readonly<Record<string, unknown>>;

export interface TargetAnswer {
  readonly id: string;
  readonly config: Configuration;
}

export interface ConnectorAnswer {
  readonly id: string;
  readonly config: Configuration;
  readonly state: {
    readonly paused: boolean;
    readonly deleting: boolean;
    readonly lastRun: string | null;
    readonly nextFires: readonly string[];
  };
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** The answer to a command. */
export interface Accepted {
  readonly requestId: string;
  readonly runId: string | null;
}
export interface RequestAnswer {
  readonly status: 'waiting' | 'done' | 'failed';
  readonly runId: string | null;
  readonly error: string | null;
}

export interface ResultAnswer {
  readonly externalId: string;
  readonly username: string | null;
  readonly error: string | null;
}
