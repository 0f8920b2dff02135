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

/**
 * Listing: complete from 8.13 to 9.x; before it ends after 1,000 accounts (JRASERVER-65089, not proved gone earlier),
 * from 10.0 on after 100 (JRASERVER-78520). Deactivation over REST: since 8.3 (JRASERVER-37294).
 * @throws TargetError 'configuration' for Jira Cloud, which is another product
 */
export function capabilitiesOf(info: ServerInfo): TargetCapabilities {
  if (isCloud(info)) throw new TargetError('configuration', 'this is Jira Cloud: only Jira Data Center is supported');
  return {
    version: info.version,
    listUsers: atLeast(info, 8, 13) && !atLeast(info, 10, 0) ? 'full' : 'capped',
    canDeactivate: atLeast(info, 8, 3),
    canRename: true,
  };
}

function atLeast(info: ServerInfo, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = info.versionNumbers;
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
