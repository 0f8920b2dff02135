import type { Locale } from './messages';

/**
 * What no public recording settles. Each has a default that follows the published documentation where it says anything;
 * a client that is right must work with every value of every one.
 */
export interface UnsettledBehaviour {
  /** POST /user without applicationKeys gives the default groups of the default applications. */
  readonly createWithoutApplicationKeys: 'defaultGroups' | 'noGroups';
  /** POST /user with an empty list. */
  readonly createWithNoApplications: 'noGroups' | 'defaultGroups';
  /** The answer of POST /user: the five fields of the documented example, or a whole bean. */
  readonly createAnswer: 'short' | 'full';
  /** `active: false` in POST /user. */
  readonly activeOnCreate: 'ignored' | 'honoured';
  /** A name that was deleted before gets its old key back. */
  readonly keyOfRecreatedUser: 'old' | 'new';
  /** POST /user for a name that was deleted before answers 500 although the user is created. */
  readonly recreateAnswer: 'created' | 'serverError';
  /** Names of fields in errors of PUT and POST /user: as in the request, or as on the forms (fullname, email). */
  readonly errorFieldNames: 'request' | 'form';
  /** DELETE /group of a group that does not exist. */
  readonly deleteMissingGroupStatus: 400 | 404;
  /** An unknown or expired token where anonymous callers are let in. */
  readonly badTokenOnOpenEndpoint: 'anonymous' | 'refused';
  /** POST /user with application access when no seat is free. */
  readonly createOverSeats: 'withoutAccess' | 'refused';
  readonly deactivateProjectLead: 'refused' | 'allowed';
  readonly deactivateSelf: 'refused' | 'allowed';
}

export const DEFAULT_BEHAVIOUR: UnsettledBehaviour = {
  createWithoutApplicationKeys: 'defaultGroups',
  createWithNoApplications: 'noGroups',
  createAnswer: 'short',
  activeOnCreate: 'ignored',
  keyOfRecreatedUser: 'old',
  recreateAnswer: 'created',
  errorFieldNames: 'request',
  deleteMissingGroupStatus: 404,
  badTokenOnOpenEndpoint: 'anonymous',
  createOverSeats: 'withoutAccess',
  deactivateProjectLead: 'refused',
  deactivateSelf: 'refused',
};

export type EmailVisibility = 'public' | 'masked' | 'hidden';

export interface RateLimitOptions {
  /** Size of the bucket; 0 blocks everybody. */
  readonly limit: number;
  /** Tokens that come back per interval. */
  readonly fillRate: number;
  readonly intervalSeconds: number;
  /** Usernames that are not limited. */
  readonly exempt?: readonly string[];
}

export interface JiraSimulatorOptions {
  /** @default 0, a free port */
  readonly port?: number;
  /** @default '9.12.0' */
  readonly version?: string;
  /** Where Jira lies below the origin, e.g. '/jira'. @default '' */
  readonly contextPath?: string;
  /** Generated users and groups beside the seed. @default 0 */
  readonly users?: number;
  readonly groups?: number;
  /** Seed of generated data and of faults at a rate. @default 1 */
  readonly seed?: number;
  /** Language of the installation. @default 'en' */
  readonly locale?: Locale;
  /** @default 'public' */
  readonly emailVisibility?: EmailVisibility;
  /** @default no limit */
  readonly rateLimit?: RateLimitOptions;
  /** Failed log-ins with a password after which a CAPTCHA is asked for. @default never */
  readonly captchaAfter?: number;
  /** Seats of the licence. @default unlimited */
  readonly seats?: number;
  /** Keeps the state in this file across restarts. @default in memory only */
  readonly dataFile?: string;
  readonly behaviour?: Partial<UnsettledBehaviour>;
  /** @default the system clock */
  readonly now?: () => number;
}
