import { TargetError } from '../targets/target';
import type { ProvisioningTarget } from '../targets/target';

const unconfirmed = (): Promise<never> =>
  Promise.reject(
    new TargetError('invalid', 'the answer was lost, and the target does not show the change; the next run tries again')
  );

/** A target that can only be read: what is not done already is refused. */
export function readOnly(target: ProvisioningTarget): ProvisioningTarget {
  const { departures, properties, organizations, erasure } = target;
  return {
    ...target,
    createUser: unconfirmed,
    updateUser: unconfirmed,
    createGroup: unconfirmed,
    addMember: unconfirmed,
    removeMember: unconfirmed,
    departures: departures && { ...departures, endSessions: unconfirmed, replaceLead: unconfirmed },
    properties: properties && {
      ...properties,
      write: unconfirmed,
      remove: unconfirmed,
      keepExternalId: unconfirmed,
    },
    avatars: target.avatars && { ...target.avatars, set: unconfirmed },
    organizations: organizations && {
      ...organizations,
      create: unconfirmed,
      addUsers: unconfirmed,
      removeUsers: unconfirmed,
    },
    erasure: erasure && { ...erasure, deleteUser: unconfirmed, startAnonymization: unconfirmed },
  };
}
