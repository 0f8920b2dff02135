import express, { Router, type NextFunction, type Request, type Response } from 'express';
import { z } from 'zod';
import { FAULT_KINDS } from './faultKinds';
import { ROLES } from './options';
import { addGroup, addUser, deleteGroup, deleteUser, pathOf, type RealmGroup, type RealmUser } from './realm';
import type { Simulator } from './simulator';

const BODY_LIMIT = '64mb';

/** The request names something that is not there. What stood before it in the same request is done. */
class ChangeError extends Error {}

const faultSchema = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  rate: z.number().min(0).max(1).optional(),
  match: z
    .strictObject({ method: z.string().optional(), path: z.string().optional(), endpoint: z.string().optional() })
    .optional(),
  until: z.union([z.int().min(1), z.iso.datetime({ offset: true })]).optional(),
  delayMs: z.number().min(0).optional(),
  status: z.int().min(200).max(599).optional(),
  retryAfter: z.union([z.number(), z.string()]).optional(),
});

const userSchema = z.strictObject({
  /** Of a user that is there, or of a new one. */
  username: z.string().min(1),
  rename: z.string().min(1).optional(),
  enabled: z.boolean().optional(),
  email: z.string().nullable().optional(),
  firstName: z.string().nullable().optional(),
  lastName: z.string().nullable().optional(),
  attributes: z.record(z.string(), z.array(z.string())).optional(),
  /** Paths; exactly these. */
  groups: z.array(z.string().startsWith('/')).optional(),
  delete: z.literal(true).optional(),
});

const changeSchema = z.strictObject({
  /** Paths; what is missing on the way is made. */
  groups: z.array(z.strictObject({ path: z.string().startsWith('/'), delete: z.literal(true).optional() })).optional(),
  users: z.array(userSchema).optional(),
  roles: z.array(z.enum(ROLES)).optional(),
  /** Ends every token that was given out. */
  expireTokens: z.literal(true).optional(),
});
const resetSchema = z.strictObject({ only: z.enum(['stats', 'faults', 'state']).optional() });

export type FaultInput = z.input<typeof faultSchema>;
export type ChangeInput = z.input<typeof changeSchema>;

/** What tests and people ask of the simulator itself: to see, to disturb, to change. Needs no log-in. */
export function controlRouter(simulator: Simulator): Router {
  const router = Router();
  router.use(express.json({ limit: BODY_LIMIT, type: () => true }));
  router.get('/stats', (_request, response) => {
    response.json(simulator.calls.counts());
  });
  router.get('/state', (_request, response) => {
    response.json(stateOf(simulator));
  });
  router.post('/users', (request, response) => {
    applyChanges(simulator, changeSchema.parse(request.body ?? {}));
    response.json({ users: simulator.realm.users.size, groups: simulator.realm.groups.size });
  });
  router.get('/faults', (_request, response) => {
    response.json({ faults: simulator.faults.list() });
  });
  router.post('/faults', (request, response) => {
    response.status(201).json({ faults: [simulator.faults.add(faultSchema.parse(request.body ?? {}))] });
  });
  router.delete('/faults', (_request, response) => {
    response.json({ removed: simulator.faults.remove() });
  });
  router.post('/reset', (request, response) => {
    reset(simulator, resetSchema.parse(request.body ?? {}).only);
    response.status(204).end();
  });
  router.use(refuse);
  return router;
}

/** People with the paths of their groups. */
function stateOf({ realm }: Simulator): unknown {
  const groups = [...realm.groups.values()];
  return {
    users: [...realm.users.values()].map((user) => ({
      ...user,
      groups: groups.filter(({ members }) => members.has(user.id)).map((group) => pathOf(realm, group)),
    })),
    groups: groups.map((group) => ({ id: group.id, path: pathOf(realm, group), members: group.members.size })),
  };
}

/** Order: groups, users, roles, tokens. */
function applyChanges(simulator: Simulator, input: ChangeInput): void {
  for (const { path, delete: isGone } of input.groups ?? []) {
    const group = groupAt(simulator, path);
    if (isGone === true) deleteGroup(simulator.realm, group);
  }
  for (const change of input.users ?? []) changeUser(simulator, change);
  if (input.roles !== undefined) simulator.roles = new Set(input.roles);
  if (input.expireTokens === true) simulator.tokens.clear();
}

function changeUser(simulator: Simulator, change: z.infer<typeof userSchema>): void {
  const { realm } = simulator;
  const found = [...realm.users.values()].find(({ username }) => username === change.username);
  if (change.delete === true) {
    if (found === undefined) throw new ChangeError(`there is no user '${change.username}'`);
    deleteUser(realm, found);
    return;
  }
  const user = found ?? addUser(realm, { username: change.username });
  const { rename, groups, enabled, email, firstName, lastName, attributes } = change;
  const values = { username: rename, enabled, email, firstName, lastName, attributes };
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  Object.assign(user, Object.fromEntries(given) as Partial<RealmUser>);
  if (groups === undefined) return;
  for (const group of realm.groups.values()) group.members.delete(user.id);
  for (const path of groups) groupAt(simulator, path).members.add(user.id);
}

/** The group at a path, made with everything above it where it is missing. */
function groupAt({ realm }: Simulator, path: string): RealmGroup {
  let group: RealmGroup | undefined;
  for (const name of path.split('/').slice(1)) {
    const parentId: string | null = group?.id ?? null;
    const found = [...realm.groups.values()].find((one) => one.name === name && one.parentId === parentId);
    group = found ?? addGroup(realm, name, parentId);
  }
  if (group === undefined) throw new ChangeError(`'${path}' is no path of a group`);
  return group;
}

function reset(simulator: Simulator, only: 'stats' | 'faults' | 'state' | undefined): void {
  if (only === undefined || only === 'faults') simulator.faults.remove();
  if (only === undefined || only === 'stats') simulator.calls.reset();
  if (only === undefined || only === 'state') simulator.resetRealm();
}

function refuse(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (error instanceof z.ZodError) response.status(400).json({ error: z.prettifyError(error) });
  else if (error instanceof ChangeError || error instanceof SyntaxError) {
    response.status(400).json({ error: error.message });
  } else next(error);
}
