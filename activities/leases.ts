import { ApplicationFailure } from '@temporalio/common';
import { FAILURE } from '../domain/failures';
import type { LeaseRequest, StoredLink } from '../store/link-records';
import type { ActivityDeps } from './deps';
import { wait } from './progress';

export interface LeaseScope {
  readonly connectorId: string;
  /** The run that applies. */
  readonly owner: string;
  /** This attempt. */
  readonly token: string;
}

export interface LeasedPeople {
  readonly got: ReadonlyMap<string, StoredLink>;
  /** Held by somebody else now. */
  readonly busy: readonly string[];
  /** Without a link, since nobody created their account: there is nothing to wait for. */
  readonly missing: readonly string[];
}

/**
 * The leases of one batch (durability 2). A lease is the only lock on a person: no target call starts with less of it
 * left than a call may take, measured on this process's monotonic clock.
 */
export interface Leases {
  /** Takes what it can get now. */
  acquire(requests: readonly LeaseRequest[]): Promise<LeasedPeople>;
  /** Makes sure that a call may start for anyone held. @throws ApplicationFailure when the leases may have passed to somebody else. */
  ensure(): Promise<void>;
  holds(externalId: string): boolean;
  /** Forgets a person whose lease was given back. */
  forget(externalId: string): void;
}

const BUSY_PAUSE_MS = 1_000;
/** A lease of a dead attempt is free after its full length; a little more covers clocks that differ. */
const BUSY_LEASES = 2;

export function createLeases(deps: ActivityDeps, scope: LeaseScope): Leases {
  const { leaseMs, httpTimeoutMs } = deps.timings;
  const held = new Set<string>();
  let until = 0;
  let renewing: Promise<void> | null = null;
  const renew = async (): Promise<void> => {
    const started = performance.now();
    if (started >= until) throw ApplicationFailure.retryable('the leases of this batch ran out', FAILURE.unavailable);
    await deps.store.links.renew(scope.connectorId, [...held], scope.token, Date.now() + leaseMs);
    until = started + leaseMs;
  };
  return {
    async acquire(requests) {
      const started = performance.now();
      const now = Date.now();
      const result = await deps.store.links.acquire({ ...scope, requests, now, until: now + leaseMs });
      for (const id of result.got.keys()) held.add(id);
      // The oldest lease counts: earlier ones of this batch are renewed together with these.
      if (until === 0) until = started + leaseMs;
      const missing = await withoutLink(deps, scope.connectorId, requests, new Set(result.busy));
      return { got: result.got, busy: result.busy.filter((id) => !missing.includes(id)), missing };
    },
    async ensure() {
      // Half of what is left beyond one call: renewals are rare and never late.
      if (until - performance.now() > httpTimeoutMs + (leaseMs - httpTimeoutMs) / 2) return;
      renewing ??= renew().finally(() => {
        renewing = null;
      });
      await renewing;
    },
    holds: (externalId) => held.has(externalId),
    forget(externalId) {
      held.delete(externalId);
    },
  };
}

async function withoutLink(
  { store }: ActivityDeps,
  connectorId: string,
  requests: readonly LeaseRequest[],
  busy: ReadonlySet<string>
): Promise<readonly string[]> {
  const ids = requests.flatMap(({ externalId, create }) => (create === null && busy.has(externalId) ? externalId : []));
  const links = ids.length === 0 ? new Map() : await store.links.byExternalIds(connectorId, ids);
  return ids.filter((id) => !links.has(id));
}

/** How often, and for how long, busy people are asked for again, milliseconds. */
export interface Patience {
  readonly pauseMs: number;
  readonly giveUpAfterMs: number;
}

/** Takes the leases of all, waiting for busy people as long as a dead attempt may still hold them. @returns also who stayed busy. */
export async function acquireAll(
  deps: ActivityDeps,
  leases: Leases,
  requests: readonly LeaseRequest[],
  patience: Patience = { pauseMs: BUSY_PAUSE_MS, giveUpAfterMs: BUSY_LEASES * deps.timings.leaseMs }
): Promise<LeasedPeople> {
  const got = new Map<string, StoredLink>();
  const missing: string[] = [];
  const giveUp = performance.now() + patience.giveUpAfterMs;
  let open = requests;
  for (;;) {
    const taken = await leases.acquire(open);
    for (const [id, link] of taken.got) got.set(id, link);
    missing.push(...taken.missing);
    if (taken.busy.length === 0 || performance.now() > giveUp) return { got, busy: taken.busy, missing };
    const busy = new Set(taken.busy);
    open = open.filter((request) => busy.has(request.externalId));
    await wait(patience.pauseMs);
    if (got.size > 0) await leases.ensure();
  }
}
