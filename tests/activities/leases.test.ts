import { MockActivityEnvironment } from '@temporalio/testing';
import type { ActivityDeps } from '../../activities';
import { acquireAll, createLeases } from '../../activities/leases';
import type { LeasedPeople, Leases } from '../../activities/leases';
import type { LeaseRequest, StoredLink } from '../../store/link-records';
import type { LinkRepository } from '../../store/link-repositories';
import { storedLink } from './operations';

const SCOPE = { connectorId: 'corp', owner: 'corp-1', token: 'mine' };
const TIMINGS = { leaseMs: 400, httpTimeoutMs: 100 };
const request = (externalId: string): LeaseRequest => ({ externalId, create: null });

/** Links whose leases are taken and run out as in the store; `renewals` counts the writes. */
function fakeLinks(links: readonly StoredLink[]) {
  const byId = new Map(links.map((link) => [link.externalId, link]));
  const fake = {
    renewals: 0,
    acquire: (input: Parameters<LinkRepository['acquire']>[0]): ReturnType<LinkRepository['acquire']> => {
      const got = new Map<string, StoredLink>();
      const busy: string[] = [];
      for (const { externalId } of input.requests) {
        const link = byId.get(externalId);
        const isFree = link !== undefined && (link.lease?.until ?? 0) <= input.now;
        if (!isFree) busy.push(externalId);
        else {
          const taken = { ...link, lease: { owner: input.owner, token: input.token, until: input.until } };
          byId.set(externalId, taken);
          got.set(externalId, taken);
        }
      }
      return Promise.resolve({ got, busy });
    },
    byExternalIds: (_connectorId: string, ids: readonly string[]) =>
      Promise.resolve(new Map(ids.flatMap((id) => (byId.has(id) ? [[id, byId.get(id)] as const] : [])))),
    renew: () => {
      fake.renewals += 1;
      return Promise.resolve();
    },
  };
  return fake;
}

function leasesOver(links: ReturnType<typeof fakeLinks>, timings = TIMINGS): { deps: ActivityDeps; leases: Leases } {
  const deps = { store: { links }, timings } as unknown as ActivityDeps;
  return { deps, leases: createLeases(deps, SCOPE) };
}

/** Lets the process's clock pass a moment, measured on the same clock as the leases. */
async function passed(ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('durability 2: the leases of a batch', () => {
  it('are taken where they are free; people without a link are told apart from busy ones', async () => {
    const other = { owner: 'corp-0', token: 'other', until: Date.now() + 60_000 };
    const { leases } = leasesOver(fakeLinks([storedLink('free'), storedLink('busy', { lease: other })]));
    const { got, busy, missing } = await leases.acquire(['free', 'busy', 'none'].map(request));
    expect([[...got.keys()], busy, missing]).toEqual([['free'], ['busy'], ['none']]);
    expect(['free', 'busy', 'none'].map((id) => leases.holds(id))).toEqual([true, false, false]);
    leases.forget('free');
    expect(leases.holds('free')).toBe(false);
  });

  it('durability 2.2: are renewed, once for all calls, before less is left than a call may take', async () => {
    const links = fakeLinks([storedLink('a')]);
    const { leases } = leasesOver(links);
    await leases.acquire([request('a')]);
    await leases.ensure();
    expect(links.renewals).toBe(0);
    await passed(TIMINGS.leaseMs - TIMINGS.httpTimeoutMs);
    await Promise.all([leases.ensure(), leases.ensure(), leases.ensure()]);
    expect(links.renewals).toBe(1);
  });

  it('stop every further call once they have run out, since somebody else may have them', async () => {
    const links = fakeLinks([storedLink('a')]);
    const { leases } = leasesOver(links);
    await leases.acquire([request('a')]);
    await passed(TIMINGS.leaseMs);
    await expect(leases.ensure()).rejects.toMatchObject({ type: 'Unavailable', nonRetryable: false });
    expect(links.renewals).toBe(0);
  });

  it('are waited for as long as a dead attempt may hold them', async () => {
    const dead = { owner: 'corp-1', token: 'dead', until: Date.now() + 300 };
    const links = fakeLinks([storedLink('a', { lease: dead }), storedLink('b')]);
    const { deps, leases } = leasesOver(links, { leaseMs: 5_000, httpTimeoutMs: 100 });
    const acquire = (): Promise<LeasedPeople> => acquireAll(deps, leases, ['b', 'a'].map(request));
    const taken = await new MockActivityEnvironment().run<[], LeasedPeople, typeof acquire>(acquire);
    expect([[...taken.got.keys()].toSorted(), taken.busy]).toEqual([['a', 'b'], []]);
  });

  it('are not waited for where nobody has a link', async () => {
    const { deps, leases } = leasesOver(fakeLinks([]));
    const taken = await acquireAll(deps, leases, [request('none')]);
    expect(taken).toEqual({ got: new Map(), busy: [], missing: ['none'] });
  });
});
