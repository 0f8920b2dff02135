import type { Erasure } from '../extras';
import type { ProvisioningTarget } from '../target';
import { setAvatar } from './avatars';
import type { JiraClient } from './client';
import { deleteAccount, readAnonymization, startAnonymization } from './erasure';
import { readComponentLeads, readProjectLeads, writeProjectLead } from './leads';
import { readLicences } from './licences';
import {
  addOrganizationUsers,
  createOrganization,
  listOrganizations,
  listOrganizationUsers,
  removeOrganizationUsers,
} from './organizations';
import { keepExternalId, readProperty, removeProperty, writeProperty } from './properties';
import { endSessions } from './sessions';

type Extras = {
  readonly [G in 'properties' | 'avatars' | 'licences' | 'departures' | 'organizations']: NonNullable<
    ProvisioningTarget[G]
  >;
};

/** What Jira can do beyond what every target can. */
export function extrasOf(client: JiraClient): Extras {
  return {
    properties: {
      read: (key, name, signal) => readProperty(client, key, name, signal),
      write: (key, property, signal) => writeProperty(client, key, property, signal),
      remove: (key, name, signal) => removeProperty(client, key, name, signal),
      keepExternalId: (key, externalId, signal) => keepExternalId(client, key, externalId, signal),
    },
    avatars: { set: (account, image, signal) => setAvatar(client, account, image, signal) },
    licences: { read: (signal) => readLicences(client, signal) },
    departures: {
      projectLeads: (signal) => readProjectLeads(client, signal),
      componentLeads: (project, signal) => readComponentLeads(client, project, signal),
      endSessions: (username, signal) => endSessions(client, username, signal),
      replaceLead: (project, username, signal) => writeProjectLead(client, project, username, signal),
    },
    organizations: {
      list: (cursor, signal) => listOrganizations(client, cursor, signal),
      listUsers: (id, cursor, signal) => listOrganizationUsers(client, id, cursor, signal),
      create: (name, signal) => createOrganization(client, name, signal),
      addUsers: (id, usernames, signal) => addOrganizationUsers(client, id, usernames, signal),
      removeUsers: (id, usernames, signal) => removeOrganizationUsers(client, id, usernames, signal),
    },
  };
}

/** What cannot be undone. */
export function erasureOf(client: JiraClient): Erasure {
  return {
    deleteUser: (account, signal) => deleteAccount(client, account, signal),
    startAnonymization: (account, newOwnerKey, signal) => startAnonymization(client, account, newOwnerKey, signal),
    anonymization: (taskId, signal) => readAnonymization(client, taskId, signal),
  };
}
