import { TargetError, type TargetCapabilities } from '../target';
import type { JiraCall } from './answer';
import type { JiraClient } from './client';
import { serverInfoShape, type ServerInfo } from './shapes';

/** What the server says of itself, readable without a login. */
export function readServerInfo(client: JiraClient, signal: AbortSignal): Promise<ServerInfo> {
  const call: JiraCall = { step: 'read the server information', method: 'GET', path: '/serverInfo', open: true };
  return client.request(call, serverInfoShape, signal);
}

export const isCloud = (info: ServerInfo): boolean => info.deploymentType?.toLowerCase() === 'cloud';

/** The first versions that list accounts as a whole; before, a listing may end after 1,000 (JRASERVER-65089). */
const SEARCH_MENDED = [8, 13] as const;
/** From here on a search knows its first 100 matches only (JRASERVER-78520, -78660). */
const SEARCH_CAPPED = [10, 0] as const;

/** How many accounts a search of this version may end after, whatever page is asked for; null: it finds all. */
export function searchCap(info: ServerInfo): number | null {
  if (atLeast(info, ...SEARCH_CAPPED)) return 100;
  return atLeast(info, ...SEARCH_MENDED) ? null : 1_000;
}

/** Whether GET /user/list is worth a try: Jira 11 has it and patches of 10.3 do; which ones is not documented. */
export const mayListByCursor = (info: ServerInfo): boolean => atLeast(info, ...SEARCH_CAPPED);

/** Older versions list fewer accounts, or cannot deactivate over REST. */
export const isSupported = (info: ServerInfo): boolean => atLeast(info, 8, 5);

/** Whether this version is one of those that are tried: 8.5 to 10.5. */
export const isTried = (info: ServerInfo): boolean => isSupported(info) && !atLeast(info, 10, 6);

/** Personal access tokens: since 8.14. */
export const hasTokens = (info: ServerInfo): boolean => atLeast(info, 8, 14);

/**
 * What this version can do over /rest/api/2. Deactivation: since 8.3 (JRASERVER-37294); rate limiting: since 8.6.
 * @param seesNesting the user server is configured beside it
 * @throws TargetError 'configuration' for Jira Cloud, which is another product
 */
export function capabilitiesOf(info: ServerInfo, seesNesting = false): TargetCapabilities {
  if (isCloud(info)) throw new TargetError('configuration', 'this is Jira Cloud: only Jira Data Center is supported');
  return {
    version: info.version,
    listUsers: searchCap(info) === null ? 'full' : 'capped',
    listDirectMembers: seesNesting,
    nestedGroups: seesNesting ? 'read' : 'none',
    stableId: 'key',
    canDeactivate: atLeast(info, 8, 3),
    canCreateInactive: false,
    canRename: true,
    bulkAddMembers: false,
    idempotentMembership: false,
    usernamesLowerCaseOnly: false,
    seatPreflight: true,
    rateHeaders: atLeast(info, 8, 6),
    userProperties: true,
  };
}

function atLeast(info: ServerInfo, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = info.versionNumbers;
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
