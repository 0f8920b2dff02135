import { emptyCounts } from '../../domain/counts';
import { applyDetails, endDetails } from '../../workflows/details';
import { SUMMARIES, summaryOf } from '../../workflows/summaries';
import type { ActivityName } from '../../workflows/summaries';
import type { Activities } from '../../activities';

const LONGEST = 200;
/** As long as ids get: a connector of 63 characters, an Idempotency-Key of 128. */
const CONNECTOR = 'c'.repeat(63);
const RUN = `${CONNECTOR}-1234567`;
const REQUEST = 'r'.repeat(128);
/** Words that are in the inputs and must not be in a summary. */
const SECRET = 'anna@example.com';

const run = {
  runId: RUN,
  n: 1_234_567,
  mode: 'sync',
  trigger: 'schedule',
  requestId: REQUEST,
  missedTicks: 0,
  planRunId: null,
  planHash: null,
  selection: null,
} as const;
const results = {
  shard: 3,
  n: 1_500,
  counts: emptyCounts(),
  used: {},
  leftHeld: 0,
  failedGroups: 0,
  finished: false,
} as const;
const batch = { runId: RUN, planRunId: RUN, phase: 6, shard: 's0003', from: 0, to: 199, done: 600 } as const;

const SAMPLES: { readonly [Name in ActivityName]: Parameters<Activities[Name]>[0] } = {
  loadConnector: { connectorId: CONNECTOR },
  setPaused: { connectorId: CONNECTOR, paused: true },
  markDeleting: { connectorId: CONNECTOR },
  removeConnector: { connectorId: CONNECTOR },
  recordLostRun: { connectorId: CONNECTOR, run },
  recordUnstartedRun: { connectorId: CONNECTOR, run },
  openRun: { connectorId: CONNECTOR, run },
  readSourceChunk: { runId: RUN, kind: 'users', cursor: SECRET, count: 1_500 },
  sealSource: { runId: RUN, counts: { users: 9, groups: 8, memberships: 7 }, incompleteReason: SECRET },
  countShards: { runId: RUN },
  readTargetUsers: { runId: RUN, cursor: SECRET },
  readTargetGroups: { runId: RUN, cursor: SECRET },
  decideRunGroups: { runId: RUN },
  prepareShard: { runId: RUN, index: 2, shards: 20 },
  decideRunRenames: { runId: RUN, shards: 20 },
  planShard: { runId: RUN, index: 2, shards: 20 },
  sealPlan: { runId: RUN, shards: 20 },
  openRollback: { runId: RUN },
  rollBackShard: { runId: RUN, index: 2, shards: 20 },
  openHandover: { runId: RUN },
  handOverShard: { runId: RUN, index: 2, shards: 20, step: 'plan' },
  outlinePlan: { planRunId: RUN },
  applyCanary: { runId: RUN, planRunId: RUN },
  applyBatch: batch,
  closeOutcomes: { runId: RUN, cause: 'finished', cursor: results },
  expireRuns: { connectorId: CONNECTOR, n: 1_234_567 },
  closeRun: { runId: RUN, end: { cause: 'failed', error: SECRET, recovered: 0 }, results },
  runTask: { requestId: REQUEST },
  syncUser: { requestId: REQUEST },
  failSyncUser: { requestId: REQUEST, error: SECRET },
  sweepDue: undefined,
  drainChanges: { connectorId: CONNECTOR, handedOver: 1_772_452_800_000 },
  waitingConnectors: undefined,
};

describe('the summary of an activity', () => {
  it.each(Object.keys(SUMMARIES) as ActivityName[])('is one short line without personal data for %s', (name) => {
    const summary = summaryOf(name, SAMPLES[name]);
    expect(summary).toMatch(/^[ -~]+$/);
    expect(summary.length).toBeLessThan(LONGEST);
    expect(summary).not.toContain(SECRET);
  });

  it.each([
    ['readSourceChunk', 'read users from 1500'],
    ['planShard', 'plan shard 3 of 20'],
    ['applyBatch', 'apply phase 6 (accounts) s0003 0-199'],
    ['closeOutcomes', 'close results from shard 4'],
  ] as const)('tells what %s is about', (name, summary) => {
    expect(summaryOf(name, SAMPLES[name])).toBe(summary);
  });
});

describe('the details of applying', () => {
  const cells = [
    { phase: 3, shard: 's0000', count: 10 },
    { phase: 6, shard: 's0000', count: 300 },
    { phase: 6, shard: 's0001', count: 50 },
    { phase: 8, shard: 's0000', count: 40 },
  ] as const;

  it('count the phases that are over and, of the one under way, what is behind the cursor', () => {
    const cursor = { phase: 6, next: { s0000: 200, s0001: 50 } } as const;
    expect(applyDetails(cells, cursor, 255)).toBe('applying phase 6 (accounts): 260 of 400 operations · applied 255');
  });
});

describe('the details of a run that ended', () => {
  const ended = { connectorId: 'corp', runId: 'corp-7', error: null, counts: { ...emptyCounts(), created: 3 } };

  it('say what failed and what to do next', () => {
    const details = endDetails({ ...ended, status: 'failed', error: 'the file is not there' });
    expect(details).toContain('failed · created 3');
    expect(details).toContain('Error: the file is not there');
    expect(details).toContain('`rollcall run corp`');
    expect(details).toContain('`rollcall runs show corp-7`');
  });

  it('are its status and counts alone where nothing is left to do', () => {
    expect(endDetails({ ...ended, status: 'succeeded' })).toBe('succeeded · created 3');
  });
});
