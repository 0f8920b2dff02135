import { Counter, Gauge, Histogram } from 'prom-client';
import { statusClass } from './metrics';
import type { Metrics } from './metrics';

export type ActivityOutcome = 'ok' | 'failed' | 'cancelled';

/** One request to a target. */
export interface TargetCall {
  readonly target: string;
  readonly method: string;
  /** What it was for, in words that are the same for everybody. */
  readonly step: string;
  /** Null: no answer came. */
  readonly status: number | null;
  readonly seconds: number;
}
/** One call of an identity provider, which may take several requests. */
export interface ProviderCall {
  readonly connector: string;
  readonly call: string;
  /** `ok`, or the kind of the error. */
  readonly outcome: string;
}
/** The last day of a credential of a source. */
export interface ExpiringCredential {
  readonly connector: string;
  readonly credential: string;
  /** Epoch seconds. */
  readonly at: number;
}
/** A run that has ended. */
export interface EndedRun {
  readonly connector: string;
  readonly status: string;
  readonly seconds: number;
  /** People by outcome; empty where nothing was to be done to them. */
  readonly outcomes: Readonly<Record<string, number>>;
}
/** What became of one operation. */
export interface EndedOperation {
  readonly kind: string;
  readonly status: string;
}

/** What a worker measures. Every method only counts: none of them throws. */
export interface WorkMetrics {
  activityEnded(activity: string, outcome: ActivityOutcome, seconds: number): void;
  targetCalled(call: TargetCall): void;
  providerCalled(call: ProviderCall): void;
  credentialExpires(credential: ExpiringCredential): void;
  runEnded(run: EndedRun): void;
  operationsEnded(operations: readonly EndedOperation[]): void;
}

const TOO_MANY_REQUESTS = 429;
const CALL_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60, 180];
const ACTIVITY_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 20, 60, 180, 600];
const RUN_SECONDS = [1, 5, 15, 60, 300, 900, 1_800, 3_600, 7_200, 14_400];

function runMetrics({ registry }: Metrics): Pick<WorkMetrics, 'activityEnded' | 'runEnded' | 'operationsEnded'> {
  const registers = [registry];
  const activities = new Histogram({
    name: 'rollcall_activity_duration_seconds',
    help: 'Attempts of activities, by name and outcome (ok, failed, cancelled).',
    labelNames: ['activity', 'outcome'] as const,
    buckets: ACTIVITY_SECONDS,
    registers,
  });
  const runs = new Counter({
    name: 'rollcall_runs_ended_total',
    help: 'Runs that ended, by connector and status.',
    labelNames: ['connector', 'status'] as const,
    registers,
  });
  const durations = new Histogram({
    name: 'rollcall_run_duration_seconds',
    help: 'From the start of a run to its end, by connector.',
    labelNames: ['connector'] as const,
    buckets: RUN_SECONDS,
    registers,
  });
  const outcomes = new Counter({
    name: 'rollcall_outcomes_total',
    help: 'People in runs that ended, by connector and outcome; previews do not count.',
    labelNames: ['connector', 'outcome'] as const,
    registers,
  });
  const operations = new Counter({
    name: 'rollcall_operations_total',
    help: 'Operations that were carried out or given up, by kind and status.',
    labelNames: ['kind', 'status'] as const,
    registers,
  });
  return {
    activityEnded: (activity, outcome, seconds) => {
      activities.observe({ activity, outcome }, seconds);
    },
    runEnded: (run) => {
      const { connector, status } = run;
      runs.inc({ connector, status });
      durations.observe({ connector }, run.seconds);
      for (const [outcome, people] of Object.entries(run.outcomes)) outcomes.inc({ connector, outcome }, people);
    },
    operationsEnded: (ended) => {
      for (const { kind, status } of ended) operations.inc({ kind, status });
    },
  };
}

function callMetrics({
  registry,
}: Metrics): Pick<WorkMetrics, 'targetCalled' | 'providerCalled' | 'credentialExpires'> {
  const registers = [registry];
  const requests = new Counter({
    name: 'rollcall_target_requests_total',
    help: 'Requests to targets, by target, method, step and class of the status (none: no answer).',
    labelNames: ['target', 'method', 'step', 'status_class'] as const,
    registers,
  });
  const throttled = new Counter({
    name: 'rollcall_target_throttled_total',
    help: 'Requests that a target answered with 429.',
    labelNames: ['target'] as const,
    registers,
  });
  const durations = new Histogram({
    name: 'rollcall_target_request_duration_seconds',
    help: 'From sending a request to a target to the end of its answer.',
    labelNames: ['target'] as const,
    buckets: CALL_SECONDS,
    registers,
  });
  const provided = new Counter({
    name: 'rollcall_provider_calls_total',
    help: 'Calls of identity providers, by connector, call and outcome (ok, or the kind of the error).',
    labelNames: ['connector', 'call', 'outcome'] as const,
    registers,
  });
  const expiries = new Gauge({
    name: 'rollcall_credential_expiry_timestamp_seconds',
    help: 'When a credential of a source ends, by connector and credential, as far as it is known.',
    labelNames: ['connector', 'credential'] as const,
    registers,
  });
  return {
    credentialExpires: ({ connector, credential, at }) => {
      expiries.set({ connector, credential }, at);
    },
    targetCalled: ({ target, method, step, status, seconds }) => {
      requests.inc({ target, method, step, status_class: statusClass(status) });
      throttled.inc({ target }, status === TOO_MANY_REQUESTS ? 1 : 0);
      durations.observe({ target }, seconds);
    },
    providerCalled: ({ connector, call, outcome }) => {
      provided.inc({ connector, call, outcome });
    },
  };
}

/** Measures the work of a worker. */
export function createWorkMetrics(metrics: Metrics): WorkMetrics {
  return { ...runMetrics(metrics), ...callMetrics(metrics) };
}
