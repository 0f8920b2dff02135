import type { OutcomeCursor, SourceKind } from '../activities';
import { progressOf } from '../domain/apply-cursor';
import type { ApplyCell, ApplyCursor } from '../domain/apply-cursor';
import type { RunCounts } from '../domain/run';
import type { ConnectorState } from './connectorHandlers';
import { phaseInWords } from './summaries';

/** The current details of workflows: ids, phases and counts, never personal data (durability 5.3). */

const parts = (...texts: readonly string[]): string => texts.filter((text) => text !== '').join(' · ');
/** The UI reads details as Markdown, where a paragraph needs an empty line. */
const paragraphs = (...texts: readonly string[]): string => texts.filter((text) => text !== '').join('\n\n');

/** The counts that are not zero, in words. */
function countsInWords(counts: RunCounts | undefined): string {
  const shown = Object.entries(counts ?? {}).filter(([, count]) => count !== 0);
  return parts(...shown.map(([name, count]) => `${name} ${count}`));
}

export function sourceDetails(kind: SourceKind, counts: Readonly<Record<SourceKind, number>>): string {
  const read = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return parts(`reading ${kind} of the source`, ...read);
}

/** @param chunks activities that have read a part so far */
export function targetDetails(what: 'accounts' | 'groups', chunks: number): string {
  return parts(`reading ${what} of the target`, chunks === 0 ? '' : `chunks read ${chunks}`);
}

export function planDetails(step: 'preparing' | 'planning', done: number, shards: number): string {
  return `${step}: ${done} of ${shards} shards`;
}

/** Where applying is, from the cells of the plan and the cursor alone: it goes on over a continue-as-new. */
export function applyDetails(cells: readonly ApplyCell[], cursor: ApplyCursor, applied: number): string {
  const { done, total } = progressOf(cells, cursor);
  return parts(`applying ${phaseInWords(cursor.phase)}: ${done} of ${total} operations`, `applied ${applied}`);
}

export function closingDetails(cursor: OutcomeCursor | null): string {
  return parts(
    'closing: writing results',
    cursor === null ? '' : `shards ${cursor.shard}`,
    countsInWords(cursor?.counts)
  );
}

interface EndedRun {
  readonly connectorId: string;
  readonly runId: string;
  readonly status: string;
  readonly error: string | null;
  readonly counts: RunCounts | undefined;
}

/** How a run ended and, where that is not the end of it, what comes next. */
export function endDetails(run: EndedRun): string {
  const head = parts(run.status, countsInWords(run.counts));
  return paragraphs(head, run.error === null ? '' : `Error: ${run.error}`, nextStep(run));
}

function nextStep({ connectorId, runId, status }: EndedRun): string {
  const more = `\`rollcall runs show ${runId}\` tells more.`;
  switch (status) {
    case 'failed':
      return `What was applied stays applied. Remove the cause, then \`rollcall run ${connectorId}\`, or wait for the next scheduled run. ${more}`;
    case 'held':
      return `A person decides about what is held. ${more}`;
    case 'partial':
      return `\`rollcall results ${runId}\` tells what was not done, and why.`;
    case 'cancelled':
      return `What was begun is finished; the next run does the rest. ${more}`;
    default:
      return '';
  }
}

export function connectorDetails(state: ConnectorState): string {
  return parts(
    state.paused ? 'paused' : 'active',
    state.running === null ? '' : `running ${state.running.runId}`,
    state.running === null ? `next scheduled run: ${nextInWords(state.nextFireMs)}` : '',
    `waiting: ${state.queue.waiting.length}`,
    state.lastEnd === null ? '' : `last run: ${state.lastEnd}`
  );
}

const nextInWords = (nextFireMs: number | null): string => (nextFireMs === null ? 'none' : timeInWords(nextFireMs));

/** A time in UTC, to the second. @param ms since the epoch */
export function timeInWords(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
