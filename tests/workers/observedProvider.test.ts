import { ProviderError } from '../../connectors/errors';
import type { IdentityProvider, Page } from '../../connectors/provider';
import type { SourceUser } from '../../domain/model';
import type { ProviderCall } from '../../telemetry/work-metrics';
import { observedProvider } from '../../workers/observedProvider';

const NEVER = new AbortController().signal;
const EMPTY: Page<SourceUser> = { items: [], cursor: null };

/** A provider with state of its own, as the real ones have. */
class Fake {
  readonly capabilities = { delta: false, counts: false, nested: false, delivers: [], refusesDuplicates: false };
  #calls = 0;
  constructor(private readonly failure: Error | null = null) {}
  listUsers(): Promise<Page<SourceUser>> {
    this.#calls += 1;
    return this.failure === null ? Promise.resolve(EMPTY) : Promise.reject(this.failure);
  }
  identity(): string {
    return `asked ${this.#calls} times`;
  }
}

function observe(failure: Error | null = null) {
  const counted: ProviderCall[] = [];
  const inner = new Fake(failure) as unknown as IdentityProvider;
  const provider = observedProvider(inner, 'corp', { providerCalled: (call) => void counted.push(call) });
  return { provider, counted };
}

describe('observedProvider', () => {
  it('answers what the provider answers and counts the call', async () => {
    const { provider, counted } = observe();
    expect(await provider.listUsers(null, NEVER)).toBe(EMPTY);
    expect(counted).toEqual([{ connector: 'corp', call: 'listUsers', outcome: 'ok' }]);
  });

  it.each([
    [new ProviderError('rateLimited', 'wait'), 'rateLimited'],
    [new ProviderError('authentication', 'no'), 'authentication'],
    [Object.assign(new Error('stopped'), { name: 'AbortError' }), 'cancelled'],
    [new TypeError('a bug'), 'internal'],
  ])('passes %s on and counts it as %s', async (failure, outcome) => {
    const { provider, counted } = observe(failure);
    await expect(provider.listUsers(null, NEVER)).rejects.toBe(failure);
    expect(counted).toEqual([{ connector: 'corp', call: 'listUsers', outcome }]);
  });

  it('counts nothing that does not reach the provider', () => {
    const { provider, counted } = observe();
    expect(provider.identity()).toBe('asked 0 times');
    expect(provider.capabilities.nested).toBe(false);
    expect(counted).toEqual([]);
  });
});
