import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EntraOptions } from '../../../connectors/entra/api';
import { entraDefinition } from '../../../connectors/entra/definition';
import { createEntraProvider } from '../../../connectors/entra/provider';
import type { IdentityProvider, Page, ProviderParts } from '../../../connectors/provider';
import { DEFAULTS } from '../../../config/defaults';
import type { SourceNesting } from '../../../domain/model';
import type { ScopeSettings } from '../../../domain/settings';
import { createEntraControl, type EntraControl } from '../../../simulators/entra/controlClient';
import type { EntraSimulatorOptions } from '../../../simulators/entra/options';
import type { Simulator } from '../../../simulators/entra/simulator';
import { startEntraSimulator } from '../../../simulators/entra/start';

export const never = new AbortController().signal;

const pem = (name: string): string => readFileSync(join(__dirname, '../../fixtures/entra', name), 'utf8');
export const certificate = pem('certificate.pem');
export const privateKey = pem('key.pem');

export const scopeOf = (...requiredGroups: readonly string[]): ScopeSettings => ({ ...DEFAULTS.scope, requiredGroups });

/** A simulated Entra ID of one test. */
export interface Simulated {
  readonly url: string;
  readonly sim: EntraControl;
  readonly simulator: Simulator;
  /** A provider of its own: nothing is shared with another one, as between two processes. */
  provider(
    changes?: Readonly<Record<string, unknown>>,
    parts?: ProviderParts,
    options?: EntraOptions
  ): IdentityProvider;
}

/** Starts as many as a test asks for; everything is stopped after each test. */
export function simulations(): (options?: EntraSimulatorOptions) => Promise<Simulated> {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });
  return async (options = {}) => {
    const entra = await startEntraSimulator(options);
    stops.push(entra.stop);
    const provider: Simulated['provider'] = (changes = {}, parts = {}, how = {}) => {
      const raw = {
        tenantId: 'corp',
        clientId: 'rollcall',
        ...(changes['certificate'] === undefined && { clientSecret: 'sim-secret' }),
        graphUrl: entra.url,
        loginUrl: entra.url,
        ...changes,
      };
      const made = createEntraProvider(entraDefinition.settings.parse(raw), parts, how);
      stops.unshift(() => made.close());
      return made;
    };
    return { url: entra.url, sim: createEntraControl(entra.controlUrl), simulator: entra.simulator, provider };
  };
}

export interface Listing<T> {
  readonly records: readonly T[];
  readonly nestings: readonly SourceNesting[];
  readonly incomplete: readonly string[];
  readonly total: number | undefined;
  readonly pages: number;
}

/** Reads a listing to its end; `between` runs after each page that has one after it. */
export async function listing<T>(
  read: (cursor: string | null) => Promise<Page<T>>,
  between: (page: number) => Promise<void> = () => Promise.resolve()
): Promise<Listing<T>> {
  const records: T[] = [];
  const nestings: SourceNesting[] = [];
  const incomplete: string[] = [];
  let cursor: string | null = null;
  for (let pages = 1; ; pages += 1) {
    const page: Page<T> = await read(cursor);
    records.push(...page.items.map(({ record }) => record));
    nestings.push(...(page.nestings ?? []));
    incomplete.push(...(page.incomplete ?? []));
    if (page.cursor === null) return { records, nestings, incomplete, total: page.total, pages };
    cursor = page.cursor;
    await between(pages);
  }
}

/** Whether a read says of itself that it is complete, as activities judge it. */
export function isProved<T>({ records, total, incomplete }: Listing<T>, keyOf: (record: T) => string): boolean {
  return incomplete.length === 0 && (total === undefined || total === new Set(records.map(keyOf)).size);
}
