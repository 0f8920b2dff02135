import type { Licence } from '../extras';
import type { JiraCall } from './answer';
import type { JiraClient } from './client';
import { applicationRolesShape } from './shapes';

const UNLIMITED = -1;

/** The applications of this Jira with their seats; which groups give access is the union that takes one seat. */
export async function readLicences(client: JiraClient, signal: AbortSignal): Promise<readonly Licence[]> {
  const call: JiraCall = { step: 'read the licences', method: 'GET', path: '/applicationrole' };
  const roles = await client.request(call, applicationRolesShape, signal);
  return roles.map((role) => {
    const unlimited = role.hasUnlimitedSeats === true || role.numberOfSeats === UNLIMITED;
    return {
      application: role.key,
      name: role.name,
      groups: [...new Set([...role.groups, ...role.defaultGroups])],
      defaultGroups: role.defaultGroups,
      seats: unlimited ? null : role.numberOfSeats,
      remaining: unlimited ? null : role.remainingSeats,
      used: role.userCount,
    };
  });
}
