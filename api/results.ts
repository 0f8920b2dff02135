import type { RunRecord } from '../store/records';
import type { OutcomeRepository } from '../store/store';
import { resultView } from './views/result';
import type { ResultView } from './views/result';
import { runView } from './views/run';

/** Results a page while streaming: what lies in memory for one download at most, twice. */
const STREAM_PAGE = 200;

async function* resultPages(outcomes: OutcomeRepository, runId: string): AsyncGenerator<readonly ResultView[]> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<OutcomeRepository['list']>> = await outcomes.list(runId, {
      limit: STREAM_PAGE,
      cursor,
    });
    yield page.items.map(resultView);
    cursor = page.nextCursor;
  } while (cursor !== null);
}

/** All results of a run, one JSON object a line. */
export async function* resultLines(outcomes: OutcomeRepository, runId: string): AsyncGenerator<string> {
  for await (const page of resultPages(outcomes, runId)) {
    if (page.length > 0) yield page.map((result) => `${JSON.stringify(result)}\n`).join('');
  }
}

/** A run and all its results as one JSON document, `{"run": ..., "results": [...]}`, in pieces. */
export async function* resultDocument(outcomes: OutcomeRepository, run: RunRecord): AsyncGenerator<string> {
  let separator = `{"run":${JSON.stringify(runView(run))},"results":[\n`;
  for await (const page of resultPages(outcomes, run.id)) {
    for (const result of page) {
      yield `${separator}${JSON.stringify(result)}`;
      separator = ',\n';
    }
  }
  yield separator.startsWith('{') ? `${separator}]}\n` : '\n]}\n';
}
