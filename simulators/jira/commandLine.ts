import { isIP } from 'node:net';
import { readOptions, readWholeNumber, UsageError } from '../support/cli';
import { UNSETTLED, type UnsettledBehaviour } from './behaviour';
import { faultsSchema, type FaultsInput } from './control/schemas';
import { LOCALES } from './messages';
import {
  APPLICATION_KEYS,
  DEFAULT_CROWD_APPLICATION,
  DIRECTORY_LAYOUTS,
  EMAIL_VISIBILITIES,
  LDAP_GROUPS,
  type ApplicationKey,
  type CrowdApplication,
  type JiraSimulatorOptions,
  type RateLimitOptions,
} from './options';
import { isSupportedVersion, JIRA_LINES } from './versions';

/** Without the dashes. */
export const JIRA_OPTIONS = [
  'port',
  'users',
  'groups',
  'seed',
  'version',
  'file',
  'data-file',
  'context-path',
  'locale',
  'email',
  'rate',
  'bucket',
  'nodes',
  'seats',
  'applications',
  'directories',
  'ldap-groups',
  'legacy-keys',
  'captcha-after',
  'basic',
  'crowd-allow',
  'latency',
  'faults',
  'behaviour',
] as const;

const MANY = { min: 0, max: 1_000_000 };
const SOME = { min: 1, max: 100 };

/** The options of `npm run simulate:jira`; throws a UsageError that says what is wrong. */
export function readJiraOptions(argv: readonly string[]): JiraSimulatorOptions {
  const values = readOptions(argv, JIRA_OPTIONS);
  const options = {
    port: readWholeNumber('port', values.port, { min: 0, max: 65_535 }),
    users: readWholeNumber('users', values.users, MANY),
    groups: readWholeNumber('groups', values.groups, MANY),
    seed: readWholeNumber('seed', values.seed, { min: 0, max: 2 ** 32 - 1 }),
    nodes: readWholeNumber('nodes', values.nodes, SOME),
    legacyKeys: readWholeNumber('legacy-keys', values['legacy-keys'], MANY),
    captchaAfter: readWholeNumber('captcha-after', values['captcha-after'], SOME),
    seats: readSeats(values.seats),
    version: readVersion(values.version),
    dataFile: values.file ?? values['data-file'],
    contextPath: values['context-path'],
    locale: readChoice('locale', values.locale, LOCALES),
    emailVisibility: readChoice('email', values.email, EMAIL_VISIBILITIES),
    directories: readChoice('directories', values.directories, DIRECTORY_LAYOUTS),
    ldapGroups: readChoice('ldap-groups', values['ldap-groups'], LDAP_GROUPS),
    applications: values.applications?.split(',').map((key) => readChoice('applications', key, APPLICATION_KEYS)),
    rateLimit: readRate(values.rate, readWholeNumber('bucket', values.bucket, MANY)),
    basicDisabled: readChoice('basic', values.basic, ['on', 'off']) === 'off' ? true : undefined,
    crowdApplication: readCrowdApplication(values['crowd-allow']),
    faults: readFaults(values.latency, values.faults),
    behaviour: readBehaviour(values.behaviour),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function readVersion(value: string | undefined): string | undefined {
  if (value === undefined || isSupportedVersion(value)) return value;
  const lines = JIRA_LINES.join(' ');
  throw new UsageError(`--version must be one of ${lines} or a full number of one of these, not '${value}'`);
}

function readChoice<Value extends string>(
  name: string,
  value: string | undefined,
  known: readonly Value[]
): Value | undefined {
  if (value === undefined) return undefined;
  const found = known.find((one) => one === value);
  if (found === undefined) throw new UsageError(`--${name} must be one of ${known.join(' ')}, not '${value}'`);
  return found;
}

/** N/S: N requests per S seconds, with a bucket of N unless it has a size of its own. */
function readRate(value: string | undefined, bucket: number | undefined): RateLimitOptions | undefined {
  if (value === undefined) {
    if (bucket === undefined) return undefined;
    throw new UsageError('--bucket needs --rate N/S');
  }
  const [, requests, seconds] = /^(\d{1,6})\/(\d{1,6})$/.exec(value) ?? [];
  if (requests === undefined || Number(seconds) < 1) {
    throw new UsageError(`--rate must be N/S, N requests per S seconds, not '${value}'`);
  }
  return { limit: bucket ?? Number(requests), fillRate: Number(requests), intervalSeconds: Number(seconds) };
}

/** N for every application, or KEY=N,KEY=N. */
function readSeats(value: string | undefined): JiraSimulatorOptions['seats'] {
  if (value?.includes('=') !== true) return readWholeNumber('seats', value, MANY);
  const seats: Partial<Record<ApplicationKey, number>> = {};
  for (const [key, number] of pairsOf('seats', value)) {
    const application = readChoice('seats', key, APPLICATION_KEYS);
    const count = readWholeNumber('seats', number, MANY);
    if (application !== undefined && count !== undefined) seats[application] = count;
  }
  return seats;
}

/** Addresses and ranges, separated by commas. */
function readCrowdApplication(value: string | undefined): CrowdApplication | undefined {
  if (value === undefined) return undefined;
  const allowed = value.split(',');
  const wrong = allowed.find((entry) => {
    const [address = '', bits = '0'] = entry.split('/', 2);
    return isIP(address) === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (isIP(address) === 4 ? 32 : 128);
  });
  if (wrong === undefined) return { ...DEFAULT_CROWD_APPLICATION, allowed };
  throw new UsageError(`--crowd-allow must be addresses or ranges such as 10.0.0.0/8, not '${wrong}'`);
}

function readFaults(latency: string | undefined, faults: string | undefined): readonly FaultsInput[] | undefined {
  if (latency === undefined && faults === undefined) return undefined;
  return [...readLatency(latency), ...parseFaults(faults)];
}

/** MS for every request, or MIN-MAX for something between. */
function readLatency(value: string | undefined): readonly FaultsInput[] {
  if (value === undefined) return [];
  const [, least, most] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(value) ?? [];
  const jitterMs = Number(most ?? least) - Number(least);
  if (least === undefined || jitterMs < 0) {
    throw new UsageError(`--latency must be MS or MIN-MAX in milliseconds, not '${value}'`);
  }
  return [{ kind: 'slow', delayMs: Number(least), jitterMs }];
}

function parseFaults(value: string | undefined): readonly FaultsInput[] {
  if (value === undefined) return [];
  const parsed = faultsSchema.safeParse(parseJson(value));
  if (!parsed.success) throw new UsageError(`--faults must be JSON as for POST /_sim/faults: ${parsed.error.message}`);
  return Array.isArray(parsed.data) ? parsed.data : [parsed.data];
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** NAME=VALUE,NAME=VALUE of what is unsettled. */
function readBehaviour(value: string | undefined): Partial<UnsettledBehaviour> | undefined {
  if (value === undefined) return undefined;
  const known: Readonly<Record<string, readonly (string | number)[]>> = UNSETTLED;
  const chosen = pairsOf('behaviour', value).map(([name, wanted]) => {
    const values = known[name];
    if (values === undefined)
      throw new UsageError(`--behaviour has no '${name}'; known: ${Object.keys(known).join(' ')}`);
    const found = values.find((one) => String(one) === wanted);
    if (found === undefined) throw new UsageError(`--behaviour ${name} must be one of ${values.join(' ')}`);
    return [name, found] as const;
  });
  return Object.fromEntries(chosen);
}

function pairsOf(option: string, value: string): readonly (readonly [string, string])[] {
  return value.split(',').map((pair) => {
    const [name = '', wanted] = pair.split('=', 2);
    if (wanted === undefined) throw new UsageError(`--${option} must be NAME=VALUE,NAME=VALUE, not '${value}'`);
    return [name, wanted] as const;
  });
}
