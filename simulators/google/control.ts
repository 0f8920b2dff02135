import type { Router } from 'express';
import type { z } from 'zod';
import { controlPlane, faultSchemaOf } from '../support/controlPlane';
import { applyChanges, changeSchema } from './changes';
import { FAULT_KINDS } from './faultKinds';
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
      simulator.resetState();
    },
    change: (body) => {
      applyChanges(simulator, changeSchema.parse(body));
      return { users: simulator.directory.users.size, groups: simulator.directory.groups.size };
    },
  });
}

/** Groups with the number of their direct members. */
function stateOf({ directory }: Simulator): unknown {
  return {
    users: [...directory.users.values()].map(({ photo, ...user }) => ({ ...user, hasPhoto: photo !== null })),
    groups: [...directory.groups.values()].map(({ members, ...group }) => ({ ...group, members: members.size })),
  };
}
