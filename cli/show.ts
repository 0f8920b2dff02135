import type { PlanItem } from '../api/views/plan';
import type { ResultView } from '../api/views/result';
import type { RunView } from '../api/views/run';
import { facts, table } from './table';

const minutes = (iso: string | null): string => (iso === null ? '' : iso.slice(0, 16).replace('T', ' '));

/** "12 created, 3 updated", without what is zero. */
export function countsText(counts: RunView['counts']): string {
  const given = Object.entries(counts).filter(([, count]) => count > 0);
  return given.length === 0 ? 'nothing to do' : given.map(([name, count]) => `${count} ${words(name)}`).join(', ');
}

/** "membershipsAdded" -> "memberships added". */
const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** A list of runs as a table, times in UTC. */
export function runTable(runs: readonly RunView[]): string {
  return table(
    ['RUN', 'STATUS', 'MODE', 'TRIGGER', 'STARTED (UTC)', 'RESULT'],
    runs.map((run) => [
      run.id,
      run.status,
      run.mode,
      run.trigger,
      minutes(run.startedAt),
      run.error ?? countsText(run.counts),
    ])
  );
}

function gateLines(run: RunView): readonly string[] {
  const held = run.gate.filter(({ verdict }) => verdict === 'held');
  return [
    ...run.holdReasons.map((reason) => `held: ${reason}`),
    ...held.map(
      ({ kind, count, used, limit }) => `held: ${kind}: ${count} planned, ${used} used of ${limit} in 24 hours`
    ),
  ];
}

/** What to do about a run that waits. */
function nextStep(run: RunView): readonly string[] {
  const hash = run.status === 'held' ? run.heldHash : run.planHash;
  if ((run.status !== 'held' && run.status !== 'planned') || hash === null) return [];
  return ['', `See it:  rollcall plan ${run.id}`, `Do it:   rollcall approve ${run.id} --hash ${hash}`];
}

/** One run in full. */
export function runText(run: RunView): string {
  const source = run.source;
  const read =
    source === null ? '' : `${source.users} users, ${source.groups} groups, ${source.memberships} memberships`;
  const incomplete = source?.complete === false ? ` (incomplete: ${source.incompleteReason ?? 'unknown'})` : '';
  const pairs: (readonly [string, string])[] = [
    ['run', run.id],
    ['status', run.status],
    ['mode', `${run.mode} (${run.trigger})`],
    ['started', run.startedAt],
    ['finished', run.finishedAt ?? `not yet: ${run.phase} ${run.progress.done}/${run.progress.total}`],
    ['source', read + incomplete],
    ['result', countsText(run.counts)],
    ['plan hash', run.planHash ?? 'none'],
    ['held hash', run.heldHash ?? 'none'],
  ];
  const extra = [
    ...run.warnings.map((warning) => `warning: ${warning}`),
    ...(run.error === null ? [] : [`error: ${run.error}`]),
  ];
  return [facts(pairs), ...gateLines(run), ...extra, ...nextStep(run)].join('\n');
}

const change = (value: Readonly<Record<string, unknown>> | null): string =>
  value === null
    ? ''
    : Object.entries(value)
        .map(([name, item]) => `${name}=${String(item)}`)
        .join(' ');

const reasonCodes = (reasons: PlanItem['reasons']): string =>
  reasons.map(({ code, rule }) => `${code} (${rule})`).join(', ');

/** Operations of a plan as a table. */
export function planTable(items: readonly PlanItem[]): string {
  return table(
    ['SEQ', 'KIND', 'STATUS', 'WHO', 'BEFORE', 'AFTER', 'WHY'],
    items.map((item) => [
      String(item.seq),
      item.kind,
      item.status,
      item.username ?? item.externalId ?? item.targetKey ?? '',
      change(item.before),
      change(item.after),
      item.error ?? reasonCodes(item.reasons),
    ])
  );
}

/** Results of people as a table. */
export function resultTable(results: readonly ResultView[]): string {
  return table(
    ['OUTCOME', 'USERNAME', 'EXTERNAL ID', 'WHY'],
    results.map(({ outcome, username, externalId, reasons, error }) => [
      outcome,
      username ?? '',
      externalId,
      error ?? reasonCodes(reasons),
    ])
  );
}
