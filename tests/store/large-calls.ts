import { countOutcome, emptyCounts } from '../../domain/counts';
import { linkId, operationId } from '../../domain/ids';
import type { Store } from '../../store/store';
import { DOCUMENTS, membership, operation, outcome, people, RUN, shard, sourceUser } from './large-data';
import { newRun, NOW } from './support';

/** Slices with about 500 people: what one planned shard reads. */
export const SHARD = { from: 1000, to: 1020 };
const BATCH = 200;
const PAGE = 500;
const START = 1_000_000;

const range = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

/** One call of a repository; `k` differs in every call, so that writes are not repetitions. */
export type Call = (store: Store, k: number) => Promise<unknown>;

const batch = (k: number): string[] => people((k * BATCH * 7) % (DOCUMENTS - BATCH), BATCH);
const page = (k: number): string[] => people((k * PAGE * 7) % (DOCUMENTS - PAGE), PAGE);
const operationIds = (k: number): string[] =>
  range(BATCH, (at) => operationId(RUN, 6, 's0000', (k * 1_000 + at) % DOCUMENTS));
const fresh = (k: number): number => DOCUMENTS + k * PAGE;

export const SNAPSHOTS: Readonly<Record<string, Call>> = {
  put: ({ snapshots }, k) =>
    snapshots.put(
      RUN,
      'user',
      range(PAGE, (at) => sourceUser(fresh(k) + at))
    ),
  'put, repeated': ({ snapshots }, k) =>
    snapshots.put(
      RUN,
      'user',
      range(BATCH, (at) => sourceUser(k * PAGE + at))
    ),
  inSlices: ({ snapshots }) => snapshots.inSlices(RUN, 'user', SHARD),
  seen: ({ snapshots }, k) => snapshots.seen(RUN, 'user', page(k)),
  putTargetUsers: ({ snapshots }, k) =>
    snapshots.putTargetUsers(
      RUN,
      page(k).map((key) => ({ key, username: key, email: null, displayName: key, active: true }))
    ),
  targetUsers: ({ snapshots }, k) => snapshots.targetUsers(RUN, page(k)),
  putMembers: ({ snapshots }, k) => snapshots.putMembers(RUN, `group-${k}`, page(k)),
  groupsOf: ({ snapshots }, k) => snapshots.groupsOf(RUN, page(k)),
  putTargetGroup: ({ snapshots }, k) =>
    snapshots.putTargetGroup(RUN, { name: `g${k}`, exists: true, activeMembers: 1 }),
  targetGroups: ({ snapshots }) => snapshots.targetGroups(RUN),
  targetGroupsNamed: ({ snapshots }) => snapshots.targetGroupsNamed(RUN, ['g1', 'g2', 'none']),
  putKeys: ({ snapshots }, k) =>
    snapshots.putKeys(
      RUN,
      'sourceName',
      page(k).map((key) => ({ key, id: key }))
    ),
  holders: ({ snapshots }, k) => snapshots.holders(RUN, 'sourceName', page(k)),
  putStandings: ({ snapshots }, k) =>
    snapshots.putStandings(
      RUN,
      page(k).map((externalId) => ({ externalId, username: null, standing: 'unchanged', reasons: [] }))
    ),
  standings: ({ snapshots }) => snapshots.standings(RUN, SHARD),
  putArtifact: ({ snapshots }, k) =>
    snapshots.putArtifact(
      RUN,
      'groups',
      range(1_000, (at) => ({ at, k }))
    ),
  artifact: ({ snapshots }) => snapshots.artifact(RUN, 'groups'),
  purge: ({ snapshots }) => snapshots.purge(RUN, BATCH),
};
export const PLANS: Readonly<Record<string, Call>> = {
  putShard: ({ plans }, k) =>
    plans.putShard(
      shard(`corp-${k + 10}`),
      range(PAGE, (n) => operation(`corp-${k + 10}`, n))
    ),
  'putShard, repeated': ({ plans }) =>
    plans.putShard(
      shard('corp-2', 's1'),
      range(BATCH, (n) => operation('corp-2', n))
    ),
  shards: ({ plans }) => plans.shards(RUN),
  cell: ({ plans }, k) => plans.cell(RUN, 6, 's0000', k * 1_000, k * 1_000 + PAGE - 1),
  seal: ({ plans }, k) =>
    plans.seal(operationIds(k).map((id, at) => ({ id, seq: k * 1_000 + at + 1, status: 'planned', gateKinds: [] }))),
  page: ({ plans }, k) => plans.page(RUN, k * 1_000 + 1, k * 1_000 + BATCH),
  markApplying: ({ plans }, k) => plans.markApplying(operationIds(k), 't', RUN),
  flush: ({ plans }, k) => plans.flush(operationIds(k).map((id) => ({ id, token: 't', status: 'done', error: null }))),
  setStatus: ({ plans }, k) => plans.setStatus(operationIds(k), ['done', 'planned'], 'cancelled'),
  purge: ({ plans }) => plans.purge(RUN, BATCH),
};
export const OUTCOMES: Readonly<Record<string, Call>> = {
  put: ({ outcomes }, k) => outcomes.put(range(PAGE, (at) => outcome('corp-2', fresh(k) + at))),
  'put, repeated': ({ outcomes }, k) => outcomes.put(range(BATCH, (at) => outcome(RUN, k * PAGE + at))),
  append: ({ outcomes }, k) => outcomes.append(outcome('corp-user-20260301', fresh(k)), `request${k}`),
  'list, far in': ({ outcomes }, k) => outcomes.list(RUN, { limit: BATCH, cursor: String(90_000 + k) }),
  'list of one outcome': ({ outcomes }, k) =>
    outcomes.list(RUN, { outcome: 'failed', limit: BATCH, cursor: String(k) }),
  'list by prefix': ({ outcomes }, k) => outcomes.list(RUN, { q: `42${k % 10}`, limit: BATCH, cursor: null }),
  'list by prefix, next page': ({ outcomes }) => outcomes.list(RUN, { q: '42', limit: BATCH, cursor: '1' }),
  'list by external id': ({ outcomes }, k) => outcomes.list(RUN, { q: people(k, 1)[0]!, limit: BATCH, cursor: null }),
  purge: ({ outcomes }) => outcomes.purge(RUN, BATCH),
};
const reservation = (k: number) =>
  ({ connectorId: 'corp', hour: NOW.slice(0, 13), runId: 'corp-user-20260301', key: `r${k}` }) as const;
const acquired = (k: number, requests: Parameters<Store['links']['acquire']>[0]['requests']) =>
  ({ connectorId: 'corp', requests, owner: RUN, token: `t${k}`, now: START, until: START + 60_000 }) as const;
export const LINKS: Readonly<Record<string, Call>> = {
  inSlices: ({ links }) => links.inSlices('corp', SHARD),
  byExternalIds: ({ links }, k) => links.byExternalIds('corp', page(k)),
  owners: ({ links }, k) =>
    links.owners(
      'jira',
      range(PAGE, (at) => `JIRAUSER${k * PAGE + at}`)
    ),
  'acquire, existing': ({ links }, k) =>
    links.acquire(
      acquired(
        k,
        batch(k).map((externalId) => ({ externalId, create: null }))
      )
    ),
  'acquire, busy': ({ links }) =>
    links.acquire(
      acquired(
        -1,
        batch(1).map((externalId) => ({ externalId, create: null }))
      )
    ),
  'acquire, new': ({ links }, k) => {
    const ids = people(fresh(k), BATCH);
    return links.acquire(
      acquired(
        k,
        ids.map((id) => ({ externalId: id, create: { targetId: 'jira', usernameKey: id } }))
      )
    );
  },
  renew: ({ links }, k) => links.renew('corp', batch(k), `t${k}`, START + 90_000),
  release: ({ links }, k) =>
    links.release(batch(k).map((id) => ({ id: linkId('corp', id), token: `t${k}`, set: { version: 2 } }))),
  'release with claims': ({ links }, k) =>
    links.release(
      people(fresh(k), BATCH).map((id) => ({
        id: linkId('corp', id),
        token: `t${k}`,
        set: { state: 'active', targetKey: id },
        claimKey: id,
        dropNameClaim: true,
      }))
    ),
  due: ({ links }) => links.due(NOW, BATCH),
  postpone: async ({ links }, k) => {
    const [id = ''] = people(k, 1);
    const link = (await links.byExternalIds('corp', [id])).get(id);
    if (link !== undefined) await links.postpone(link, NOW);
  },
  note: ({ links }, k) =>
    links.note(
      batch(k).map((id) => ({
        id: linkId('corp', id),
        connectorId: 'corp',
        externalId: id,
        due: NOW,
        missingSince: NOW,
        outOfScopeSince: null,
        disabledSince: null,
      }))
    ),
};
export const LEDGER: Readonly<Record<string, Call>> = {
  'memberships.inSlices': ({ memberships }) => memberships.inSlices('corp', SHARD),
  'memberships.put': ({ memberships }, k) => memberships.put(range(BATCH, (at) => membership(fresh(k) + at))),
  'memberships.remove': ({ memberships }, k) =>
    memberships.remove(
      'corp',
      range(BATCH, (at) => membership(fresh(k) + at))
    ),
  'groupLinks.put': ({ groupLinks }, k) =>
    groupLinks.put({
      connectorId: 'corp',
      groupId: `g${k}`,
      targetName: 'g',
      sourceName: 'g',
      state: 'active',
      missingSince: null,
    }),
  'groupLinks.list': ({ groupLinks }) => groupLinks.list('corp'),
  'gateUsage.set': ({ gateUsage }, k) => gateUsage.set('corp', NOW.slice(0, 13), `corp-${k}`, { creates: 1 }),
  'gateUsage.reserve': ({ gateUsage }, k) => gateUsage.reserve(reservation(k), { creates: 1 }),
  'gateUsage.settle': ({ gateUsage }, k) => gateUsage.settle(reservation(k), {}),
  'gateUsage.used': ({ gateUsage }) => gateUsage.used('corp', NOW.slice(0, 13), RUN),
};
export const OTHERS: Readonly<Record<string, Call>> = {
  'runs.open': ({ runs }, k) => runs.open(newRun({ id: `corp-${DOCUMENTS + 2 + k}`, n: DOCUMENTS + 2 + k })),
  'runs.get': ({ runs }, k) => runs.get(`corp-${5_000 + k}`),
  'runs.patch': ({ runs }, k) => runs.patch(`corp-${5_000 + k}`, { phase: 'plan' }),
  'runs.move': ({ runs }, k) => runs.move(`corp-${5_000 + k}`, ['running'], { status: 'held' }),
  'runs.count': ({ runs }, k) => runs.count(`corp-${5_000 + k}`, countOutcome(emptyCounts(), 'created')),
  'runs.addApproval': ({ runs }, k) => runs.addApproval(`corp-${5_000 + k}`, { by: 'ann', at: NOW, only: null }),
  'runs.list of a connector': ({ runs }) => runs.list({ connectorId: 'corp', limit: 100, cursor: null }),
  'runs.list, far in': ({ runs }) => runs.list({ limit: 100, cursor: '5000' }),
  'requests.open': ({ requests }, k) =>
    requests.open({ id: `new${k}`, kind: 'run', subject: 'corp', input: {}, createdAt: NOW }),
  'requests.get': ({ requests }, k) => requests.get(`r${k}`),
  'requests.note': ({ requests }, k) => requests.note(`r${k}`, 1, { done: k }),
  'requests.expire': ({ requests }) => requests.expire(NOW, BATCH),
  'requests.finish': ({ requests }, k) =>
    requests.finish(`r${k}`, { status: 'done', runId: null, result: null, error: null, finishedAt: NOW }),
  'audit.append': ({ audit }) => audit.append({ at: NOW, by: 'ann', action: 'a', subject: 's', details: {} }),
  'audit.list': ({ audit }) => audit.list({ limit: BATCH, cursor: null }),
  'audit.list, far in': ({ audit }) => audit.list({ limit: BATCH, cursor: '5000' }),
};
