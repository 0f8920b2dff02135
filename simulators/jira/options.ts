import type { UnsettledBehaviour } from './behaviour';
import type { FaultsInput } from './control/schemas';
import type { Locale } from './messages';

export const EMAIL_VISIBILITIES = ['public', 'masked', 'hidden'] as const;
export type EmailVisibility = (typeof EMAIL_VISIBILITIES)[number];

/** One directory that can be written, or an LDAP directory that cannot above or below it. */
export const DIRECTORY_LAYOUTS = ['internal', 'ldap-first', 'ldap-second'] as const;
export type DirectoryLayout = (typeof DIRECTORY_LAYOUTS)[number];

/** What the LDAP directory allows: nothing, or memberships of its users in groups that Jira keeps. */
export const LDAP_GROUPS = ['read-only', 'local'] as const;
export type LdapGroups = (typeof LDAP_GROUPS)[number];

export const APPLICATION_KEYS = ['jira-software', 'jira-servicedesk'] as const;
export type ApplicationKey = (typeof APPLICATION_KEYS)[number];

export interface RateLimitOptions {
  /** Size of the bucket; 0 blocks everybody. */
  readonly limit: number;
  /** Tokens that come back per interval. */
  readonly fillRate: number;
  readonly intervalSeconds: number;
  /** Usernames that are not limited. */
  readonly exempt?: readonly string[];
}

/** An application of the "Jira User Server": credentials of its own, no user, and where it may call from. */
export interface CrowdApplication {
  readonly name: string;
  readonly password: string;
  /** Addresses and IPv4 ranges such as 10.0.0.0/8; anything else is refused. @default everything */
  readonly allowed?: readonly string[];
}

export const DEFAULT_CROWD_APPLICATION: CrowdApplication = { name: 'rollcall', password: 'rollcall-secret' };

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
  /** Whether passwords are refused on every endpoint, as an administrator can decide. @default false */
  readonly basicDisabled?: boolean;
  /** Seats of the licence of each application, or of one of them. @default unlimited */
  readonly seats?: number | Readonly<Partial<Record<ApplicationKey, number>>>;
  /** What is licensed; Service Management brings organizations with it. @default jira-software */
  readonly applications?: readonly ApplicationKey[];
  /** @default 'internal' */
  readonly directories?: DirectoryLayout;
  /** @default 'read-only' */
  readonly ldapGroups?: LdapGroups;
  /** Nodes of the cluster, each with buckets of its own for the rate limit. @default 1 */
  readonly nodes?: number;
  /** This many of the generated users have keys from before 8.4: their usernames. @default 0 */
  readonly legacyKeys?: number;
  /** Who may call /rest/usermanagement. @default 'rollcall', 'rollcall-secret', from everywhere */
  readonly crowdApplication?: CrowdApplication;
  /** Faults from the start; a reset brings them back. @default none */
  readonly faults?: readonly FaultsInput[];
  /** Keeps the state in this file across restarts. @default in memory only */
  readonly dataFile?: string;
  readonly behaviour?: Partial<UnsettledBehaviour>;
  /** @default the system clock */
  readonly now?: () => number;
}
