import type { GateAnswer, ResultAnswer, RunAnswer, RunStatus } from './answers';
import { EXIT } from './exits';

const number = (value: number): string => value.toLocaleString('en');

/** Names of counts, in the order of importance to a person. The first three are shown even when nothing happened. */
const COUNTS: readonly (readonly [name: string, words: string])[] = [
  ['created', 'accounts created'],
  ['groupsCreated', 'groups created'],
  ['membershipsAdded', 'memberships added'],
  ['updated', 'accounts updated'],
  ['renamed', 'accounts renamed'],
  ['deactivated', 'accounts deactivated'],
  ['reactivated', 'accounts reactivated'],
  ['pseudonymized', 'accounts pseudonymized'],
  ['deleted', 'accounts deleted'],
  ['membershipsRemoved', 'memberships removed'],
  ['unchanged', 'unchanged'],
  ['skipped', 'skipped'],
  ['held', 'held'],
  ['failed', 'failed'],
];
const ALWAYS_SHOWN = 3;
const WARNINGS_SHOWN = 3;

const GATE_WORDS: Readonly<Record<string, string>> = {
  disabled: 'deactivations of disabled people',
  absent: 'deactivations of people who are gone',
  removals: 'removals from groups',
  groupLoss: 'groups that would lose most members',
  renames: 'changes of usernames',
  emails: 'changes of e-mail addresses',
  creates: 'new accounts',
  groupsCreated: 'new groups',
  reactivations: 'reactivations',
  sensitive: 'additions to sensitive groups',
};

function shownCounts({ counts }: RunAnswer, always: number): readonly (readonly [string, number])[] {
  return COUNTS.map(([name, words], index) => [words, counts[name] ?? 0, index < always] as const)
    .filter(([, count, shown]) => shown || count > 0)
    .map(([words, count]) => [words, count] as const);
}

function secondsOf({ startedAt, finishedAt }: RunAnswer): string {
  return finishedAt === null ? '' : ` in ${((Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000).toFixed(1)} s`;
}

/** One line: `demo-1: succeeded, 1,000 accounts created, 40 groups created`. */
export function runLine(run: RunAnswer): string {
  const counts = shownCounts(run, 0).map(([words, count]) => `${number(count)} ${words}`);
  const parts = [run.status, ...(counts.length === 0 ? ['nothing to do'] : counts)];
  return `${run.id}: ${parts.join(', ')}${run.error === null ? '' : ` (${run.error})`}`;
}

/** A table of what a run did, as lines. */
export function runTable(run: RunAnswer): readonly string[] {
  const rows = shownCounts(run, ALWAYS_SHOWN).map(([words, count]) => [words, number(count)] as const);
  const left = Math.max(...rows.map(([words]) => words.length));
  const right = Math.max(...rows.map(([, count]) => count.length));
  const rule = `  ${'─'.repeat(left + right + 4)}`;
  return [
    `  ${run.id}: ${run.status}${secondsOf(run)}`,
    rule,
    ...rows.map(([words, count]) => `  ${words.padEnd(left)}    ${count.padStart(right)}`),
    rule,
    ...(run.error === null ? [] : [`  The run failed: ${run.error}`]),
  ];
}

/** What a person should know beside the counts: warnings, failures, why something is held and how to approve it. */
export function runRemarks(run: RunAnswer, failed: readonly ResultAnswer[], rollcall: string): readonly string[] {
  const incomplete = run.source?.incompleteReason ?? null;
  return [
    ...(incomplete === null ? [] : [`  The source was not read whole, so nothing was taken away: ${incomplete}`]),
    ...firstOf(run.warnings, rollcall, run.id).map((warning) => `  Warning: ${warning}`),
    ...failed.map(
      ({ username, externalId, error }) => `  Failed: ${username ?? externalId}: ${error ?? 'see the log'}`
    ),
    ...heldRemarks(run, rollcall),
  ];
}

function firstOf(warnings: readonly string[], rollcall: string, runId: string): readonly string[] {
  const more = warnings.length - WARNINGS_SHOWN;
  const rest = more > 0 ? [`${number(more)} more: ${rollcall} runs show ${runId}`] : [];
  return [...warnings.slice(0, WARNINGS_SHOWN), ...rest];
}

function heldRemarks(run: RunAnswer, rollcall: string): readonly string[] {
  if (run.status !== 'held' && run.status !== 'planned') return [];
  const hash = run.status === 'held' ? run.heldHash : run.planHash;
  const plan = run.holdOf ?? run.id;
  const why = [...run.holdReasons, ...run.gate.filter(({ verdict }) => verdict === 'held').map(gateLine)];
  const decide = hash === null ? [] : [`    approve: ${rollcall} approve ${plan} --hash ${hash}`];
  return [
    run.status === 'held' ? '  Held until you approve it:' : '  Nothing was written: the connector only observes.',
    ...why.map((reason) => `    - ${reason}`),
    `    look:    ${rollcall} plan ${plan}`,
    ...(run.status === 'held' ? decide : []),
  ];
}

function gateLine({ kind, count, used, limit }: GateAnswer): string {
  const before = used > 0 ? `, ${number(used)} used today` : '';
  return `${number(count)} ${GATE_WORDS[kind] ?? kind}; the limit is ${number(limit)} a day${before}`;
}

/** Exit code of --once: a failure counts most, then what needs attention. */
export function exitCodeOf(statuses: readonly RunStatus[]): number {
  if (statuses.some((status) => status === 'failed' || status === 'cancelled')) return EXIT.failed;
  return statuses.some((status) => status === 'held' || status === 'partial') ? EXIT.attention : EXIT.ok;
}
