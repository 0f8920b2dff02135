import { createCallCounter, type CallCounter } from '../support/calls';
import { createFaultBook, type FaultBook } from '../support/faults';
import { createOrganization } from '../support/organization';
import { createRandom, type Random } from '../support/random';
import { createDirectory, type Directory } from './directory';
import { FAULT_RULES, type FaultKind } from './faultKinds';
import { DEFAULTS, type EntraSimulatorOptions, type Permission } from './options';
import { createThrottle, unitsOf, type Throttle } from './throttle';
import { createTokenBook, type TokenBook } from './tokens';
import { createRounds, type Rounds } from './rounds';

/** What all routes share. `directory` and `permissions` are replaced by the control plane. */
export interface Simulator {
  readonly tenantId: string;
  readonly calls: CallCounter;
  readonly faults: FaultBook<FaultKind>;
  readonly tokens: TokenBook;
  readonly throttle: Throttle;
  readonly rounds: Rounds;
  readonly random: Random;
  readonly deltaPage: number;
  readonly now: () => number;
  directory: Directory;
  permissions: ReadonlySet<Permission>;
  readonly resetState: () => void;
}

export function createSimulator(options: EntraSimulatorOptions): Simulator {
  const { now = Date.now, seed = 1, users = 0, groups = 0, memberships, deltaPage = DEFAULTS.deltaPage } = options;
  const random = createRandom(seed);
  const seeded = (): Directory =>
    createDirectory(
      createOrganization({
        users,
        groups,
        random: createRandom(seed),
        ...(memberships !== undefined && { memberships }),
      })
    );
  const permissions = (): ReadonlySet<Permission> => new Set(options.permissions ?? DEFAULTS.permissions);
  const simulator: Simulator = {
    ...{ tenantId: options.tenantId ?? DEFAULTS.tenantId, random, deltaPage, now },
    calls: createCallCounter(),
    faults: createFaultBook({ rules: FAULT_RULES, random, now }),
    tokens: createTokenBook({ ...DEFAULTS, ...options, now }),
    throttle: createThrottle(options.resourceUnits ?? unitsOf(users), now),
    rounds: createRounds(now),
    directory: seeded(),
    permissions: permissions(),
    resetState: () => {
      simulator.directory = seeded();
      simulator.permissions = permissions();
    },
  };
  for (const fault of options.faults ?? []) simulator.faults.add(fault);
  return simulator;
}
