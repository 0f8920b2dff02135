import express, { Router, type NextFunction, type Request, type Response } from 'express';
import { z } from 'zod';
import { queryOf } from '../http/call';
import type { Simulator } from '../simulator';
import { applyChanges, ChangeError } from './change';
import { overviewPage } from './page';
import { changeSchema, faultsSchema, releaseSchema, resetSchema } from './schemas';
import { groupViews, LARGEST_STATE_PAGE, STATE_PAGE, statePage, statsOf } from './view';

/** Room for 100,000 users in one request. */
const BODY_LIMIT = '128mb';

/**
 * What tests and people ask of the simulator itself: to see, to disturb, to change. Needs no log-in; the server is on
 * the loopback only.
 */
export function controlRouter(simulator: Simulator): Router {
  const router = Router();
  router.use(express.json({ limit: BODY_LIMIT, type: () => true }));
  router.get('/', (request, response) => {
    response.type('html').send(overviewPage(simulator, queryOf(request)));
  });
  router.get('/stats', (_request, response) => {
    response.json(statsOf(simulator));
  });
  router.get('/state', (request, response) => {
    const query = queryOf(request);
    const limit = Math.min(Math.max(Number(query.get('limit') ?? STATE_PAGE) || STATE_PAGE, 1), LARGEST_STATE_PAGE);
    response.json(statePage(simulator.state, query.get('cursor'), limit));
  });
  router.get('/groups', (_request, response) => {
    response.json({ groups: groupViews(simulator.state) });
  });
  router.post('/users', (request, response) => {
    try {
      applyChanges(simulator.state, simulator.options, changeSchema.parse(bodyOf(request)));
    } finally {
      simulator.changed();
    }
    response.json(statePage(simulator.state, null, 0).totals);
  });
  router.post('/reset', (request, response) => {
    reset(simulator, resetSchema.parse(bodyOf(request)).only);
    response.status(204).end();
  });
  addFaultRoutes(router, simulator);
  router.use(refuse);
  return router;
}

function addFaultRoutes(router: Router, simulator: Simulator): void {
  router.get('/faults', (_request, response) => {
    response.json({ faults: simulator.faults.list() });
  });
  router.post('/faults', (request, response) => {
    const input = faultsSchema.parse(bodyOf(request));
    const faults = (Array.isArray(input) ? input : [input]).map((fault) => simulator.faults.add(fault));
    response.status(201).json({ faults });
  });
  router.delete(['/faults', '/faults/:id'], (request, response) => {
    const id = request.params['id'];
    response.json({ removed: simulator.faults.remove(id === undefined ? undefined : Number(id)) });
  });
  router.get('/held', (_request, response) => {
    response.json({ held: simulator.held.list() });
  });
  router.post('/release', (request, response) => {
    response.json({ released: simulator.held.release('send', releaseSchema.parse(bodyOf(request)).id) });
  });
}

function bodyOf(request: Request): unknown {
  return request.body ?? {};
}

/** Everything, or one part. Held answers end without an answer, for the faults that hold them are gone. */
function reset(simulator: Simulator, only: 'stats' | 'faults' | 'state' | undefined): void {
  if (only === undefined || only === 'faults') {
    simulator.resetFaults();
    simulator.held.release('drop');
  }
  if (only === undefined || only === 'stats') {
    simulator.effects.reset();
    simulator.calls.reset();
  }
  if (only === undefined || only === 'state') {
    simulator.resetState();
    simulator.failedLogins.clear();
    simulator.limiter.reset();
  }
}

function refuse(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (error instanceof z.ZodError) response.status(400).json({ error: z.prettifyError(error) });
  else if (error instanceof ChangeError || error instanceof SyntaxError) {
    response.status(400).json({ error: error.message });
  } else next(error);
}
