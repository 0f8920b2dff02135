import { readOptions, readWholeNumber, UsageError } from '../support/cli';
import { LOCALES, type Locale } from './messages';
import type { JiraSimulatorOptions, RateLimitOptions } from './options';
import { findJiraVersion, JIRA_VERSIONS } from './versions';

const OPTIONS = [
  'port',
  'users',
  'groups',
  'seed',
  'version',
  'data-file',
  'context-path',
  'locale',
  'rate',
  'seats',
] as const;

const MANY = { min: 0, max: 1_000_000 };

/** The options of `npm run simulate:jira`; throws a UsageError that says what is wrong. */
export function readJiraOptions(argv: readonly string[]): JiraSimulatorOptions {
  const values = readOptions(argv, OPTIONS);
  const options = {
    port: readWholeNumber('port', values.port, { min: 0, max: 65_535 }),
    users: readWholeNumber('users', values.users, MANY),
    groups: readWholeNumber('groups', values.groups, MANY),
    seed: readWholeNumber('seed', values.seed, { min: 0, max: 2 ** 32 - 1 }),
    seats: readWholeNumber('seats', values.seats, MANY),
    version: readVersion(values.version),
    dataFile: values['data-file'],
    contextPath: values['context-path'],
    locale: readLocale(values.locale),
    rateLimit: readRate(values.rate),
  };
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function readVersion(value: string | undefined): string | undefined {
  if (value === undefined || findJiraVersion(value) !== undefined) return value;
  throw new UsageError(`--version must be one of ${JIRA_VERSIONS.map((row) => row.version).join(' ')}, not '${value}'`);
}

function readLocale(value: string | undefined): Locale | undefined {
  if (value === undefined) return undefined;
  const locale = LOCALES.find((known) => known === value);
  if (locale === undefined) throw new UsageError(`--locale must be one of ${LOCALES.join(' ')}, not '${value}'`);
  return locale;
}

/** N/S: N requests per S seconds, with a bucket of N. */
function readRate(value: string | undefined): RateLimitOptions | undefined {
  if (value === undefined) return undefined;
  const [, requests, seconds] = /^(\d{1,6})\/(\d{1,6})$/.exec(value) ?? [];
  if (requests === undefined || Number(seconds) < 1) {
    throw new UsageError(`--rate must be N/S, N requests per S seconds, not '${value}'`);
  }
  return { limit: Number(requests), fillRate: Number(requests), intervalSeconds: Number(seconds) };
}
