import { createCallLimiters, type CallLimiters } from '../../../activities/limiter/limiter';
import { entraDefinition } from '../../../connectors/entra/definition';
import { ProviderError } from '../../../connectors/errors';
import type { IdentityProvider } from '../../../connectors/provider';
import { openTestStore, type StoreUnderTest } from '../../store/support';
import { never, simulations, type Simulated } from './support';

jest.setTimeout(180_000);

const LONG_MS = 60_000;
/** What every tenant has in 10 seconds. */
const UNITS = 3_500;

/** Reads all memberships as runs do: what was told to wait comes again. @returns how often Graph or the budget said wait */
async function readMembers(provider: IdentityProvider): Promise<number> {
  let waits = 0;
  for (let cursor: string | null = null, page = 0; page === 0 || cursor !== null;) {
    try {
      cursor = (await provider.listMemberships(cursor, never)).cursor;
      page += 1;
    } catch (error) {
      if (!(error instanceof ProviderError) || error.kind !== 'rateLimited') throw error;
      waits += 1;
      await new Promise((resolve) => setTimeout(resolve, error.retryAfterMs ?? 100));
    }
  }
  return waits;
}

describe('the budget of a tenant', () => {
  const simulate = simulations();
  let test: StoreUnderTest;
  const all: CallLimiters[] = [];
  beforeAll(async () => {
    test = await openTestStore('entra-budget');
  });
  afterAll(async () => {
    for (const limiters of all) await limiters.close();
    await test.remove();
  });

  const inProcess = (holder: string, { url, provider }: Simulated): IdentityProvider => {
    const limiters = createCallLimiters(test.store.callLimits, { holder, maxWaitMs: LONG_MS });
    all.push(limiters);
    const raw = { tenantId: 'corp', clientId: 'rollcall', clientSecret: 's', graphUrl: url, loginUrl: url };
    const budget = entraDefinition.budget?.(entraDefinition.settings.parse(raw));
    if (budget === undefined || budget === null) throw new Error('there is no budget');
    return provider({}, { limiter: limiters.limiter(budget.connection, budget.concurrency, 'bulk') });
  };

  it('is shared by two workers that read at once: together they stay under half of what Graph allows', async () => {
    const simulated = await simulate({ users: 300, groups: 1_500, memberships: 1_500, resourceUnits: UNITS });
    const began = performance.now();
    await Promise.all(['one', 'two'].map((holder) => readMembers(inProcess(holder, simulated))));
    const seconds = (performance.now() - began) / 1_000;
    const { resourceUnits, throttled } = await simulated.sim.stats();
    process.stdout.write(`${resourceUnits} resource units in ${Math.round(seconds)} s, ${throttled} refused\n`);
    expect(throttled).toBe(0);
    expect(resourceUnits).toBeGreaterThan(UNITS);
    // A bucket of half the limit may be spent at once, the rest comes at half the rate.
    expect(resourceUnits).toBeLessThanOrEqual(UNITS / 2 + (seconds * UNITS) / 20);
  });
});
