import type { Nesting } from '../extras';
import type { ProvisioningTarget } from '../target';
import { listAccounts } from './accountListing';
import { createAccount, findAccount, findAccountWithGroups, groupsOfAccount, updateAccount } from './accounts';
import { testConnection } from './check';
import { createJiraClient, type JiraClient } from './client';
import { addMember, createGroup, groupExists, removeMember } from './groups';
import { countActive, listGroupMembers } from './listings';
import { readMyself } from './myself';
import { findAccountsByEmail } from './search';
import { createCrowdClient, readDirectGroups, readDirectMembers } from './crowd';
import { directoriesOf } from './directories';
import { erasureOf, extrasOf } from './extras';
import type { JiraTargetOptions, JiraTargetSettings } from './settings';
import { capabilitiesOf, readServerInfo } from './version';

/**
 * Jira Data Center over /rest/api/2, 8.5 to 10.5.
 * Beyond one request: the first page of `listUsers` (asks the version first, and tries GET /user/list from 10.0 on), `createUser` (reads back), `updateUser` (reads back where Jira's answer leaves something out), every 400
 * (the state decides what it means) and every 403 (the permissions do).
 * @throws TargetError 'configuration' when base URL or credentials cannot be right
 */
export function createJiraTarget(settings: JiraTargetSettings, options: JiraTargetOptions): ProvisioningTarget {
  const client = createJiraClient(settings, options);
  const crowd = settings.crowd === undefined ? null : createCrowdClient(settings, settings.crowd, options);
  return {
    capabilities: async (signal) => capabilitiesOf(await readServerInfo(client, signal), crowd !== null),
    syncAccount: (signal) => readMyself(client, signal),
    listUsers: (cursor, signal) => listAccounts(client, cursor, signal),
    listMembers: (group, cursor, signal) => listGroupMembers(client, group, cursor, signal),
    findByKey: (key, signal) => findAccount(client, { key }, signal),
    countActiveMembers: (group, signal) => countActive(client, group, signal),
    findByEmail: (email, signal) => findAccountsByEmail(client, email, signal),
    findWithGroups: (key, signal) => findAccountWithGroups(client, { key }, signal),
    findByUsername: (username, signal) => findAccount(client, { username }, signal),
    groupsOf: (key, signal) => groupsOfAccount(client, { key }, signal),
    createUser: (input, signal) => createAccount(client, input, signal),
    updateUser: (key, change, signal) => updateAccount(client, key, change, signal),
    createGroup: (name, signal) => createGroup(client, name, signal),
    groupExists: (name, signal) => groupExists(client, name, signal),
    addMember: (group, username, signal) => addMember(client, group, username, signal),
    removeMember: (group, username, signal) => removeMember(client, group, username, signal),
    test: (signal) => testConnection({ client, crowd, auth: settings.auth.type }, signal),
    close: async () => {
      await client.close();
      await crowd?.close();
    },
    ...extrasOf(client),
    directories: directoriesOf(client, crowd),
    ...(crowd !== null && { nesting: nestingOf(crowd) }),
    ...(options.erasure === true && { erasure: erasureOf(client) }),
  };
}

const nestingOf = (crowd: JiraClient): Nesting => ({
  directMembers: (signal) => readDirectMembers(crowd, signal),
  directGroupsOf: (username, signal) => readDirectGroups(crowd, username, signal),
});
