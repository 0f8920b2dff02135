import { z } from 'zod';
import { PERSON_REQUEST_KEPT_MS } from '../../domain/ids';
import { nameKey } from '../../domain/names';
import { WHAT_IF_PAGE, whatIfPage } from '../../domain/what-if-result';
import type { WhatIfPerson, WhatIfResult } from '../../domain/what-if-result';
import type { AttributeRecord } from '../../domain/model';
import { canonicalJson } from '../../domain/canonical-json';
import { maskSecrets } from '../../store/secrets';
import { requireSameId } from '../configuration';
import { checkConnector, getLiveConnector, loadConnector } from '../connector-access';
import type { ApiDependencies } from '../dependencies';
import { Problem, notFound } from '../http/problem';
import { route } from '../http/route';
import type { Endpoint } from '../http/route';
import { fillMasked, writtenConfig } from '../secrets';
import { currentConfiguration } from '../stored-configuration';
import { accepted, askTask } from '../tasks';
import { acceptedSchema } from '../views/request';
import { nameId, pageQuery, requestIdSchema } from '../views/schemas';
import { plannedChange, whatIfPeopleSchema, whatIfPersonView, whatIfSchema, whatIfView } from '../views/what-if';

const tag = 'insight';
const MAX_SEARCH = 255;
/** Stored pages that one request reads, at most: a filter that fits little must not read all of them. */
const PAGES_READ = 10;

/** What another configuration would do, from what the last run has read (rules 4.4). */
export function whatIfRoutes(deps: ApiDependencies): readonly Endpoint[] {
  return [askWhatIf(deps), listPeople(deps)];
}

function askWhatIf(deps: ApiDependencies): Endpoint {
  return route({
    method: 'post',
    path: '/connectors/{id}/what-if',
    tag,
    role: 'operator',
    summary: 'Show what another configuration would do, from what the last run has read; changes and asks nothing',
    request: {
      params: z.object({ id: nameId }),
      body: z.strictObject({ config: writtenConfig }),
      documentedBody: z.object({ config: deps.configuration.schemas.connector }),
    },
    responses: {
      200: { description: 'The numbers, and the hash that acknowledges them', schema: whatIfSchema },
      202: { description: 'Under way for longer than a caller can wait', schema: acceptedSchema },
    },
    handler: async ({ params: { id }, body: { config }, requestId, principal }) => {
      const masked = await triedConfiguration(deps, id, config);
      const request = await askTask(deps, {
        requestId,
        kind: 'whatIf',
        subject: id,
        input: { config: masked },
        keptForMs: PERSON_REQUEST_KEPT_MS,
        action: 'connector.whatIf',
        principal,
      });
      if (request.status === 'waiting') return { status: 202, ...accepted({ requestId, runId: null }) };
      return { status: 200, body: whatIfView(requestId, request.result as unknown as WhatIfResult) };
    },
  });
}

/**
 * Checks a configuration as saving it would. The source must be the saved one: what another source, or another part of it,
 * would deliver nobody has read. @returns it without secrets
 */
async function triedConfiguration(
  deps: ApiDependencies,
  id: string,
  config: AttributeRecord
): Promise<AttributeRecord> {
  const connector = await getLiveConnector(deps.store, id);
  const { version } = await loadConnector(deps.store, id);
  const written = fillMasked(config, version.config, deps.secretBox, { kind: 'connector', id });
  const { parsed, sealed } = await checkConnector(deps, written);
  requireSameId(id, parsed.id);
  const saved = await currentConfiguration(deps, connector);
  const secrets = new Set(deps.configuration.connectorSecrets(saved.source.type).map((path) => path.at(-1)));
  const shown = (source: Readonly<Record<string, unknown>>): string =>
    canonicalJson(Object.fromEntries(Object.entries(source).filter(([name]) => !secrets.has(name))));
  const errors = [
    ...(parsed.target === saved.target ? [] : [{ path: 'config.target', message: 'must be the saved one' }]),
    ...(shown(parsed.source) === shown(saved.source)
      ? []
      : [{ path: 'config.source', message: 'must be the saved one' }]),
  ];
  if (errors.length > 0) {
    throw new Problem('invalid', 'A what-if uses what the last run has read: save the change and make a preview.', {
      errors,
    });
  }
  return maskSecrets(sealed);
}

const peopleQuery = z.strictObject({
  ...pageQuery,
  cursor: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .default(0)
    .meta({ description: 'nextCursor of the page before' }),
  change: plannedChange.optional().meta({ description: 'Only people with this change under the other configuration' }),
  q: z.string().max(MAX_SEARCH).optional().meta({ description: 'The beginning of a username, or an external id' }),
});

function listPeople(deps: ApiDependencies): Endpoint {
  return route({
    method: 'get',
    path: '/connectors/{id}/what-if/{requestId}/people',
    tag,
    role: 'operator',
    summary: 'List the people whom a what-if treats in another way than the saved configuration',
    request: { params: z.object({ id: nameId, requestId: requestIdSchema }), query: peopleQuery },
    responses: { 200: { description: 'People; a page may hold fewer than asked for', schema: whatIfPeopleSchema } },
    handler: async ({ params: { id, requestId }, query }) => {
      const request = await deps.store.requests.get(requestId);
      if (request?.kind !== 'whatIf' || request.subject !== id || request.status !== 'done')
        throw notFound('what-if', requestId);
      const { runId, pages } = request.result as unknown as WhatIfResult;
      const read = async (page: number): Promise<readonly WhatIfPerson[]> =>
        ((await deps.store.snapshots.artifact(runId, whatIfPage(requestId, page))) ?? []) as readonly WhatIfPerson[];
      const { items, next } = await peoplePage(read, {
        pages,
        from: query.cursor,
        limit: query.limit,
        fits: fitting(query),
      });
      return {
        status: 200,
        body: { items: items.map(whatIfPersonView), nextCursor: next === null ? null : String(next) },
      };
    },
  });
}

function fitting({ change, q }: z.output<typeof peopleQuery>): (person: WhatIfPerson) => boolean {
  const wanted = q === undefined ? '' : nameKey(q);
  return ({ changes, externalId, username }) => {
    if (change !== undefined && !changes.includes(change)) return false;
    return wanted === '' || externalId === q || (username !== null && nameKey(username).startsWith(wanted));
  };
}

interface PeoplePage {
  readonly pages: number;
  /** Position among all people: page times its size, and the place in it. */
  readonly from: number;
  readonly limit: number;
  readonly fits: (person: WhatIfPerson) => boolean;
}

/** The people that fit, from a position on. `next` is the position to go on from, null at the end. */
export async function peoplePage(
  read: (page: number) => Promise<readonly WhatIfPerson[]>,
  { pages, from, limit, fits }: PeoplePage
): Promise<{ readonly items: readonly WhatIfPerson[]; readonly next: number | null }> {
  const items: WhatIfPerson[] = [];
  const first = Math.floor(from / WHAT_IF_PAGE);
  const end = Math.min(pages, first + PAGES_READ);
  for (let page = first; page < end; page += 1) {
    const people = await read(page);
    for (let place = page === first ? from % WHAT_IF_PAGE : 0; place < people.length; place += 1) {
      const person = people[place];
      if (person === undefined || !fits(person)) continue;
      if (items.length === limit) return { items, next: page * WHAT_IF_PAGE + place };
      items.push(person);
    }
  }
  return { items, next: end < pages ? end * WHAT_IF_PAGE : null };
}
