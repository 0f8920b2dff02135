import type { Router } from 'express';
import type { z } from 'zod';
import { controlPlane, faultSchemaOf } from '../support/controlPlane';
import { applyChanges, changeSchema } from './changes';
import { FAULT_KINDS } from './faultKinds';
import { groupsOf, membersOf } from './org';
import type { Simulator } from './simulator';

const faultSchema = faultSchemaOf(FAULT_KINDS);

export type FaultInput = z.input<typeof faultSchema>;

/** What tests and people ask of the simulator itself: to see, to disturb, to change. */
export function controlRouter(simulator: Simulator): Router {
  return controlPlane({
    faults: simulator.faults,
    faultSchema,
    stats: () => simulator.calls.counts(),
    resetStats: () => {
      simulator.calls.reset();
    },
    state: () => stateOf(simulator),
    resetState: () => {
      simulator.resetOrg();
    },
    change: (body) => {
      applyChanges(simulator, changeSchema.parse(body));
      return { users: simulator.org.users.size, groups: simulator.org.groups.size };
    },
  });
}

/** People with the names of their groups. */
function stateOf({ org }: Simulator): unknown {
  return {
    users: [...org.users.values()].map((user) => ({
      ...user,
      groups: groupsOf(org, user).map(({ name }) => name),
    })),
    groups: [...org.groups.values()].map((group) => {
      const { id, type, name, appId } = group;
      return { id, type, name, appId, members: membersOf(org, group).length };
    }),
  };
}
