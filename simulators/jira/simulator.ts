import { randomBytes } from 'node:crypto';
import { createCallCounter, type CallCounter } from '../support/calls';
import { createFaultBook, type FaultBook } from '../support/faults';
import { createHeldAnswers, type HeldAnswers } from '../support/held';
import { createRandom, type Random } from '../support/random';
import { createSnapshotFile, readSnapshotFile, type SnapshotFile } from '../support/snapshotFile';
import { DEFAULT_BEHAVIOUR, type UnsettledBehaviour } from './behaviour';
import { createEffectCounter, type EffectCounter } from './effects';
import type { Headers } from './http/answer';
import { FAULT_RULES, type FaultKind } from './http/faultKinds';
import { createCluster, type Cluster } from './http/cluster';
import { createRateLimiter, type RateLimiter } from './http/rateLimit';
import type { Locale } from './messages';
import { applicationsOf, type JiraApplication } from './model/access';
import { directoriesOf, type UserDirectory } from './model/directories';
import { createSeededState } from './model/seed';
import { restoreState, serializeState } from './model/snapshot';
import type { JiraState, JiraUser } from './model/state';
import type { JiraSimulatorOptions } from './options';
import { DEFAULT_JIRA_VERSION, findJiraVersion, JIRA_LINES, type JiraVersion } from './versions';

/** What all routes share. Only `state` is replaced (by a reset); everything else lives as long as the server. */
export interface Simulator {
  readonly options: JiraSimulatorOptions;
  readonly version: JiraVersion;
  readonly behaviour: UnsettledBehaviour;
  readonly locale: Locale;
  readonly contextPath: string;
  readonly applications: readonly JiraApplication[];
  /** In the order of their position. */
  readonly directories: readonly UserDirectory[];
  readonly state: JiraState;
  readonly effects: EffectCounter;
  readonly calls: CallCounter;
  /** Of faults at a rate and of delays. */
  readonly random: Random;
  readonly faults: FaultBook<FaultKind>;
  readonly held: HeldAnswers;
  readonly cluster: Cluster;
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
  /** Only those that were there from the start are left. */
  readonly resetFaults: () => void;
}

/** At most this much of what was done is lost when the process is killed. */
const SAVE_DELAY_MS = 200;

export function createSimulator(options: JiraSimulatorOptions, origin: () => string): Simulator {
  const seed = options.seed ?? 1;
  const now = options.now ?? Date.now;
  const contextPath = (options.contextPath ?? '').replace(/\/+$/, '');
  const behaviour = { ...DEFAULT_BEHAVIOUR, ...options.behaviour };
  const version = versionOf(options.version ?? DEFAULT_JIRA_VERSION, behaviour);
  const directories = directoriesOf(options.directories ?? 'internal', options.ldapGroups ?? 'read-only');
  const seeded = (): JiraState =>
    createSeededState({ options, random: createRandom(seed), numberedKeys: version.numberedKeys });
  const kept = keepState(options.dataFile, seeded, directories);
  const random = createRandom(seed);
  const faults = createFaultBook({ rules: FAULT_RULES, random, now });
  const resetFaults = (): void => {
    faults.remove();
    for (const fault of options.faults ?? []) faults.add(fault);
  };
  resetFaults();
  return {
    options,
    version,
    behaviour,
    locale: options.locale ?? 'en',
    contextPath,
    applications: applicationsOf(options),
    directories,
    get state() {
      return kept.state();
    },
    effects: createEffectCounter(),
    calls: createCallCounter(now),
    random,
    faults,
    resetFaults,
    held: createHeldAnswers(now),
    cluster: createCluster(options.nodes ?? 1),
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
function keepState(
  dataFile: string | undefined,
  seeded: () => JiraState,
  directories: readonly UserDirectory[]
): KeptState {
  let state = loadState(dataFile, directories) ?? seeded();
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

function versionOf(wanted: string, behaviour: UnsettledBehaviour): JiraVersion {
  const version = findJiraVersion(wanted, behaviour);
  if (version !== undefined) return version;
  throw new Error(`unknown Jira version '${wanted}'; known are ${JIRA_LINES.join(', ')}`);
}

function loadState(path: string | undefined, directories: readonly UserDirectory[]): JiraState | undefined {
  const content = path === undefined ? undefined : readSnapshotFile(path);
  if (content === undefined) return undefined;
  const state = restoreState(content);
  const known = new Set(directories.map(({ id }) => id));
  const accounts = [...state.usersByKey.values(), ...[...state.shadows.values()].flat()];
  const lost = [...accounts, ...state.groupsByName.values()].find(({ directoryId }) => !known.has(directoryId));
  if (lost === undefined) return state;
  throw new Error(
    `${String(path)} has '${lost.name}' in a directory that is not there: start with the same directories`
  );
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
