import { TargetError, type ProvisioningTarget } from '../target';
import { createAccount, findAccount, groupsOfAccount, updateAccount } from './accounts';
import { testConnection } from './check';
import { createJiraClient, type JiraClient } from './client';
import { addMember, createGroup, groupExists, removeMember } from './groups';
import { listAccounts, listGroupMembers } from './listings';
import { readMyself } from './myself';
import type { JiraTargetOptions, JiraTargetSettings } from './settings';
import { capabilitiesOf, readServerInfo } from './version';

/**
 * Jira Data Center over /rest/api/2, made for 9.12 and right for 8.13 to 9.x.
 * Beyond one request: the first page of `listUsers` (asks the version first), `createUser` (reads back), every 400
 * (the state decides what it means) and every 403 (the permissions do).
 * @throws TargetError 'configuration' when base URL or credentials cannot be right
 */
export function createJiraTarget(settings: JiraTargetSettings, options: JiraTargetOptions): ProvisioningTarget {
  const client = createJiraClient(settings, options);
  return {
    capabilities: async (signal) => capabilitiesOf(await readServerInfo(client, signal)),
    syncAccount: (signal) => readMyself(client, signal),
    listUsers: async (cursor, signal) => {
      if (cursor === null) await assertListsAll(client, signal);
      return listAccounts(client, cursor, signal);
    },
    listMembers: (group, cursor, signal) => listGroupMembers(client, group, cursor, signal),
    findByKey: (key, signal) => findAccount(client, { key }, signal),
    findByUsername: (username, signal) => findAccount(client, { username }, signal),
    groupsOf: (key, signal) => groupsOfAccount(client, { key }, signal),
    createUser: (input, signal) => createAccount(client, input, signal),
    updateUser: (key, change, signal) => updateAccount(client, key, change, signal),
    createGroup: (name, signal) => createGroup(client, name, signal),
    groupExists: (name, signal) => groupExists(client, name, signal),
    addMember: (group, username, signal) => addMember(client, group, username, signal),
    removeMember: (group, username, signal) => removeMember(client, group, username, signal),
    test: (signal) => testConnection(client, signal),
    close: () => client.close(),
  };
}

/** A listing that ends early looks complete: accounts it leaves out would seem to be gone. */
async function assertListsAll(client: JiraClient, signal: AbortSignal): Promise<void> {
  const { listUsers, version } = capabilitiesOf(await readServerInfo(client, signal));
  if (listUsers === 'full') return;
  throw new TargetError('configuration', `list accounts: Jira ${version} does not list all of them (8.13 to 9.x do)`);
}
