import { randomBytes } from 'node:crypto';
import { createCallCounter, type CallCounter } from '../support/calls';
import { createFaultBook, type FaultBook } from '../support/faults';
import { createHeldAnswers, type HeldAnswers } from '../support/held';
import { createRandom } from '../support/random';
import { createSnapshotFile, readSnapshotFile, type SnapshotFile } from '../support/snapshotFile';
import { createEffectCounter, type EffectCounter } from './effects';
import type { Headers } from './http/answer';
import { FAULT_RULES, type FaultKind } from './http/faultKinds';
import { createRateLimiter, type RateLimiter } from './http/rateLimit';
import type { Locale } from './messages';
import { createSeededState } from './model/seed';
import { restoreState, serializeState } from './model/snapshot';
import type { JiraState, JiraUser } from './model/state';
import { DEFAULT_BEHAVIOUR, type JiraSimulatorOptions, type UnsettledBehaviour } from './options';
import { DEFAULT_JIRA_VERSION, findJiraVersion, JIRA_VERSIONS, type JiraVersion } from './versions';

/** What all routes share. Only `state` is replaced (by a reset); everything else lives as long as the server. */
export interface Simulator {
  readonly options: JiraSimulatorOptions;
  readonly version: JiraVersion;
  readonly behaviour: UnsettledBehaviour;
  readonly locale: Locale;
  readonly contextPath: string;
  readonly state: JiraState;
  readonly effects: EffectCounter;
  readonly calls: CallCounter;
  readonly faults: FaultBook<FaultKind>;
  readonly held: HeldAnswers;
  readonly limiter: RateLimiter;
  /** By lower-case name, since the last success. */
  readonly failedLogins: Map<string, number>;
  readonly now: () => number;
  /** Where clients reach Jira, with the context path; known once the server listens. */
  readonly baseUrl: () => string;
  readonly newSessionId: () => string;
  readonly requestHeaders: (user: JiraUser | null) => Headers;
  /** Has to be called after every change of the state, so that it is kept. */
  readonly changed: () => void;
  readonly saved: () => Promise<void>;
  readonly resetState: () => void;
}

/** At most this much of what was done is lost when the process is killed. */
const SAVE_DELAY_MS = 200;

export function createSimulator(options: JiraSimulatorOptions, origin: () => string): Simulator {
  const seed = options.seed ?? 1;
  const now = options.now ?? Date.now;
  const contextPath = (options.contextPath ?? '').replace(/\/+$/, '');
  const version = versionOf(options.version ?? DEFAULT_JIRA_VERSION);
  const kept = keepState(options, seed);
  return {
    options,
    version,
    behaviour: { ...DEFAULT_BEHAVIOUR, ...options.behaviour },
    locale: options.locale ?? 'en',
    contextPath,
    get state() {
      return kept.state();
    },
    effects: createEffectCounter(),
    calls: createCallCounter(),
    faults: createFaultBook({ rules: FAULT_RULES, random: createRandom(seed), now }),
    held: createHeldAnswers(now),
    limiter: createRateLimiter(version.rateLimiting ? options.rateLimit : undefined, now),
    failedLogins: new Map(),
    now,
    baseUrl: () => `${origin()}${contextPath}`,
    newSessionId: () => randomBytes(16).toString('hex').toUpperCase(),
    requestHeaders: requestHeaders(now),
    changed: kept.changed,
    saved: kept.saved,
    resetState: kept.reset,
  };
}

/** The headers of every answer, with the number of the request in the minute-of-day form of Jira. */
function requestHeaders(now: () => number): Simulator['requestHeaders'] {
  let requests = 0;
  return (user) => {
    requests += 1;
    const minuteOfDay = Math.floor((now() % 86_400_000) / 60_000);
    return {
      'X-AREQUESTID': `${minuteOfDay}x${requests}x1`,
      'X-AUSERNAME': user === null ? 'anonymous' : encodeURIComponent(user.name),
    };
  };
}

interface KeptState {
  readonly state: () => JiraState;
  readonly reset: () => void;
  readonly changed: () => void;
  readonly saved: () => Promise<void>;
}

/** What the data file holds comes before the seed; a reset goes back to the seed. */
function keepState(options: JiraSimulatorOptions, seed: number): KeptState {
  const { users = 0, groups = 0, dataFile } = options;
  const seeded = (): JiraState => createSeededState({ users, groups, random: createRandom(seed) });
  let state = loadState(dataFile) ?? seeded();
  const file = snapshotFileOf(dataFile, () => state);
  return {
    state: () => state,
    reset: () => {
      state = seeded();
      file?.touch();
    },
    changed: () => file?.touch(),
    saved: async () => file?.flush(),
  };
}

function versionOf(wanted: string): JiraVersion {
  const version = findJiraVersion(wanted);
  if (version !== undefined) return version;
  const known = JIRA_VERSIONS.map((row) => row.version).join(', ');
  throw new Error(`unknown Jira version '${wanted}'; known are ${known}`);
}

function loadState(path: string | undefined): JiraState | undefined {
  const content = path === undefined ? undefined : readSnapshotFile(path);
  return content === undefined ? undefined : restoreState(content);
}

function snapshotFileOf(path: string | undefined, state: () => JiraState): SnapshotFile | undefined {
  if (path === undefined) return undefined;
  const file = createSnapshotFile({
    path,
    delayMs: SAVE_DELAY_MS,
    serialize: () => serializeState(state()),
    onError: (error) => {
      process.stderr.write(`cannot write ${path}: ${String(error)}\n`);
    },
  });
  file.touch();
  return file;
}
