import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import type { RecordedHistory } from '../support/histories';
import { textOf } from '../support/histories';
import { recordHistories } from '../support/recording';
import { testBundlePath } from '../support/servers';
import { quietTemporal } from '../support/temporal';
import * as workflows from '../../workflows';

const FOLDER = join(__dirname, '..', 'histories');
const RECORDING_LIMIT_MS = 180_000;

const filesOf = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.json'));

function read(): RecordedHistory[] {
  return filesOf(FOLDER).map((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as RecordedHistory);
}

async function replayErrors(histories: readonly RecordedHistory[]): Promise<readonly string[]> {
  const errors: string[] = [];
  const replay = Worker.runReplayHistories(
    { workflowBundle: { codePath: testBundlePath() } },
    histories.map(({ workflowId, history }) => ({ workflowId, history }))
  );
  for await (const { workflowId, error } of replay)
    if (error !== undefined) errors.push(`${workflowId}: ${error.message}`);
  return errors;
}

/**
 * A failure here means that workflows which are under way would not survive a deployment of this code: keep the old
 * branch behind `patched`, or record again where no release has the recorded code (tests/histories/README.md).
 */
describe('replay of recorded histories', () => {
  beforeAll(quietTemporal);

  if (process.env['RECORD_HISTORIES'] === '1') {
    it(
      'records them anew',
      async () => {
        const histories = await recordHistories();
        for (const name of filesOf(FOLDER)) rmSync(join(FOLDER, name));
        histories.forEach((history, index) => {
          const name = `${String(index + 1).padStart(2, '0')}-${history.workflowId.replace(/[^a-z0-9]+/gi, '-')}.json`;
          writeFileSync(join(FOLDER, name), JSON.stringify(history));
        });
      },
      RECORDING_LIMIT_MS
    );
  }

  it('takes the same steps again in every history', async () => {
    const histories = read();
    expect(histories.length).toBeGreaterThan(0);
    expect(await replayErrors(histories)).toEqual([]);
  });

  it('notices a step that the code no longer takes', async () => {
    const [history] = read().filter(({ workflowId }) => workflowId.startsWith('run:'));
    const other = JSON.parse(JSON.stringify(history).replaceAll('"openRun"', '"openAnother"')) as RecordedHistory;
    expect(await replayErrors([other])).toHaveLength(1);
  });

  it.each([
    ['every workflow', Object.keys(workflows)],
    ['a hold', ['"status":"held"']],
    ['a partial approval', ['"only":{"kinds":["renames"]}']],
    ['a cancelled run', ['EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED', '"status":"cancelled"']],
    ['a failed run', ['"status":"failed"']],
    ['a continue-as-new', ['EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW', '"carried":', '"cursor":{"phase":']],
  ])('has %s among them', (_name, parts) => {
    const texts = read().map(textOf);
    expect(parts.filter((part) => !texts.some((text) => text.includes(part)))).toEqual([]);
  });

  it('has a run for missed ticks among them', () => {
    expect(read().some((history) => /"missedTicks":[1-9]/.test(textOf(history)))).toBe(true);
  });

  it('holds no personal data, no secret and nothing of the machine that recorded', () => {
    const forbidden = /user\d|User \d|@example|admin|password|id-\d|team-|file:\/\/|\/(tmp|home|work)\/|\d@/gi;
    expect(read().flatMap((history) => textOf(history).match(forbidden) ?? [])).toEqual([]);
  });
});
