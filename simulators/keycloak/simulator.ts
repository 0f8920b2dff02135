import { randomBytes } from 'node:crypto';
import { createCallCounter, type CallCounter } from '../support/calls';
import { createFaultBook, type FaultBook } from '../support/faults';
import { createRandom } from '../support/random';
import { FAULT_RULES, type FaultKind } from './faultKinds';
import {
  DEFAULT_CLIENT_ID,
  DEFAULT_CLIENT_SECRET,
  DEFAULT_REALM,
  DEFAULT_TOKEN_LIFETIME_SECONDS,
  DEFAULT_VERSION,
  type KeycloakSimulatorOptions,
  type Role,
} from './options';
import { createRealm, type Realm } from './realm';

/** What all routes share. `realm` and `roles` are replaced by the control plane. */
export interface Simulator {
  readonly version: number;
  readonly realmName: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly contextPath: string;
  readonly tokenLifetimeSeconds: number;
  readonly calls: CallCounter;
  readonly faults: FaultBook<FaultKind>;
  readonly now: () => number;
  realm: Realm;
  roles: ReadonlySet<Role>;
  /** Milliseconds at which each access token ends. */
  readonly tokens: Map<string, number>;
  readonly newToken: () => string;
  readonly resetRealm: () => void;
}

export function createSimulator(options: KeycloakSimulatorOptions): Simulator {
  const now = options.now ?? Date.now;
  const clientId = options.clientId ?? DEFAULT_CLIENT_ID;
  const { seed = 1, users = 0, groups = 0, perUser = 3 } = options;
  const seeded = (): Realm => createRealm({ users, groups, perUser, clientId, random: createRandom(seed) });
  const roles = (): ReadonlySet<Role> => new Set(options.roles ?? ['view-users']);
  const simulator: Simulator = {
    version: options.version ?? DEFAULT_VERSION,
    realmName: options.realm ?? DEFAULT_REALM,
    clientId,
    clientSecret: options.clientSecret ?? DEFAULT_CLIENT_SECRET,
    contextPath: (options.contextPath ?? '').replace(/\/+$/, ''),
    tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? DEFAULT_TOKEN_LIFETIME_SECONDS,
    calls: createCallCounter(),
    faults: createFaultBook({ rules: FAULT_RULES, random: createRandom(seed), now }),
    now,
    realm: seeded(),
    roles: roles(),
    tokens: new Map(),
    newToken: () => randomBytes(24).toString('base64url'),
    resetRealm: () => {
      simulator.realm = seeded();
      simulator.roles = roles();
    },
  };
  return simulator;
}
