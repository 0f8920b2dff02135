import { randomBytes } from 'node:crypto';
import { createCallCounter, type CallCounter } from '../support/calls';
import { createFaultBook, type FaultBook } from '../support/faults';
import { createRandom } from '../support/random';
import { userAt, type Directory } from './directory';
import { FAULT_RULES, type FaultKind } from './faultKinds';
import {
  DEFAULT_ADMIN,
  DEFAULT_CLIENT_EMAIL,
  DEFAULT_CUSTOMER_ID,
  DEFAULT_DOMAIN,
  DEFAULT_RATE_LIMIT,
  DEFAULT_SCOPES,
  DEFAULT_TOKEN_LIFETIME_SECONDS,
  type GoogleSimulatorOptions,
} from './options';
import { seedDirectory } from './seed';

interface IssuedToken {
  readonly endsAt: number;
  /** Whom it stands for. */
  readonly subject: string;
  readonly scopes: ReadonlySet<string>;
}

/** What all routes share. What is not readonly is replaced by the control plane. */
export interface Simulator {
  readonly clientEmail: string;
  readonly publicKey: string | null;
  readonly customerId: string;
  readonly domain: string;
  readonly tokenLifetimeSeconds: number;
  readonly calls: CallCounter;
  readonly faults: FaultBook<FaultKind>;
  readonly now: () => number;
  /** Where it listens; known once it does. */
  origin: string;
  readonly tokenUrl: () => string;
  directory: Directory;
  /** The administrator; everybody else of the domain is none. */
  admin: string;
  scopes: ReadonlySet<string>;
  readonly tokens: Map<string, IssuedToken>;
  readonly newToken: (subject: string, scopes: readonly string[]) => string;
  /** Whether the address is the administrator's or a user's. */
  readonly isKnown: (email: string) => boolean;
  /** Counts a request of an administrator; false when the minute has had enough. */
  readonly mayAsk: (subject: string) => boolean;
  readonly resetState: () => void;
}

const MS_PER_SECOND = 1_000;
const MINUTE_MS = 60_000;
const TOKEN_BYTES = 24;

export function createSimulator(options: GoogleSimulatorOptions): Simulator {
  const now = options.now ?? Date.now;
  const { seed = 1 } = options;
  const state = (): Pick<Simulator, 'directory' | 'admin' | 'scopes'> => ({
    directory: seedDirectory(options),
    admin: (options.admin ?? DEFAULT_ADMIN).toLowerCase(),
    scopes: new Set(options.scopes ?? DEFAULT_SCOPES),
  });
  const simulator: Simulator = {
    clientEmail: options.clientEmail ?? DEFAULT_CLIENT_EMAIL,
    publicKey: options.publicKey ?? null,
    customerId: options.customerId ?? DEFAULT_CUSTOMER_ID,
    domain: options.domain ?? DEFAULT_DOMAIN,
    tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? DEFAULT_TOKEN_LIFETIME_SECONDS,
    calls: createCallCounter(),
    faults: createFaultBook({ rules: FAULT_RULES, random: createRandom(seed), now }),
    now,
    origin: '',
    tokenUrl: () => `${simulator.origin}/token`,
    ...state(),
    tokens: new Map(),
    newToken: (subject, scopes) => {
      const token = `ya29.${randomBytes(TOKEN_BYTES).toString('base64url')}`;
      const endsAt = now() + simulator.tokenLifetimeSeconds * MS_PER_SECOND;
      simulator.tokens.set(token, { endsAt, subject, scopes: new Set(scopes) });
      return token;
    },
    isKnown: (email) => email === simulator.admin || userAt(simulator.directory, email) !== undefined,
    mayAsk: minuteLimit(options.rateLimit ?? DEFAULT_RATE_LIMIT, now),
    resetState: () => {
      Object.assign(simulator, state());
    },
  };
  return simulator;
}

function minuteLimit(most: number, now: () => number): (subject: string) => boolean {
  const minutes = new Map<string, { readonly minute: number; used: number }>();
  return (subject) => {
    const minute = Math.floor(now() / MINUTE_MS);
    const open = minutes.get(subject);
    const current = open?.minute === minute ? open : { minute, used: 0 };
    minutes.set(subject, current);
    current.used += 1;
    return current.used <= most;
  };
}
