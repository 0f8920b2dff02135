import { TargetError } from '../targets/target';
import type { ProvisioningTarget } from '../targets/target';

const unconfirmed = (): Promise<never> =>
  Promise.reject(
    new TargetError('invalid', 'the answer was lost, and the target does not show the change; the next run tries again')
  );

/** A target that can only be read: what is not done already is refused. */
export function readOnly(target: ProvisioningTarget): ProvisioningTarget {
  return {
    ...target,
    createUser: unconfirmed,
    updateUser: unconfirmed,
    createGroup: unconfirmed,
    addMember: unconfirmed,
    removeMember: unconfirmed,
    properties: undefined,
    avatars: undefined,
    departures: undefined,
    organizations: undefined,
    erasure: undefined,
  };
}
