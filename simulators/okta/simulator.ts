import { randomBytes } from 'node:crypto';
import { createCallCounter, type CallCounter } from '../support/calls';
import { createFaultBook, type FaultBook } from '../support/faults';
import { createRandom } from '../support/random';
import { FAULT_RULES, type FaultKind } from './faultKinds';
import { createRateLimiter, type RateLimiter } from './limits';
import {
  DEFAULT_API_TOKEN,
  DEFAULT_CLIENT_ID,
  DEFAULT_CONCURRENCY,
  DEFAULT_RATE_LIMIT,
  DEFAULT_SCOPES,
  DEFAULT_TOKEN_LIFETIME_SECONDS,
  type OktaSimulatorOptions,
  type RegisteredKey,
} from './options';
import type { Org } from './org';
import type { View } from './roles';
import { seedOrg } from './seed';

interface IssuedToken {
  readonly endsAt: number;
  readonly scopes: ReadonlySet<string>;
}

/** What all routes share. What is not readonly is replaced by the control plane. */
export interface Simulator {
  readonly clientId: string;
  readonly keys: readonly RegisteredKey[];
  readonly apiToken: string;
  readonly tokenLifetimeSeconds: number;
  readonly concurrency: number;
  readonly calls: CallCounter;
  readonly faults: FaultBook<FaultKind>;
  readonly limiter: RateLimiter;
  readonly now: () => number;
  /** Where it listens; known once it does. */
  origin: string;
  readonly tokenUrl: () => string;
  org: Org;
  view: View;
  scopes: ReadonlySet<string>;
  dpop: boolean;
  /** Requests that are open at this moment. */
  open: number;
  readonly tokens: Map<string, IssuedToken>;
  /** `jti` of the assertions that were accepted: none is taken twice. */
  readonly assertionsSeen: Set<string>;
  readonly newToken: (scopes: readonly string[]) => string;
  readonly resetOrg: () => void;
}

const MS_PER_SECOND = 1_000;
const TOKEN_BYTES = 24;

export function createSimulator(options: OktaSimulatorOptions): Simulator {
  const now = options.now ?? Date.now;
  const { seed = 1 } = options;
  const state = (): Pick<Simulator, 'org' | 'view' | 'scopes' | 'dpop'> => ({
    org: seedOrg(options, now),
    view: { role: options.role ?? 'READ_ONLY_ADMIN', targets: options.targets ?? [] },
    scopes: new Set(options.scopes ?? DEFAULT_SCOPES),
    dpop: options.dpop ?? false,
  });
  const simulator: Simulator = {
    clientId: options.clientId ?? DEFAULT_CLIENT_ID,
    keys: options.keys ?? [],
    apiToken: options.apiToken ?? DEFAULT_API_TOKEN,
    tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? DEFAULT_TOKEN_LIFETIME_SECONDS,
    concurrency: options.concurrency ?? DEFAULT_CONCURRENCY,
    calls: createCallCounter(),
    faults: createFaultBook({ rules: FAULT_RULES, random: createRandom(seed), now }),
    limiter: createRateLimiter({ perWindow: options.rateLimit ?? DEFAULT_RATE_LIMIT, now }),
    now,
    origin: '',
    tokenUrl: () => `${simulator.origin}/oauth2/v1/token`,
    ...state(),
    open: 0,
    tokens: new Map(),
    assertionsSeen: new Set(),
    newToken: (scopes) => {
      const token = randomBytes(TOKEN_BYTES).toString('base64url');
      const endsAt = now() + simulator.tokenLifetimeSeconds * MS_PER_SECOND;
      simulator.tokens.set(token, { endsAt, scopes: new Set(scopes) });
      return token;
    },
    resetOrg: () => {
      Object.assign(simulator, state());
    },
  };
  return simulator;
}
