import { ProviderError } from '../connectors/errors';
import type { IdentityProvider } from '../connectors/provider';
import type { WorkMetrics } from '../telemetry/work-metrics';

/** The calls that reach an identity provider. */
const CALLS: ReadonlySet<PropertyKey> = new Set<keyof IdentityProvider>([
  'listUsers',
  'listGroups',
  'listMemberships',
  'lookUpUsers',
  'lookUpGroups',
  'findUsers',
  'groupsOf',
  'counts',
  'test',
]);

function outcomeOf(error: unknown): string {
  if (error instanceof ProviderError) return error.kind;
  return error instanceof Error && error.name === 'AbortError' ? 'cancelled' : 'internal';
}

/** The same provider, whose calls are counted under the id of its connector. */
export function observedProvider(
  provider: IdentityProvider,
  connector: string,
  metrics: Pick<WorkMetrics, 'providerCalled'>
): IdentityProvider {
  const counted = async (call: string, answer: Promise<unknown>): Promise<unknown> => {
    try {
      const given = await answer;
      metrics.providerCalled({ connector, call, outcome: 'ok' });
      return given;
    } catch (error) {
      metrics.providerCalled({ connector, call, outcome: outcomeOf(error) });
      throw error;
    }
  };
  return new Proxy(provider, {
    get: (inner, name): unknown => {
      const member: unknown = Reflect.get(inner, name);
      if (typeof member !== 'function') return member;
      const method = member.bind(inner) as (...args: readonly unknown[]) => unknown;
      if (!CALLS.has(name)) return method;
      return (...args: readonly unknown[]) => counted(String(name), method(...args) as Promise<unknown>);
    },
  });
}
