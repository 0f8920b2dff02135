import type { Router } from 'express';
import { z } from 'zod';
import { addGroup, addPerson, type Organization, type OrganizationPerson } from '../support/organization';
import { churn, recaseEmail, recreatePerson, removeGroup, renamePerson } from '../support/organizationChanges';
import { ChangeError, controlPlane, faultSchemaOf } from '../support/controlPlane';
import { FAULT_KINDS } from './faultKinds';
import { PERMISSIONS } from './options';
import type { Simulator } from './simulator';

const faultSchema = faultSchemaOf(FAULT_KINDS);

const userSchema = z.strictObject({
  /** Of a user that is there, or of a new one; letter case aside. */
  login: z.string().min(1),
  rename: z.string().min(1).optional(),
  kind: z.enum(['employee', 'guest', 'service']).optional(),
  active: z.boolean().optional(),
  displayName: z.string().optional(),
  email: z.string().nullable().optional(),
  department: z.string().nullable().optional(),
  /** Names of groups; exactly these. */
  groups: z.array(z.string()).optional(),
  recase: z.literal(true).optional(),
  recreate: z.literal(true).optional(),
  delete: z.literal(true).optional(),
});

const changeSchema = z.strictObject({
  groups: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        rename: z.string().min(1).optional(),
        kind: z.enum(['security', 'team', 'mail']).optional(),
        hidden: z.boolean().optional(),
        /** Names of groups within it; exactly these. */
        groups: z.array(z.string()).optional(),
        delete: z.literal(true).optional(),
      })
    )
    .optional(),
  users: z.array(userSchema).optional(),
  /** Changes a share of everything, as a week would. */
  churn: z.number().min(0).max(1).optional(),
  permissions: z.array(z.enum(PERMISSIONS)).optional(),
  /** Ends every token that was given out. */
  expireTokens: z.literal(true).optional(),
  /** Ends every delta link that was given out. */
  expireDelta: z.literal(true).optional(),
  /** Deletes for good what is in the bin. */
  purge: z.literal(true).optional(),
});

export type FaultInput = z.input<typeof faultSchema>;
export type ChangeInput = z.input<typeof changeSchema>;

/** What tests and people ask of the simulator itself: to see, to disturb, to change. */
export function controlRouter(simulator: Simulator): Router {
  return controlPlane({
    faults: simulator.faults,
    faultSchema,
    stats: () => ({
      ...simulator.calls.counts(),
      resourceUnits: simulator.throttle.total(),
      throttled: simulator.throttle.refused(),
    }),
    resetStats: () => {
      simulator.calls.reset();
    },
    state: () => stateOf(simulator),
    resetState: () => {
      simulator.resetState();
    },
    change: (input) => {
      applyChanges(simulator, changeSchema.parse(input));
      const { people, groups } = simulator.directory.organization;
      return { users: people.size, groups: groups.size };
    },
  });
}

/** People with the names of their direct groups. */
function stateOf({ directory }: Simulator): unknown {
  const { people, groups } = directory.organization;
  const all = [...groups.values()];
  return {
    users: [...people.values()].map((person) => ({
      ...person,
      groups: all.filter((group) => group.people.has(person.id)).map(({ name }) => name),
    })),
    groups: all.map(({ id, name, kind, isHidden, people: own, groups: children }) => ({
      ...{ id, name, kind, isHidden, members: own.size, groups: [...children] },
    })),
    bin: [...directory.bin.keys()],
  };
}

function applyChanges(simulator: Simulator, input: ChangeInput): void {
  const { directory } = simulator;
  directory.change((organization) => {
    for (const change of input.groups ?? []) changeGroup(organization, change);
    for (const change of input.users ?? []) if (change.delete !== true) changeUser(organization, change);
    if (input.churn !== undefined) churn(organization, input.churn);
  });
  for (const { login, delete: isGone } of input.users ?? []) {
    if (isGone !== true) continue;
    const person = personOf(directory.organization, login);
    if (person === undefined) throw new ChangeError(`there is no user '${login}'`);
    directory.softDelete(person.id);
  }
  if (input.purge === true) directory.purge();
  if (input.permissions !== undefined) simulator.permissions = new Set(input.permissions);
  if (input.expireTokens === true) simulator.tokens.expireAll();
  if (input.expireDelta === true) simulator.rounds.expireAll();
}

const personOf = ({ people }: Organization, login: string): OrganizationPerson | undefined =>
  [...people.values()].find((person) => person.login.toLowerCase() === login.toLowerCase());

function groupNamed(organization: Organization, name: string) {
  return [...organization.groups.values()].find((group) => group.name === name) ?? addGroup(organization, { name });
}

function changeGroup(organization: Organization, change: NonNullable<ChangeInput['groups']>[number]): void {
  const group = groupNamed(organization, change.name);
  if (change.delete === true) removeGroup(organization, group);
  group.name = change.rename ?? group.name;
  group.kind = change.kind ?? group.kind;
  group.isHidden = change.hidden ?? group.isHidden;
  if (change.groups === undefined) return;
  group.groups.clear();
  for (const name of change.groups) group.groups.add(groupNamed(organization, name).id);
}

function changeUser(organization: Organization, change: z.infer<typeof userSchema>): void {
  const { login, rename, recase, recreate, groups, ...rest } = change;
  const found = personOf(organization, login) ?? addPerson(organization, { login });
  const person = recreate === true ? recreatePerson(organization, found) : found;
  const { kind, active, displayName, email, department } = rest;
  const given = Object.entries({ kind, active, displayName, email, department }).filter(([, v]) => v !== undefined);
  Object.assign(person, Object.fromEntries(given) as Partial<OrganizationPerson>);
  if (rename !== undefined) renamePerson(person, rename);
  if (recase === true) recaseEmail(person);
  if (groups === undefined) return;
  for (const group of organization.groups.values()) group.people.delete(person.id);
  for (const name of groups) groupNamed(organization, name).people.add(person.id);
}
