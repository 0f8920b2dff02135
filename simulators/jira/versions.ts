import { DEFAULT_BEHAVIOUR, type UnsettledBehaviour } from './behaviour';

/**
 * What differs between versions of Jira for users and groups. Routes ask the profile, never the number.
 */
export interface JiraVersion {
  readonly version: string;
  readonly buildNumber: number;
  readonly buildDate: string;
  /** PUT /user understands `active` (8.3 and later, JRASERVER-37294). */
  readonly putActive: boolean;
  /** Keys of new users are JIRAUSER and a number (8.4, JRASERVER-68189); before, the username in lower case. */
  readonly numberedKeys: boolean;
  /** user/search knows only this many matches in total, whatever page is asked for; null: all of them. */
  readonly searchTotalCap: number | null;
  /** The largest page of user/search; more is cut silently. */
  readonly searchPageCap: number;
  /** REST rate limiting (8.6). */
  readonly rateLimiting: boolean;
  /** user/anonymization (8.7); of deleted users too (8.10). */
  readonly anonymization: 'absent' | 'existingUsers' | 'deletedUsersToo';
  /** Beans carry `deleted` and GET /user takes includeDeleted (8.10). */
  readonly deletedFlag: boolean;
  /** Bearer tokens (8.14). */
  readonly personalAccessTokens: boolean;
  /** user/duplicated/* (8.19, JRASERVER-68797). */
  readonly duplicatedUsers: boolean;
  /** GET /group with its members, deprecated and no longer documented for 10.x. */
  readonly deprecatedGroup: boolean;
  /** Beans carry `lastLoginTime` (10.0). */
  readonly lastLoginTime: boolean;
  /** PUT /user sets a `password`: documented since 10.0. */
  readonly passwordInPut: boolean;
  /** user/list with a cursor, and readonly-mode: late patches of 10.3. */
  readonly userList: boolean;
}

/** Lines of releases, each with the patch that is meant when none is named, and the day of its first release. */
const LINES = {
  '8.5': { patch: 0, date: '2019-10-21' },
  '8.13': { patch: 1, date: '2020-10-08' },
  '8.20': { patch: 0, date: '2021-10-19' },
  '9.4': { patch: 0, date: '2022-11-15' },
  '9.12': { patch: 0, date: '2023-11-21' },
  '10.0': { patch: 0, date: '2024-08-13' },
  '10.3': { patch: 0, date: '2024-12-05' },
  '10.5': { patch: 0, date: '2025-03-18' },
} as const;

/** What can be simulated. */
export const JIRA_LINES = Object.keys(LINES) as readonly (keyof typeof LINES)[];

/** Older than everything that is supported; there to show what 8.3 and 8.4 changed. */
const OLD_LINES = { '8.2': { patch: 0, date: '2019-05-20' } } as const;

export const DEFAULT_JIRA_VERSION = '9.12.0';

type Numbers = readonly [major: number, minor: number, patch: number];

interface Found {
  readonly numbers: Numbers;
  readonly date: string;
}

/** Whether a version, given in full or as a line ('9.12'), is one of those that can be simulated. */
export function isSupportedVersion(wanted: string): boolean {
  return findIn(LINES, wanted) !== undefined;
}

/** The profile of a version, given in full or as a line, or undefined; also of 8.2, which is not supported. */
export function findJiraVersion(
  wanted: string,
  behaviour: UnsettledBehaviour = DEFAULT_BEHAVIOUR
): JiraVersion | undefined {
  const found = findIn({ ...OLD_LINES, ...LINES }, wanted);
  return found === undefined ? undefined : profileOf(found, behaviour);
}

function findIn(
  lines: Readonly<Record<string, { readonly patch: number; readonly date: string }>>,
  wanted: string
): Found | undefined {
  const [, line = '', patch] = /^(\d{1,2}\.\d{1,2})(?:\.(\d{1,3}))?$/.exec(wanted) ?? [];
  const known = lines[line];
  if (known === undefined) return undefined;
  const [major = 0, minor = 0] = line.split('.').map(Number);
  return { numbers: [major, minor, patch === undefined ? known.patch : Number(patch)], date: known.date };
}

function profileOf({ numbers, date }: Found, behaviour: UnsettledBehaviour): JiraVersion {
  const [major, minor, patch] = numbers;
  const since = (otherMajor: number, otherMinor: number, otherPatch = 0): boolean =>
    major !== otherMajor ? major > otherMajor : minor !== otherMinor ? minor > otherMinor : patch >= otherPatch;
  return {
    version: numbers.join('.'),
    buildNumber: buildNumberOf(numbers),
    buildDate: `${date}T00:00:00.000+0000`,
    putActive: since(8, 3),
    numberedKeys: since(8, 4),
    searchTotalCap: searchTotalCap(since),
    searchPageCap: since(10, 0) ? TEN_SEARCH_CAP : SEARCH_PAGE_CAP,
    rateLimiting: since(8, 6),
    anonymization: since(8, 10) ? 'deletedUsersToo' : since(8, 7) ? 'existingUsers' : 'absent',
    deletedFlag: since(8, 10),
    personalAccessTokens: since(8, 14),
    duplicatedUsers: since(8, 19),
    deprecatedGroup: !since(10, 0) || behaviour.deprecatedGroupOn10 === 'present',
    lastLoginTime: since(10, 0),
    passwordInPut: since(10, 0) && behaviour.passwordInPut === 'applied',
    userList: hasUserList(numbers, behaviour),
  };
}

const SEARCH_PAGE_CAP = 1000;
const TEN_SEARCH_CAP = 100;

/** JRASERVER-65089: up to 8.5.5 the search ends at the thousandth match. JRASERVER-78520: from 10.0 at the hundredth. */
function searchTotalCap(since: (major: number, minor: number, patch?: number) => boolean): number | null {
  if (since(10, 0)) return TEN_SEARCH_CAP;
  return since(8, 5, 6) ? null : SEARCH_PAGE_CAP;
}

function hasUserList([major, minor, patch]: Numbers, behaviour: UnsettledBehaviour): boolean {
  if (major !== 10) return false;
  if (minor === 3) return patch >= behaviour.firstPatchWithUserList;
  return minor > 3 && behaviour.userListOn105 === 'present';
}

/** 8.14.1 is 814001, 9.12.1 is 9120001. */
function buildNumberOf([major, minor, patch]: Numbers): number {
  return major < 9 ? major * 100_000 + minor * 1_000 + patch : major * 1_000_000 + minor * 10_000 + patch;
}
