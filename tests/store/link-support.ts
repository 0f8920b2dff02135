import { linkId } from '../../domain/ids';
import type { LeaseRequest, LinkRelease, StoredLink } from '../../store/link-records';
import type { Store } from '../../store/store';

export const ALL = { from: 0, to: 4095 };
/** Any moment; leases compare with the time that is handed in. */
export const START = 1_000_000;
export const LEASE_MS = 60_000;

let names = 0;

/** A request for a link that is not there yet; by default it wants a name that nobody else wants. */
export function creation(externalId: string, usernameKey = `name ${names++}`): LeaseRequest {
  return { externalId, create: { targetId: 'jira', usernameKey } };
}

export const existing = (externalId: string): LeaseRequest => ({ externalId, create: null });

/** The write after an account was created. */
export function released(connectorId: string, externalId: string, token: string, key: string): LinkRelease {
  return {
    id: linkId(connectorId, externalId),
    token,
    set: { state: 'active', targetKey: key, version: 1 },
    claimKey: key,
    dropNameClaim: true,
  };
}

export interface Acquired {
  readonly got: readonly string[];
  readonly busy: readonly string[];
  readonly links: ReadonlyMap<string, StoredLink>;
}
export interface Leasing {
  acquire(connectorId: string, requests: readonly LeaseRequest[], token: string, now?: number): Promise<Acquired>;
  /** Makes a link with an account, free. */
  born(connectorId: string, externalId: string, key: string): Promise<void>;
  read(connectorId: string, externalId: string): Promise<StoredLink | null>;
}

export function createLeasing({ links }: Store): Leasing {
  const acquire: Leasing['acquire'] = async (connectorId, requests, token, now = START) => {
    const lease = { owner: `${connectorId}-1`, token, now, until: now + LEASE_MS };
    const { got, busy } = await links.acquire({ connectorId, requests, ...lease });
    return { got: [...got.keys()], busy, links: got };
  };
  return {
    acquire,
    born: async (connectorId, externalId, key) => {
      await acquire(connectorId, [creation(externalId)], 'birth');
      await links.release([released(connectorId, externalId, 'birth', key)]);
    },
    read: async (connectorId, externalId) =>
      (await links.byExternalIds(connectorId, [externalId])).get(externalId) ?? null,
  };
}
