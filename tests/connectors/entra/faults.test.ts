import { ProviderError } from '../../../connectors/errors';
import type { IdentityProvider, Page } from '../../../connectors/provider';
import type { SourceMembership, SourceUser } from '../../../domain/model';
import type { FaultKind } from '../../../simulators/entra/faultKinds';
import { never, simulations, type Simulated } from './support';

const MOST_TRIES = 60;

interface Read {
  readonly keys: ReadonlySet<string>;
  /** False: the run would be additive, or fail. */
  readonly isProved: boolean;
}

/** Reads as a run does: what may come again does so from the last cursor, an expired place begins anew. */
async function readAsRuns<T>(
  list: (cursor: string | null) => Promise<Page<T>>,
  keyOf: (record: T) => string
): Promise<Read> {
  let keys = new Set<string>();
  let doubts = 0;
  let cursor: string | null = null;
  for (let tries = 0; tries < MOST_TRIES;) {
    try {
      const page: Page<T> = await list(cursor);
      for (const { record } of page.items) keys.add(keyOf(record));
      doubts += page.incomplete?.length ?? 0;
      if (page.cursor === null) {
        return { keys, isProved: doubts === 0 && (page.total === undefined || page.total === keys.size) };
      }
      cursor = page.cursor;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      tries += 1;
      if (error.kind === 'cursorExpired') {
        cursor = null;
        keys = new Set();
        doubts = 0;
      } else if (error.kind !== 'rateLimited' && error.kind !== 'unavailable') break;
    }
  }
  return { keys, isProved: false };
}

const users = (provider: IdentityProvider) =>
  readAsRuns(
    (cursor) => provider.listUsers(cursor, never),
    ({ externalId }: SourceUser) => externalId
  );
const memberships = (provider: IdentityProvider) =>
  readAsRuns(
    (cursor) => provider.listMemberships(cursor, never),
    ({ groupId, userId }: SourceMembership) => `${groupId} ${userId}`
  );

const KINDS: readonly FaultKind[] = [
  ...(['http500', 'http503', 'html-502', 'rate-limit', 'cut', 'drop', 'expire-tokens', 'expire-page'] as const),
  ...(['empty-page', 'repeat-page', 'lost-page', 'endless-page', 'forbidden', 'unauthorized'] as const),
];

/** After these a read goes on as if nothing had been. */
const PASSING: readonly FaultKind[] = ['http500', 'http503', 'html-502', 'rate-limit', 'cut', 'drop', 'empty-page'];

describe('a read that is disturbed ends with everything, or is not called complete', () => {
  const simulate = simulations();
  const small = (): Promise<Simulated> =>
    simulate({ users: 1_200, groups: 30, memberships: 1_500, seed: 3, resourceUnits: 1_000_000 });

  it.each(KINDS)('%s, now and then', async (kind) => {
    const { provider, sim, simulator } = await small();
    const { people } = simulator.directory.organization;
    const own = provider({ guests: 'include' });
    const whole = await memberships(own);
    expect(whole.isProved).toBe(true);
    await sim.addFault({ kind, rate: 0.25, match: { method: 'GET' }, retryAfter: 1 });
    await sim.addFault({ kind, rate: 0.25, match: { endpoint: 'POST /$batch' }, retryAfter: 1 });
    const read = await users(own);
    const members = await memberships(own);
    if (PASSING.includes(kind)) expect([read.isProved, members.isProved]).toEqual([true, true]);
    expect(read.isProved ? read.keys.size : people.size).toBe(people.size);
    expect(members.isProved ? members.keys : whole.keys).toEqual(whole.keys);
  });

  it('a throttled tenant is read to its end', async () => {
    let now = 1_800_000_000_000;
    const { provider, simulator } = await simulate({
      ...{ users: 300, groups: 60, memberships: 600, resourceUnits: 60 },
      now: () => (now += 400),
    });
    const read = await memberships(provider());
    expect(read.keys.size).toBeGreaterThan(100);
    expect(simulator.throttle.total()).toBeGreaterThan(60);
  });
});
