import express, { Router, type NextFunction, type Request, type Response } from 'express';
import { z } from 'zod';
import type { FaultBook } from './faults';

const BODY_LIMIT = '64mb';

/** A fault as it is asked for, of the kinds that a simulator knows. */
export const faultSchemaOf = <Kind extends string>(kinds: readonly [Kind, ...Kind[]]) =>
  z.strictObject({
    kind: z.enum(kinds),
    rate: z.number().min(0).max(1).optional(),
    match: z
      .strictObject({ method: z.string().optional(), path: z.string().optional(), endpoint: z.string().optional() })
      .optional(),
    until: z.union([z.int().min(1), z.iso.datetime({ offset: true })]).optional(),
    burst: z.int().min(1).optional(),
    delayMs: z.number().min(0).optional(),
    status: z.int().min(200).max(599).optional(),
    /** What a refusal for too many requests names, where the real one names anything; seconds. */
    retryAfter: z.union([z.number(), z.string()]).optional(),
  });

const resetSchema = z.strictObject({ only: z.enum(['stats', 'faults', 'state']).optional() });

/** What a simulator offers to those who look at it, disturb it and change it. */
export interface Controlled<Kind extends string> {
  readonly faults: FaultBook<Kind>;
  readonly faultSchema: ReturnType<typeof faultSchemaOf<Kind>>;
  stats(): unknown;
  resetStats(): void;
  state(): unknown;
  resetState(): void;
  /** Changes people and groups. @throws ZodError, ChangeError */
  change(body: unknown): unknown;
}

/** The request names something that is not there. What stood before it in the same request is done. */
export class ChangeError extends Error {}

/** The control plane of a simulated provider, below `/_sim`. Needs no log-in. */
export function controlPlane<Kind extends string>(controlled: Controlled<Kind>): Router {
  const router = Router();
  router.use(express.json({ limit: BODY_LIMIT, type: () => true }));
  router.get('/stats', (_request, response) => {
    response.json(controlled.stats());
  });
  router.get('/state', (_request, response) => {
    response.json(controlled.state());
  });
  router.post('/users', (request, response) => {
    response.json(controlled.change(request.body ?? {}));
  });
  router.get('/faults', (_request, response) => {
    response.json({ faults: controlled.faults.list() });
  });
  router.post('/faults', (request, response) => {
    response.status(201).json({ faults: [controlled.faults.add(controlled.faultSchema.parse(request.body ?? {}))] });
  });
  router.delete('/faults', (_request, response) => {
    response.json({ removed: controlled.faults.remove() });
  });
  router.post('/reset', (request, response) => {
    const { only } = resetSchema.parse(request.body ?? {});
    if (only === undefined || only === 'faults') controlled.faults.remove();
    if (only === undefined || only === 'stats') controlled.resetStats();
    if (only === undefined || only === 'state') controlled.resetState();
    response.status(204).end();
  });
  router.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (error instanceof z.ZodError) response.status(400).json({ error: z.prettifyError(error) });
    else if (error instanceof ChangeError || error instanceof SyntaxError) {
      response.status(400).json({ error: error.message });
    } else next(error);
  });
  return router;
}
