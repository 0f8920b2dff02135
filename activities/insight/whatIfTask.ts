import type { ConnectorConfig } from '../../config/connector';
import type { AttributeRecord } from '../../domain/model';
import type { OperationKind } from '../../domain/operation';
import { decisionFingerprint } from '../../domain/what-if';
import type { NowThen } from '../../domain/what-if';
import {
  ACKNOWLEDGE_WITHIN_MS,
  WHAT_IF_PAGE,
  acknowledgementId,
  whatIfHash,
  whatIfPage,
} from '../../domain/what-if-result';
import type { WhatIfPerson, WhatIfResult } from '../../domain/what-if-result';
import type { RequestRecord } from '../../store/records';
import type { ActivityDeps } from '../deps';
import { judgePlan } from '../judgePlan';
import { accountReading } from '../targetReading';
import type { ConnectorContext, RunContexts } from '../runContext';
import { latestSnapshot, whatIf } from './whatIf';
import type { WhatIf } from './whatIf';

const WARNINGS_KEPT = 20;

/** Carries out a what-if that was asked for: the numbers become the answer, the people are stored beside the snapshot. */
export async function carryOutWhatIf(
  deps: ActivityDeps,
  contexts: RunContexts,
  request: RequestRecord
): Promise<WhatIfResult> {
  const connector = await contexts.connector(request.subject);
  const run = await latestSnapshot(deps, connector);
  const settings = await triedSettings(deps, connector, request);
  const pages = createPages(deps, run.id, request.id);
  const found = await whatIf(deps, {
    connector,
    run,
    at: deps.now().toISOString(),
    settings,
    onPeople: (people) => pages.add(people),
  });
  await pages.end();
  const hash = whatIfHash({
    connectorId: request.subject,
    runId: run.id,
    settings: decisionFingerprint(settings),
    plan: found.planDigest,
  });
  await makeAcknowledgeable(deps, { hash, request, settings });
  return resultOf(deps, { found, connector, hash, pages: pages.count() });
}

/** The source stays as it is saved: what another one would deliver nobody has read. */
async function triedSettings(
  deps: ActivityDeps,
  { connector }: ConnectorContext,
  { subject, input }: RequestRecord
): Promise<ConnectorConfig> {
  const saved = await deps.store.connectors.version(subject, connector.version);
  const written = input.config as AttributeRecord;
  return deps.openConnector({ ...written, source: saved?.config.source ?? null }, subject);
}

interface Pages {
  add(people: readonly WhatIfPerson[]): Promise<void>;
  end(): Promise<void>;
  count(): number;
}

function createPages({ store }: ActivityDeps, runId: string, requestId: string): Pages {
  let open: WhatIfPerson[] = [];
  let count = 0;
  const write = async (people: readonly WhatIfPerson[]): Promise<void> => {
    await store.snapshots.putArtifact(runId, whatIfPage(requestId, count), people);
    count += 1;
  };
  return {
    add: async (people) => {
      open.push(...people);
      while (open.length >= WHAT_IF_PAGE) {
        await write(open.slice(0, WHAT_IF_PAGE));
        open = open.slice(WHAT_IF_PAGE);
      }
    },
    end: async () => {
      if (open.length > 0) await write(open);
      open = [];
    },
    count: () => count,
  };
}

interface Acknowledgeable {
  readonly hash: string;
  readonly request: RequestRecord;
  readonly settings: ConnectorConfig;
}

/** Lets the hash be found when the configuration is saved, for a day. */
async function makeAcknowledgeable(deps: ActivityDeps, { hash, request, settings }: Acknowledgeable): Promise<void> {
  const { store } = deps;
  const id = acknowledgementId(hash);
  const at = deps.now();
  await store.requests.open({
    id,
    kind: 'acknowledge',
    subject: request.subject,
    input: { settings: decisionFingerprint(settings), scope: deps.scopeFingerprint(settings) },
    createdAt: at.toISOString(),
    keptUntil: new Date(at.getTime() + ACKNOWLEDGE_WITHIN_MS).toISOString(),
  });
  const end = { status: 'done', runId: null, result: { requestId: request.id }, error: null } as const;
  await store.requests.finish(id, { ...end, finishedAt: at.toISOString() });
}

interface ResultInput {
  readonly found: WhatIf;
  readonly connector: ConnectorContext;
  readonly hash: string;
  readonly pages: number;
}

async function resultOf(deps: ActivityDeps, { found, connector, hash, pages }: ResultInput): Promise<WhatIfResult> {
  const { run, counts } = found;
  const gate = await judge(deps, found, connector);
  return {
    ...counts,
    hash,
    runId: run.id,
    readAt: run.startedAt,
    configVersion: connector.connector.version,
    groupsCreated: groupOperations(found, 'createGroup'),
    groupsAdopted: groupOperations(found, 'adoptGroup'),
    gate: gate.verdicts,
    holdReasons: gate.holdReasons,
    warnings: await warningsOf(deps, found),
    pages,
  };
}

/** The gate as the next run would pass it, once the change is acknowledged. */
async function judge(deps: ActivityDeps, { then, shards }: WhatIf, { connector }: ConnectorContext) {
  const { gateUsage, snapshots } = deps.store;
  const acknowledged = deps.scopeFingerprint(then.context.settings);
  const own: ActivityDeps = {
    ...deps,
    store: {
      ...deps.store,
      gateUsage: { ...gateUsage, used: (connectorId, hour) => gateUsage.used(connectorId, hour, '') },
      snapshots: {
        ...snapshots,
        artifact: async (runId, name) => (name === 'groups' ? then.decided.groups : snapshots.artifact(runId, name)),
      },
    },
  };
  return (await judgePlan(own, { ...then.context, connector: { ...connector, acknowledged } }, shards)).gate;
}

function groupOperations({ now, then }: WhatIf, kind: OperationKind): NowThen {
  const count = ({ decided }: WhatIf['now']): number =>
    decided.groups.operations.filter((operation) => operation.kind === kind).length;
  return { now: count(now), then: count(then) };
}

async function warningsOf(deps: ActivityDeps, { run, now, then, counts }: WhatIf): Promise<readonly string[]> {
  const warnings: string[] = [];
  const { created, deactivated, gainsGroups } = counts.changes;
  if (created.then + deactivated.then + gainsGroups.then > 0) {
    warnings.push(
      'Free seats, and the projects that leavers lead, are asked of Jira by runs alone: a preview shows whom they hold.'
    );
  }
  if (run.source?.complete !== true) warnings.push('The last read was not complete: nothing is removed here either.');
  const [first, ...more] = then.unreadGroups;
  if (first !== undefined) {
    const others = more.length === 0 ? '' : ` and ${more.length} more`;
    warnings.push(
      `The last run did not read the Jira groups "${first}"${others}: whether they exist, and who is in them, shows in a preview.`
    );
  }
  if (!(await accountReading(deps, run.id)).complete) {
    warnings.push('This Jira does not list its accounts: whether somebody holds a new username shows in a preview.');
  }
  const guarded = new Set(now.context.settings.protected.groups);
  if (then.context.settings.protected.groups.some((group) => !guarded.has(group))) {
    warnings.push('Who is in the newly protected groups was not read: a preview shows whom that protects.');
  }
  const known = new Set(now.decided.groups.warnings);
  const news = then.decided.groups.warnings.filter((warning) => !known.has(warning));
  return [...warnings, ...news.slice(0, WARNINGS_KEPT)];
}
