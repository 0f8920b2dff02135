import express, { Router, type NextFunction, type Request, type Response } from 'express';
import { z } from 'zod';
import { applyChanges, ChangeError, changeSchema } from './changes';
import { FAULT_KINDS } from './faultKinds';
import type { Simulator } from './simulator';

const BODY_LIMIT = '64mb';

const faultSchema = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  rate: z.number().min(0).max(1).optional(),
  match: z
    .strictObject({ method: z.string().optional(), path: z.string().optional(), endpoint: z.string().optional() })
    .optional(),
  until: z.union([z.int().min(1), z.iso.datetime({ offset: true })]).optional(),
  burst: z.int().min(1).optional(),
  delayMs: z.number().min(0).optional(),
  status: z.int().min(200).max(599).optional(),
});
const resetSchema = z.strictObject({ only: z.enum(['stats', 'faults', 'state']).optional() });

export type FaultInput = z.input<typeof faultSchema>;

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
    response.json({ users: simulator.directory.users.size, groups: simulator.directory.groups.size });
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

/** Groups with the number of their direct members. */
function stateOf({ directory }: Simulator): unknown {
  return {
    users: [...directory.users.values()].map(({ photo, ...user }) => ({ ...user, hasPhoto: photo !== null })),
    groups: [...directory.groups.values()].map(({ members, ...group }) => ({ ...group, members: members.size })),
  };
}

function reset(simulator: Simulator, only: 'stats' | 'faults' | 'state' | undefined): void {
  if (only === undefined || only === 'faults') simulator.faults.remove();
  if (only === undefined || only === 'stats') simulator.calls.reset();
  if (only === undefined || only === 'state') simulator.resetState();
}

function refuse(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (error instanceof z.ZodError) response.status(400).json({ error: z.prettifyError(error) });
  else if (error instanceof ChangeError || error instanceof SyntaxError) {
    response.status(400).json({ error: error.message });
  } else next(error);
}
