/**
 * What differs between versions of Jira for users and groups. One row a version; routes ask the row, never the number.
 */
export interface JiraVersion {
  readonly version: string;
  readonly buildNumber: number;
  readonly buildDate: string;
  /** PUT /user understands `active` (8.3 and later, JRASERVER-37294). */
  readonly putActive: boolean;
  /** user/search knows only this many matches in total, whatever page is asked for; null: all of them. */
  readonly searchTotalCap: number | null;
  /** The largest page of user/search; more is cut silently. */
  readonly searchPageCap: number;
  /** Beans carry `deleted` and GET /user takes includeDeleted (8.10). */
  readonly deletedFlag: boolean;
  /** Bearer tokens (8.14). */
  readonly personalAccessTokens: boolean;
  /** REST rate limiting (8.6). */
  readonly rateLimiting: boolean;
}

const PAGE_CAP = 1000;

/**
 * JRASERVER-65089: up to 8.5.5 the search ends at the thousandth match. JRASERVER-78520: from 10.0 at the hundredth.
 */
export const JIRA_VERSIONS: readonly JiraVersion[] = [
  {
    version: '8.2.0',
    buildNumber: 802000,
    buildDate: '2019-05-20T00:00:00.000+0000',
    putActive: false,
    searchTotalCap: 1000,
    searchPageCap: PAGE_CAP,
    deletedFlag: false,
    personalAccessTokens: false,
    rateLimiting: false,
  },
  {
    version: '8.5.0',
    buildNumber: 805000,
    buildDate: '2019-10-21T00:00:00.000+0000',
    putActive: true,
    searchTotalCap: 1000,
    searchPageCap: PAGE_CAP,
    deletedFlag: false,
    personalAccessTokens: false,
    rateLimiting: false,
  },
  {
    version: '8.13.1',
    buildNumber: 813001,
    buildDate: '2020-11-02T00:00:00.000+0000',
    putActive: true,
    searchTotalCap: null,
    searchPageCap: PAGE_CAP,
    deletedFlag: true,
    personalAccessTokens: false,
    rateLimiting: true,
  },
  {
    version: '9.12.0',
    buildNumber: 9120000,
    buildDate: '2023-11-21T00:00:00.000+0000',
    putActive: true,
    searchTotalCap: null,
    searchPageCap: PAGE_CAP,
    deletedFlag: true,
    personalAccessTokens: true,
    rateLimiting: true,
  },
  {
    version: '10.0.0',
    buildNumber: 10000000,
    buildDate: '2024-08-13T00:00:00.000+0000',
    putActive: true,
    searchTotalCap: 100,
    searchPageCap: 100,
    deletedFlag: true,
    personalAccessTokens: true,
    rateLimiting: true,
  },
];

export const DEFAULT_JIRA_VERSION = '9.12.0';

/** The row of a version given in full or as a line ('9.12'), or undefined. */
export function findJiraVersion(wanted: string): JiraVersion | undefined {
  return JIRA_VERSIONS.find((row) => row.version === wanted || row.version.startsWith(`${wanted}.`));
}
